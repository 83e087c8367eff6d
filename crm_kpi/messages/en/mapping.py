"""Which table a file is, and which of its columns is which of ours."""

TEXTS: dict[str, str | dict[str, str]] = {
    # headers
    "mapping.no_header_line": "no header line",
    "mapping.nth_column": "column {number}",
    "mapping.no_header": "{path}: no column {name!r}, which {option} names; it has {headers}",
    "mapping.header_twice": "{path}: two columns are called {name!r} ({numbers} of the file)",
    "mapping.rename_header": "rename one of them in the file, so that {option} can tell them apart",
    "mapping.open_status": "{path}: whether a customer with the {header} {words} has left is open",
    "mapping.set_status": "say yes for those who left: --set 'sources.customers.columns.churned="
    "{header}' --set 'sources.customers.values.churned={answers}'",
    "mapping.can_both_be": "{path}: {headers} can both be {column}",
    "mapping.say_which": "say which: sources.{table}.columns: {{{column}: {header}}}",
    "mapping.no_column_for": "{path}: no column for {columns} of {table}; it has {headers}",
    "mapping.map_it": "map it: sources.{table}.columns: {{{column}: {header}}}",
    "mapping.their_header": '"their header"',
    "mapping.close_to_it": "close to it: {headers}; {hint}",
    # which table it is
    "mapping.fits_no_table": "{path}: fits none of the tables; it has {headers}",
    "mapping.name_table": "name its table and columns in a config: sources: {{TABLE: {{path: …, "
    "columns: {{…}}}}}}",
    "mapping.no_workbook": "{path}: is no workbook, so it has no sheet {sheet!r}",
    "mapping.leave_out_sheet": "leave out sources.{table}.{option}",
    # what a source declares
    "mapping.no_column": "sources.{table}.{key}: {table} has no column {name!r}",
    "mapping.in_both": "sources.{table}: {columns} is both in columns and in constants",
    "mapping.keep_one": "keep one of the two",
    "mapping.position_outside": "{path}: {option}: column {number} of {of}",
    "mapping.counted_from_1": "columns are counted from 1",
    "mapping.product_of_money": "{option}: only money can be a product",
    "mapping.difference_of_money": "{option}: only money can be a difference",
    "mapping.use_join": "use join:",
    "mapping.after_needs_two": "{option}: after: needs two columns of dates or times of {table}",
    "mapping.no_moment": "{option}: {column} is no date or time",
    # presets
    "mapping.preset_of_other_table": "{option}: {name} is for {table}",
    "mapping.put_under": "put the file under sources.{table}",
    "mapping.no_preset": "{option}: no preset {name!r}",
    "mapping.known_presets": "for {table} there are {names}; a file of your own ends in .yaml",
    "mapping.no_such_export": "{path}: is no export of {title} (preset {name}): it lacks "
    "{lacking}; it has {headers}",
    "mapping.read_without_preset": "sources.{table}.preset: {word} reads it by its headers alone",
    # notes
    "mapping.read_by_preset": "{path}: read as {title} (preset {preset})",
    "mapping.of_orders": "transaction_id is read from {header!r}, as orders are counted, and not "
    "from {others}",
    "mapping.not_less": "{path}: {column!r} is taken as declared; the preset takes off {less}",
    "mapping.score_asked": "{path}: score is read from the question {question!r}",
    "mapping.survey_asked": "{path}: score is read from the question {question!r}, survey is "
    "{survey}",
    "mapping.not_read": "{column} is not read: {headers} can both be it",
}
