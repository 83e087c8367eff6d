"""What `--log` and `restated` say."""

TEXTS: dict[str, str | dict[str, str]] = {
    "restated.changed": {
        "one": "{changed:,} of {count:,} value is not what was first reported",
        "other": "{changed:,} of {count:,} values are not what was first reported",
    },
    "restated.unchanged": {
        "one": "{count:,} value is as it was first reported",
        "other": "{count:,} values are as they were first reported",
    },
    "restated.definition": "definition: {changes}",
    "restated.unit": "unit: {old} → {new}",
    "restated.version": "crm-kpi {old} → {new}",
    "restated.reading": "the config reads the files in another way",
    "restated.rows": "{table}: {old:,} → {new:,} rows",
    "restated.other_rows": "{table}: other files with {rows:,} rows as before",
    "restated.as_of": "the same files, known until {old} then and {new} now",
    "restated.no_value": "no value: {reason}",
    "restated.no_segment": "there is no such segment or period any more",
    "restated.no_kpi": "no KPI is called so any more",
    "restated.unknown": "the log does not tell",
    "restated.unreadable": "{path} cannot be read: {why}",
    "restated.empty": "{path} has no line of a log of values",
    "restated.write_one": "crm-kpi report --log FILE.ndjson writes one",
    "restated.nothing": "no value of the log is asked for",
    "restated.leave_out": "leave out --by, --where, --every and the periods to compare all",
    "restated.no_line": "{path}:{line}: no whole line of a log of values; it is passed over",
    "restated.locked": "--log {path}: another run has held it for {seconds} seconds",
    "restated.wait": "wait for that run, or delete {lock} where there is none",
    "restated.no_file": "it is no file that lines can be added to",
}
