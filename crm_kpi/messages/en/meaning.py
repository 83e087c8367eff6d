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
    # intervals
    "meaning.interval_words": "what the words of an interval mean",
    "meaning.interval_column": "which column is the interval",
    "meaning.interval_spans": "{spans}",
    "meaning.span": "{word!r} is {count} {unit}",
    "meaning.all_words_known": "all its words are those of an interval",
    "meaning.is_interval": "the interval: {spans}",
    "meaning.is_interval_times": "the interval, times {column!r}: {spans}",
    "meaning.interval_from": "interval from {column!r}",
    "meaning.by_month": "paid every month",
    "meaning.by_month_short": "amounts are by the month",
    "meaning.no_interval": "no column speaks of an interval",
    "meaning.by_column": "paid as {column!r} says",
    "meaning.several_intervals": "several columns can be the interval: {columns}",
    "meaning.unknown_interval": "nobody knows {words} as an interval",
    "meaning.interval_in_place": "{column!r} looks like an interval; columns.interval names it",
    # amounts of subscriptions
    "meaning.amount_covers": "what an amount covers",
    "meaning.mrr_is": "MRR {total}",
    "meaning.of_month": "the whole subscription by the month",
    "meaning.of_year": "the whole subscription by the year",
    "meaning.of_month_short": "{column!r} is by the month",
    "meaning.of_year_short": "{column!r} is by the year",
    "meaning.of_all_seats": "is that of the whole subscription",
    "meaning.of_all_seats_short": "{column!r} not multiplied by {quantity!r}",
    "meaning.of_a_seat": "is that of one seat",
    "meaning.times_quantity": "times {quantity!r}",
    "meaning.times_quantity_short": "{column!r} × {quantity!r}",
    "meaning.header_says": "its header says so",
    "meaning.unit_times_quantity": "{unit!r} × quantity = {total!r} in every row",
    "meaning.same_for_all_quantities": "each plan has one amount, whatever the quantity",
    "meaning.follows_quantity": "the amounts of each plan follow the quantity",
    "meaning.beside_quantity": "beside {quantity!r} that is not 1 everywhere",
    "meaning.amount_in_place": "what its amounts cover is not declared; columns.amount is for the "
    "whole subscription, columns.unit_amount for one seat",
    # where rows are not all at hand
    "meaning.sees_all_rows": "{question} has to see all rows at once",
}
