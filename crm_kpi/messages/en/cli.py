"""What commands say: options, streams, outputs, problems with what was asked for."""

TEXTS: dict[str, str | dict[str, str]] = {
    # how an error is told
    "cli.error": "error: {message}",
    "cli.hint": "hint: {hint}",
    "cli.more_problems": "  and {number:,} more",
    "cli.fault_of_its_own": "crm-kpi: a fault of its own: {error} in {place} (-v shows all)",
    "cli.broken_identity": "crm-kpi: a fault of its own: {error} in {place}: {identity} "
    "(-v shows all)",
    # the command line
    "cli.no_command": "no command or metric '{word}'",
    "cli.no_metric": "no metric '{word}'",
    "cli.list_metrics": "crm-kpi metrics lists what there is",
    "cli.see_help": "crm-kpi --help, or --help after a command",
    "cli.where_not_column_value": "--where {word}: should be COLUMN=VALUE",
    "cli.where_example": "for example --where 'region=Hà Nội'",
    "cli.where_not_utf8": "--where {word}: is not UTF-8",
    "cli.type_utf8": "type it in a UTF-8 locale",
    "cli.definition_not_key_value": "--definition {word}: should be KEY=VALUE",
    "cli.definition_example": "for example --definition {key}=VALUE",
    "cli.a_file_not_a_metric": "'{word}' is a file, and report takes names of metrics",
    "cli.name_its_table": "say what is in it: --transactions {word}, or crm-kpi init {word}",
    "cli.config_not_used": "{config} is not used, as files are named; -c {config} uses it",
    "cli.excel_is_csv": "--excel: the format is {format}, and only CSV is written for spreadsheets",
    "cli.give_csv": "-f csv, or an output that ends in .csv",
    # completion
    "cli.completion_not_installed": "the completion cannot be installed: {error}",
    "cli.not_completed": "{variable}: '{instruction}' is nothing that can be completed",
    "cli.show_completion": "crm-kpi --show-completion shows what belongs into the shell's own file",
    "cli.lacks_completion_words": "{variable} needs COMP_WORDS and COMP_CWORD, as bash sets them",
    # the machine
    "cli.no_number_of_threads": "{variable}: '{threads}' is no number of threads",
    "cli.threads": "a whole number from 1 to {most:,}; unset, all cores are used",
    "cli.too_few_handles": "too few files may be open at once (ulimit -n)",
    "cli.raise_handles": "ulimit -n 1024, or what the system allows",
    "cli.too_few_addresses": "the memory limit of {limit} MiB (ulimit -v) is too low for polars, "
    "which reserves {needed} MiB of addresses",
    "cli.limit_cgroup": "ulimit -v unlimited; to bound what is really used, limit the cgroup "
    "instead",
    "cli.out_of_memory": "the memory does not suffice",
    "cli.allow_memory": "allow more, or read less at once",
    # outputs
    "cli.output_is_input": "{option} {path}: this file is an input of the same run",
    "cli.other_output": "choose another name for the output",
    "cli.stdout_unwritable": "the answer cannot be written to stdout: {why}",
    "cli.output_unwritable": "{option} {path} cannot be written: {why}",
    "cli.name_a_file": "name a file in it",
    "cli.end_with_slash": "name a file in it; {path}/ takes a file for each table of an answer",
    "cli.tables_left_out": "{format} holds one table: {names} left out; -o DIR/ writes a file for "
    "each, -f json holds all",
    "cli.check_output": "check the name, the rights and the space on the disk",
    "cli.create_folder": "create the folder first: mkdir -p {folder}",
    "cli.give_folder": "give a folder, which is made when it is not there",
    "cli.unshared_folder": "choose a folder that nobody else writes to, or the name of the file "
    "itself",
    "cli.a_folder": "it is a folder",
    "cli.planted": "{name} is {kind} that somebody else (user {user}) put into a folder which "
    "others can write to",
    "cli.a_link": "a link",
    "cli.a_file": "a file",
    "cli.a_pipe": "a pipe",
    "cli.a_device": "a device",
    # progress
    "cli.computing": "computing …",
    "cli.reading": "reading …",
    "cli.reading_file": "reading {file} {percent} %",
    # where the rows went
    "cli.note": "note: {note}",
    "cli.source": "{table}: {what}",
    "cli.rows_used": "{used:,} of {rows:,} rows used",
    "cli.rejected": "{number:,} rejected",
    "cli.equal_rows": "{number:,} repeated rows dropped",
    "cli.excluded": "{number:,} excluded",
    "cli.after_as_of": "{number:,} after as_of",
    "cli.unknown_customers": "{number:,} of unknown customers",
    "cli.more_rejected": "  and {number:,} more: crm-kpi validate lists them",
    "cli.rows": "{table}: {number:,} rows",
    "cli.assumed": "{table}: {assumed} (-v says all)",
    "cli.skipped": "skipped {metric}: {reason}",
    # report, check
    "cli.nothing_to_report": "nothing to report on: no config and no files",
    "cli.give_files": "give -c CONFIG, or files such as --customers FILE --transactions FILE; "
    "crm-kpi demo demo makes samples to try",
    "cli.no_view": "no view '{word}'; there are {views}",
    "cli.detail_is_a_table": "--detail: the format is {format}, and the table alone has details",
    "cli.without_format": "leave out -f, or -f table",
    "cli.no_kpi": "no KPI can be computed from what was given",
    "cli.map_headers": "map their headers under columns:, or say under constants: what the file "
    "leaves out, such as {{survey: nps}}",
    "cli.metric_fault": "{metric}: {reason}",
    # validate
    "cli.nothing_to_validate": "nothing to validate: no config and no files",
    "cli.give_file": "give FILE, or -c CONFIG",
    "cli.validated": "{problems:,} problems in {tables} tables, {rows:,} rows read",
    # demo
    "cli.folder_not_empty": "{folder} is not empty: {names}",
    "cli.new_folder": "choose a new folder; nothing of yours is overwritten",
    "cli.files_written": "{number} files in {folder}",
    "cli.try_report": "try: crm-kpi report -c {config}",
    # metrics
    "cli.metrics_id": "crm-kpi metrics ID says all about one.",
    "cli.metric": "{metric} ({unit})",
    "cli.metric_higher": "{metric} ({unit}, higher is better)",
    "cli.metric_lower": "{metric} ({unit}, lower is better)",
    "cli.example": "Example: {example}",
    "cli.definition_in_force": "Definition in force",
    "cli.definition_of": "Definition in force (definitions.{metric} in the config):",
    "cli.not_set": "not set",
    "cli.key": "key",
    "cli.meaning": "meaning",
    "cli.needs": "Needs",
    "cli.needs_list": "Needs:",
    "cli.sources": "Sources",
    "cli.sources_list": "Sources:",
    "cli.has_column": "has it",
    "cli.lacks_column": "lacks it",
    "cli.no_source": "no source configured",
}
