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
    "init.answer": "answer on a terminal, or take the most likely answers with -y",
    "init.questions_open": "{number} questions are left open",
    # the evidence
    "init.file": "{path}: {table}, {rows:,} rows",
    "init.assumed": "assumed: {what}",
    "init.left_open": "  left open: {line} ({why})",
    "init.rejected": "{table}: {rejected:,} of {rows:,} rows are rejected:",
    "init.validate": "  crm-kpi validate lists them all",
    "init.refused": "  a report refuses more than {share:%}: limits.rejected_rows",
    "init.write_rates": "amounts are in {currencies}: write the exchange rates first",
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
    "init.as_of": "the last day that is known; the files end here. Default: today",
    "init.every": "day, week, month, quarter, year or all",
    "init.from": "or a label such as 2024-Q1. Default: the first date in the files",
    "init.to": "included. Default: as_of",
    "init.preset": "docs/presets.md says what it does",
    "init.open_meaning": "open: {what}; take the # away from the line in the config that is right",
    "init.todo": "TODO: {why}",
    "init.left_out_files": "Left out:",
    "init.goals": "Goals of your own; crm-kpi check judges them.",
    "init.hours": "hours; lower is better",
}
