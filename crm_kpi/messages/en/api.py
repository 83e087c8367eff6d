"""What the door for Python says, beside what the command line says too."""

TEXTS: dict[str, str | dict[str, str]] = {
    "api.no_table": "no table {table!r}",
    "api.not_in_answer": "{name} is not in this answer",
    "api.no_segment": "{metric} has no segment {segment}",
    "api.no_period": "{metric} has no period {period}",
    "api.periods_are": "it has {periods}",
}
