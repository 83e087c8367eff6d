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
    "meaning.word_on_rows": "{word!r} on {rows:,} rows",
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
    "meaning.unknown_word_counted": "status {word!r} on {rows:,} rows counted ({option} says what "
    "it means)",
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
    # lines of an order
    "meaning.further_lines": "what belongs to the further lines of an order",
    "meaning.filled_down": "{columns} filled down from the first line of an order",
    "meaning.first_lines_alone": "only first lines of orders have them",
    "meaning.filled_down_short": "{columns} filled down on {count:,} further lines of orders",
    "meaning.left_further_lines": {
        "one": "{count:,} further line of an order left out, as the amount stands on the first",
        "other": "{count:,} further lines of orders left out, as the amount stands on the first",
    },
    "meaning.further_lines_short": {
        "one": "{count:,} further line of an order without an amount",
        "other": "{count:,} further lines of orders without an amount",
    },
    # rows of several files
    "meaning.read_once": "read once",
    "meaning.each_is_read": "each is read",
    "meaning.newer_replaces": "the rows of the newer file are read",
    "meaning.equal_in_files": "rows with the same id are equal in several files",
    "meaning.changed_in_files": "rows with the same id have changed from one file to a newer one",
    "meaning.copied_short": {
        "one": "{count:,} row that stands in several files read once",
        "other": "{count:,} rows that stand in several files read once",
    },
    "meaning.replaced_short": {
        "one": "{count:,} row replaced by that of a newer file",
        "other": "{count:,} rows replaced by those of a newer file",
    },
    "meaning.same_ids_differ": {
        "one": "{count:,} id stands in several files with other content, and no file is newer or "
        "it is not one order",
        "other": "{count:,} ids stand in several files with other content, and no file is newer "
        "or they are not one order",
    },
    "meaning.equal_rows_of_a_day": {
        "one": "{count:,} row of a day stands in two files, and no id says whether it is one",
        "other": "{count:,} rows of a day stand in two files, and no id says whether they are the "
        "same",
    },
    "meaning.so_many_rows": "{rows:,} rows",
    # where rows are not all at hand
    "meaning.sees_all_rows": "{question} has to see all rows at once",
}
