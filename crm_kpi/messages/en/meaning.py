"""What columns mean: how it was known, what is open, and what each reading would give."""

TEXTS: dict[str, str | dict[str, str]] = {
    # how a reading is told
    "meaning.reading": "{column}: {reading} ({how}: {evidence})",
    "meaning.declared": "declared",
    "meaning.proved": "proved",
    "meaning.conventional": "conventional",
    "meaning.open": "open",
    # what is open
    "meaning.open_reading": "{table}, column {column!r}: {evidence}: {outcomes}",
    "meaning.outcome": "{what} ({gives})",
    "meaning.say_which": "say which: {lines}; with limits.open_meaning: note the first is taken",
    "meaning.several_open": "{number} columns can be read in two ways",
    # what is said
    "meaning.left_out": "left out",
    "meaning.counted": "counted",
    "meaning.every_row_counts": "every row counts",
    "meaning.by_option": "{option} says so",
    "meaning.by_question": "the column is asked for by name",
    "meaning.word_on_rows": {
        "one": "{word!r} on {count:,} row",
        "other": "{word!r} on {count:,} rows",
    },
    "meaning.adds_up_to": "amounts add up to {total}",
    # status
    "meaning.status": "what the words of a status mean",
    "meaning.status_in_place": "rows are left out by what {column!r} says; status: ignore takes "
    "every row",
    "meaning.status_not_used": "not used",
    "meaning.status_not_used_short": "column {column!r} not used",
    "meaning.few_words_known": "few of its words are those of a status",
    "meaning.void": "{count:,} cancelled ({words})",
    "meaning.returned": "{count:,} returned ({words})",
    "meaning.still_open": "{count:,} still open ({words})",
    "meaning.partly": "{count:,} partly returned ({words})",
    "meaning.left_void": {
        "one": "{count:,} row left out as cancelled or failed: {words}",
        "other": "{count:,} rows left out as cancelled or failed: {words}",
    },
    "meaning.left_returned": {
        "one": "{count:,} row left out as returned: {words}",
        "other": "{count:,} rows left out as returned: {words}",
    },
    "meaning.left_open": {
        "one": "{count:,} row left out as still open: {words}",
        "other": "{count:,} rows left out as still open: {words}",
    },
    "meaning.left_partly": {
        "one": "{count:,} row left out as partly returned: {words}",
        "other": "{count:,} rows left out as partly returned: {words}",
    },
    "meaning.partly_counted": "{count:,} partly returned counted",
    "meaning.open_rows": "{words} still open, {total} in all",
    "meaning.unknown_words": "nobody knows {words}",
    "meaning.unknown_word_counted": {
        "one": "status {word!r} on {count:,} row counted ({option} says what it means)",
        "other": "status {word!r} on {count:,} rows counted ({option} says what it means)",
    },
    "meaning.left_not_paying": {
        "one": "{count:,} subscription left out as not paying by {column}: {words}",
        "other": "{count:,} subscriptions left out as not paying by {column}: {words}",
    },
    "meaning.not_paying": "{count:,} not paying by {column} ({words})",
    "meaning.late_counted": "{count:,} late with their payment counted ({words})",
    "meaning.outcome_of_deals": "how deals ended",
    "meaning.tells_outcome": "tells the outcome",
    "meaning.won_and_lost": "it has words for won and lost; open are {others}",
    "meaning.outcome_from": "outcome from {column!r}",
    "meaning.outcome_in_place": "{column!r} tells the outcome among other words",
    "meaning.void_flags": "flags that make a row void",
    "meaning.yes_and_no": "it holds yes and no alone",
    "meaning.left_flagged": {
        "one": "{count:,} row left out by its flag {column!r}",
        "other": "{count:,} rows left out by their flag {column!r}",
    },
    "meaning.flagged": "{count:,} left out by {column!r}",
    "meaning.movements": "rows that move money",
    "meaning.movements_in_place": "{column!r} has rows that are neither sales nor refunds",
    "meaning.moving_words": "{words}: {total}",
    "meaning.rows_come_to": "their {total}",
    "meaning.left_moving": {
        "one": "{count:,} row left out that is neither a sale nor a refund: {words}",
        "other": "{count:,} rows left out that are neither sales nor refunds: {words}",
    },
    "meaning.moving": "{count:,} neither sale nor refund ({words})",
    "meaning.left_test": {
        "one": "{count:,} row left out as test, spam or deleted: {words}",
        "other": "{count:,} rows left out as test, spam or deleted: {words}",
    },
    "meaning.test": "{count:,} test, spam or deleted ({words})",
    "meaning.canceled_end": "when a canceled subscription ends",
    "meaning.until_term_ends": "paid until the end of the term",
    "meaning.canceled_later_end": "a cancellation with a later end of the term",
    "meaning.paid_until_term_ends": "{count:,} canceled and paid until the end of the term",
    # ids
    "meaning.ids": "which ids are one",
    "meaning.ids_in_place": "{column!r} holds ids that are written in several ways",
    "meaning.without_case": "compared without case",
    "meaning.are_addresses": "ids are e-mail addresses",
    "meaning.without_fraction": "read without .0",
    "meaning.are_whole": "all ids are whole numbers",
    "meaning.with_leading_zero": "telephone numbers with a leading zero",
    "meaning.are_phones": "ids are telephone numbers of Vietnam",
    "meaning.addresses_without_case": "{count:,} e-mail addresses in {column!r} compared without "
    "case",
    "meaning.ids_without_fraction": "{count:,} ids in {column!r} read without .0",
    "meaning.phones_with_zero": "{count:,} telephone numbers in {column!r} read with a leading 0",
    # customers who are nobody in particular
    "meaning.walk_ins": "which customers are nobody in particular",
    "meaning.walk_ins_in_place": "{column!r} holds walk-ins or guests, who are no customers; "
    "walk_in: [] takes each id for a customer",
    "meaning.no_customer": "no customer; counts in revenue and orders alone",
    "meaning.walk_ins_short": "{count:,} of walk-ins, no customer ({words})",
    "meaning.left_walk_ins": {
        "one": "{count:,} row left out as it is no customer: {words}",
        "other": "{count:,} rows left out as they are no customers: {words}",
    },
    "meaning.walk_in_customers": "{count:,} walk-in ({words})",
    "meaning.no_such_walk_in": "{option}: no row has the customer {word!r}",
    "meaning.ids_like_it": "there are {ids}",
    # units
    "meaning.unit": "the unit of amounts",
    "meaning.unit_in_header": "its header says {words!r}",
    "meaning.unit_in_title": "a line above the headers says {words!r}",
    "meaning.multiplied": "multiplied by {factor}",
    "meaning.multiplied_short": "{column!r} × {factor}",
    "meaning.unit_in_place": "its amounts have to be multiplied",
    "meaning.units_differ": "sources.{table}.columns.{column}: its headers are of several units "
    "({words})",
    "meaning.one_unit": "subtract columns of one unit",
    # reply times
    "meaning.reply_times": "how long a ticket waited",
    "meaning.time_after": "so many {unit} after {base}",
    "meaning.time_after_short": "{column!r} read as {unit}",
    "meaning.unit_of_time": "its header says so",
    "meaning.time_in_place": "times are worked out from {column!r}",
    # where rows are not all at hand
    "meaning.sees_all_rows": "{question} has to see all rows at once",
}
