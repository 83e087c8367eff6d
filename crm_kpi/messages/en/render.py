"""What the renderers say around the numbers."""

TEXTS: dict[str, str | dict[str, str]] = {
    # columns
    "render.metric": "metric",
    "render.period": "period",
    "render.segment": "segment",
    "render.value": "value",
    "render.change": "change",
    "render.n": "n",
    "render.interval": "95 % interval",
    "render.goal": "goal",
    "render.rating": "rating",
    "render.progress": "progress",
    "render.note": "note",
    "render.components": "components",
    "render.definition": "definition",
    # cells
    "render.all": "(all)",
    "render.blank": "(blank)",
    "render.met": "✓ met",
    "render.warning": "~ warning",
    "render.missed": "✗ missed",
    "render.low_n": "low n",
    "render.no_data": "no data",
    "render.pending": "pending",
    "render.partial": "partial",
    "render.yes": "yes",
    "render.no": "no",
    "render.from_to": "{low} to {high}",
    # units, after a number
    "render.points": " pts",
    "render.hours": " h",
    "render.days": " d",
    # figures
    "render.triangle_is": "percent of the cohort, so many periods after its first",
    "render.more_columns": {
        "one": "1 more column has no room here: -f csv",
        "other": "{count} more columns have no room here: -f csv",
    },
    "render.columns_left_out": "no room for {columns}; -v shows all",
    "render.some_rows": "some of {count} rows; -v shows all",
    # blocks
    "render.no_rows_sentence": "No rows.",
    "render.not_computed": "Not computed",
    "render.metric_not_computed": "not computed: {metric}: {reason}",
    # formats
    "render.unknown_format": "unknown format {format!r}: {formats}",
    "render.unknown_ending": "{path}: no format has this ending; there are {endings}",
    "render.say_format": "give it one of these endings, or say with -f what it shall hold",
    "render.one_table": "{format} holds one table, and this answer has {count}: {names}",
    "render.results": "the results",
    "render.folder": "-o DIR/ writes a file for each; or use -f json, or ask for one of them",
}
