"""What cannot be computed, and why."""

TEXTS: dict[str, str | dict[str, str]] = {
    # time
    "engine.begins_after_as_of": "begins after as_of",
    "engine.as_of_no_data": "as_of is {as_of}, today, as no row has a date",
    "engine.as_of_data": "as_of is {as_of}, the newest date in the data; --as-of sets another",
    "engine.old_data": "the data end on {last}, but as_of is today, {as_of}: what is said of "
    "the time between rests on nothing; set --as-of {last}",
    "engine.check_range": "check --from and --to",
    "engine.no_moment": "'{written}' is neither a date such as 2024-01-31 nor a label such "
    "as 2024-03, 2024-Q1, 2024-W05 or 2024",
    "engine.outside_calendar": "'{written}' does not lie between {first} and {last}",
    "engine.first_after_last": "the first day, {first}, lies after the last, {last}",
    "engine.check_range_and_config": "check --from and --to, or periods.from and periods.to",
    "engine.too_many_periods": "more than {most:,} periods of a {every} between {start} and {end}",
    "engine.choose_longer": "choose a longer --every, or a shorter range with --from and --to",
    # names
    "engine.variant_title": "{title} ({name})",
    # what the rows cover
    "engine.no_rows": "no rows of {table}",
    "engine.before_first_row": "before the first row of {table}, {first}",
    "engine.rows_missing": "no rows of {table} in {period}: a file missing?",
    "engine.orders_still_open": "orders since {since} are still open and left out",
    # what lacks
    "engine.no_source": "no {tables} source",
    "engine.and_no": " and no ",
    "engine.no_column": "{table} has no column {columns}",
    "engine.no_segment": "{table} has no column {column}, nor has customers one for its rows",
    "engine.judged_in_place": "{table} is read in place, where no rejected rows are kept to "
    "be judged",
    "engine.not_read": "not read: no metric asked for it",
    "engine.cannot_be_computed": "{metric} cannot be computed: {reason}",
    "engine.columns_there": "the columns there are: {columns}",
    "engine.give_file": "give the file as FILE, with an option such as --customers FILE, or "
    "under sources: in the config",
    # segments
    "engine.by_twice": "--by {column} is given twice",
    "engine.by_same": "--by {column} and {other} are the same column",
    "engine.name_once": "name each column once",
    "engine.no_such_segment": "{option} {column}: no table that is read has such a column",
    "engine.there_are": "there are: {columns}",
    "engine.no_row_has": "{place}: no row has {column}={value}",
    "engine.words_are": "there are: {words}",
    "engine.alike_segments": "{column}: {number:,} segments are another one but for case, "
    "Unicode form or invisible characters",
    "engine.not_split": "{metric} is told of all, as its rows cannot be split so",
    # dimensions
    "engine.column_taken": "{path}: {table} has a column {column} already",
    "engine.of_two_dimensions": "{path}: {table} gets a column {column} from {other} already",
    "engine.rename_column": "give it another name there",
    "engine.choose_columns": "give it another name there, or take the others alone: "
    "dimensions.{name}: {{path: ..., columns: {columns}}}",
    "engine.no_key_of_dimension": "dimensions.{name}: no table that is read has such a column",
    "engine.first_column": "{path}: its first column, {header!r}, is taken for {name}",
    "engine.not_in_dimension": {
        "one": "{count} row has a value of {name} that {path} lacks, and is blank there: {values}",
        "other": "{count:,} rows have values of {name} that {path} lacks, and are blank there: "
        "{values}",
    },
    # lists of customers
    "engine.one_list_tells": "{path}: has no {columns}, by which {other} says who left",
    "engine.map_leaving": "map it, if it is there under another name: "
    "--set 'sources.customers.columns.{column}=[HEADER, OTHER]'",
    "engine.list_rejects": {
        "one": "{path}: {count} row cannot be read, and its customer would look as if gone",
        "other": "{path}: {count:,} rows cannot be read, and their customers would look as if gone",
    },
    "engine.mend_list": "mend them: crm-kpi validate {path} lists them all",
    # wrong cells
    "engine.not_an_email": "not an e-mail address",
    "engine.not_a_number": "not a telephone number",
    "engine.not_allowed": "not one of the allowed values",
    "engine.in_earlier_row": "stands in an earlier row",
    "engine.before": "before {column}",
    "engine.other_email": "not the e-mail address of this customer's first row",
    "engine.no_such_customer": "no such customer",
    # numbers and memory
    "engine.overflow": "a number or a date is too large to be computed with ({why})",
    "engine.most_digits": "38 digits is the most that an amount, or a sum of them, may have; "
    "crm-kpi validate shows what was read",
    "engine.sum_too_large": "{table}: {column} adds up to more than can be computed with, "
    "which is {most:.0e}",
    "engine.look_for_ids": "look for amounts that are none, such as ids or phone numbers: "
    "crm-kpi validate",
    "engine.little_memory": "little memory: the tables go through temporary files",
    "engine.memory_needed": "these tables need about {needed} MiB",
    "engine.memory_too_little": "{limit} of {size} MiB is too little: {need}",
    "engine.least_memory": "from {least} MiB on they can be read in parts",
    "engine.memory_short": "{limit} is {size} MiB, and {need}",
    "engine.install_duckdb": 'pip install "crm-kpi[duckdb]", which works within it, or say '
    "limits.memory: {needed}MiB if there is as much",
    "engine.out_of_memory": "the memory does not suffice ({why})",
    "engine.raise_memory": "raise limits.memory, or ask for less at once",
    # engines
    "engine.remote_and_master": "engine: has remote and master",
    "engine.keep_one": "keep one of them",
    "engine.not_installed": "the engine {engine} is not installed: there is no {module}",
    "engine.install": 'pip install "crm-kpi[{engine}]"',
    "engine.token_kept": "{address}: {variable} is not sent there, as SPARK_REMOTE names "
    "another server, or none",
    "engine.set_remote": "set SPARK_REMOTE to it beside {variable}",
    "engine.needs_java": "Spark needs Java 17",
    "engine.install_java": "install it, or name a server: engine.remote",
    "engine.no_spark": "no Spark at {address}: {why}",
    "engine.place_fault": "{place}: {why}",
    "engine.check_address": "check engine.remote or engine.master, and whether it runs",
    "engine.cache_not_utf8": "cache: the name of {path} is not UTF-8",
    "engine.name_other_cache": "name another folder in cache:",
    # tables that are read in place
    "engine.in_place": "read in place: files are not hashed, and rejected rows are counted "
    "without their lines",
    "engine.name_not_utf8": "{path}: its name is not UTF-8",
    "engine.rename_or_load": "rename it, or do not read it in place",
    "engine.not_parquet": "{paths}: cannot be read as Parquet ({why})",
    "engine.find_path": "the engine has to find it under that path",
    "engine.a_string_or_whole": "a string or a whole number",
    "engine.a_string": "a string",
    "engine.a_date": "a date",
    "engine.a_timestamp": "a timestamp with a time zone",
    "engine.a_decimal": "a decimal of at most 4 places or a whole number",
    "engine.a_number": "a number",
    "engine.a_boolean": "a boolean",
    "engine.other_type": "column {column} is {found}; to be read in place it has to be {wanted}",
    "engine.write_or_load": "write it so, or take the table out of engine.in_place",
    "engine.too_many_words": "column {column} of {table} has more than {most:,} different "
    "words, and should have {choices}",
    "engine.name_header": "sources.{table}.columns: {{{column}: theirs}} says which column it is",
    "engine.several_blocks": "sources.{table}: has several blocks",
    "engine.not_one_header": "sources.{table}.columns.{column}: has to be one header",
    "engine.nothing_left": "none of the {rows:,} rows of {table} is left: {why}",
    "engine.rows_excluded": "{number:,} left out",
    "engine.rows_in_future": "{number:,} dated after as_of",
    "engine.take_rows_back": "--set 'sources.{table}.status=ignore' counts rows of every status; "
    "where: and exclude: say what else is left out, and --as-of until when rows are read",
    "engine.meaning_in_place": "{table} cannot be read where the files lie: {why}",
    "engine.not_in_place": "sources.{table}.{key}: cannot be done where the files lie",
    "engine.leave_in_place": "take {table} out of engine.in_place",
    "engine.lacks_columns": "{paths}: no column {columns}",
    "engine.and_no_column": " and no column ",
    "engine.headers_there": "there are {headers}; sources.{table}.columns: {{ours: theirs}} "
    "says which is which",
    "engine.ids_twice": "{table}: {number} values of {columns} stand in several rows, which "
    "cannot be settled where the files lie",
    "engine.write_once": "write each once, or {otherwise}",
    "engine.several_currencies": "{table}: amounts are in {currencies}, and cannot be "
    "converted where the files lie",
    "engine.write_one_currency": "write one currency, the report's, or {otherwise}",
    # why a KPI moved
    "engine.no_drivers": "the change of {metric} cannot be told by its parts: {reason}",
    "engine.have_drivers": "rates, shares, means, counts and sums can, such as revenue, "
    "csat, nps or churn_rate",
    "engine.table_has_no_parts": "its answer is a table",
    "engine.guess_has_no_parts": "it is predicted, and what is predicted has not happened",
    "engine.no_two_periods": "there are no two whole periods: name two, or change --every",
    "engine.name_two_periods": "name two others: --period 2024-03 --against 2024-02",
    "engine.same_period": "{period} would be compared with itself",
    "engine.period_not_over": "{period} is not over: nothing is known after {last}",
    "engine.name_whole_period": "name a period that is over, or a later --as-of",
    "engine.no_value_then": "{metric} has no value in {period}, so that its change cannot"
    " be told: {reason}",
    # benchmarks
    "engine.no_industry": "no benchmark is of the industry '{industry}': there are {industries}",
    "engine.name_columns": "the change of {metric} is told by columns: name one, such as "
    "--by segment",
}
