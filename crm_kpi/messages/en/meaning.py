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
    # where rows are not all at hand
    "meaning.sees_all_rows": "{question} has to see all rows at once",
}
