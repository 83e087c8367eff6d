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
    # units
    "meaning.unit": "the unit of amounts",
    "meaning.unit_in_header": "its header says {words!r}",
    "meaning.unit_in_title": "a line above the headers says {words!r}",
    "meaning.multiplied": "multiplied by {factor}",
    "meaning.multiplied_short": "{column!r} × {factor}",
    "meaning.unit_in_place": "its amounts have to be multiplied",
    "meaning.units_differ": "sources.{table}.columns.{column}: its headers are of several units "
    "({words})",
    "meaning.one_unit": "name columns of one unit",
    # reply times
    "meaning.reply_times": "how long a ticket waited",
    "meaning.time_after": "so many {unit} after {base}",
    "meaning.time_after_short": "{column!r} read as {unit}",
    "meaning.unit_of_time": "its header says so",
    "meaning.time_in_place": "times are worked out from {column!r}",
    # totals
    "meaning.totals": "which of two totals is paid",
    "meaning.totals_in_place": "two of its columns may be the amount",
    "meaning.is_paid": "what the customer pays",
    "meaning.is_paid_short": "{column!r} is what is paid",
    "meaning.total_proved": "{before!r} less {discount!r} is {paid!r} in all rows",
    "meaning.total_not_proved": "two totals stand beside {discount!r}, and neither is the other "
    "less it",
    # where rows are not all at hand
    "meaning.sees_all_rows": "{question} has to see all rows at once",
}
