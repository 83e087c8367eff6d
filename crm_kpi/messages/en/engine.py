"""What cannot be computed, and why."""

TEXTS: dict[str, str | dict[str, str]] = {
    "engine.begins_after_as_of": "begins after as_of",
    "engine.no_source": "no {tables} source",
    "engine.and_no": " and no ",
    "engine.no_column": "{table} has no column {columns}",
    "engine.no_segment": "{table} has no column {column}, nor has customers one for its rows",
    "engine.judged_in_place": "{table} is read in place, where no rejected rows are kept to be "
    "judged",
}
