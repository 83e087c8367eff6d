"""What `demo` says."""

TEXTS: dict[str, str | dict[str, str]] = {
    # the config
    "demo.sample": "Sample data of an invented company: crm-kpi report -c crm-kpi.yaml",
    "demo.found_out": "Headers, dates, numbers, delimiters and encodings are found out from the "
    "files.",
    # what was asked for
    "demo.impossible_number": "{customers} customers cannot be made",
    "demo.give_number": "give a number from 1 to {most}",
    # where it is written
    "demo.exists": "{path} exists and is not overwritten",
    "demo.empty_folder": "name an empty or new folder",
    "demo.unwritable": "{path}: cannot write the sample data: {why}",
    "demo.writable_folder": "name a folder that you may write to",
}
