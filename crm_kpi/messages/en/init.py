"""What `init` asks and tells, and the comments of the config that it proposes."""

TEXTS: dict[str, str | dict[str, str]] = {
    # the files
    "init.no_files": "no files to look at",
    "init.example": "crm-kpi init customers.csv orders.csv",
    "init.stdin": "init cannot look at stdin, as a config names files",
    "init.pipe": "{path}: init cannot look at a pipe, as it is read more than once",
    "init.none_usable": "none of the files can be used",
    # the output
    "init.exists": "-o {path}: there is such a file",
    "init.replace": "choose another name, or -y to replace it",
    # questions
    "init.taken": "{question} Taken: {answer}",
    "init.answer": "answer on a terminal, or let -y leave open what the files do not tell",
    "init.questions_open": "{number} questions are left open",
    # the evidence
    "init.file": "{path}: {table}, {rows:,} rows",
    "init.assumed": "assumed: {what}",
    "init.left_open": "  left open: {line} ({why})",
    "init.rejected": "{table}: {rejected:,} of {rows:,} rows are rejected:",
    "init.validate": "  crm-kpi validate lists them all",
    "init.refused": "{table}: {rejected:,} of {rows:,} rows are rejected, limits.rejected_rows "
    "allows {share:%}",
    "init.days": "the files go from {first} to {last}",
    "init.left_out": "left out: {problem}",
    # the config
    "init.config": "Config of crm-kpi, as crm-kpi init found it in the files. Paths are relative "
    "to it.",
    "init.use": "To use it: crm-kpi report -c {name}",
    "init.inactive": "A line such as #key: value is not in force; take the # away to use it.",
    "init.timezone": "which day a time belongs to. Default: UTC",
    "init.only_currency": "the only one in the files",
    "init.currencies": "of the report; the files have {currencies}",
    "init.worth": "TODO: what one of each is worth; a report refuses to run without",
    "init.no_currency": "the files name none",
    "init.as_of": "until when is known; a date, today, or data: the newest date in the files",
    "init.until": "until when is known; the files go to {last}. A date, or data, stays there",
    "init.freshness": "crm-kpi check fails where the newest row is older",
    "init.every": "day, week, month, quarter, year or all",
    "init.from": "or a label such as 2024-Q1. Default: the first date in the files",
    "init.to": "included. Default: as_of",
    "init.preset": "docs/presets.md says what it does",
    "init.no_kpi": "no KPI can be computed from {tables} alone",
    "init.more_files": "name the files of customers, orders, subscriptions, answers or tickets too",
    "init.not_yet": "open: {what}",
    "init.same_currency": "amounts are in {currency}, the only currency in the files",
    "init.add_up": "{table}: the rows of {programs} add up; leave out a file that has "
    "the same ones again",
    "init.choose": "{config}: take the # away from what is right, and mend the rest; then "
    "crm-kpi report -c {config}",
    "init.which_reading": "{table}, column {column!r}: {evidence}; how is it meant?",
    "init.headers": "of {headers}",
    "init.which_header": "TODO: which of them?",
    "init.goals": "Goals of your own; crm-kpi check judges them.",
    "init.hours": "hours; lower is better",
}
