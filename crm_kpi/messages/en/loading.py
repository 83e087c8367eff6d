"""What is wrong with the files of a table as a whole, what was made of them, and the cache."""

TEXTS: dict[str, str | dict[str, str]] = {
    # columns
    "loading.columns": "{number} columns cannot be read",
    "loading.after_no_column": "{option}: after: {column} is no column of the file",
    "loading.name_read_column": "name a column that is read from a header",
    "loading.constant": "sources.{table}.constants.{column}: {value!r} is {reason}",
    "loading.no_time_zone": "timezone: {zone!r} is no time zone",
    "loading.iana_name": "it is an IANA name such as Asia/Ho_Chi_Minh",
    # rows
    "loading.left_out": {
        "one": "{count} row left out by {option}: {column}",
        "other": "{count:,} rows left out by {option}: {column}",
    },
    "loading.left_out_short": "{count:,} left out by {option}: {column}",
    "loading.repeats": {
        "one": "{count:,} more row of the same {column}",
        "other": "{count:,} more rows of the same {column}",
    },
    "loading.repeats_order": {
        "one": "{count:,} more row of the same invoice",
        "other": "{count:,} more rows of the same invoice",
    },
    "loading.not_used": "{column} is not used, as {path} has no column for it",
    "loading.blank_in_rows": "{column} is blank in rows of {path}, which has no column for it",
    "loading.rejected": "{number:,} of {rows:,} rows are rejected",
    "loading.for_reasons": "{what} ({reasons})",
    "loading.count_of_reason": "{reason}: {number}",
    "loading.too_many_rejected": "{table}: {what}, limits.rejected_rows allows {limit}%",
    "loading.looks_like": "it looks like {table}: it has {headers}",
    "loading.read_as": "crm-kpi report --{table} {path}",
    "loading.mend": "mend them: crm-kpi validate lists them all",
    "loading.mend_or_leave_out": "mend them (crm-kpi validate lists them all), or leave them out: "
    "--set limits.rejected_rows={share}%",
    # money
    "loading.other_sign": "{path}: amounts are in {sign}, the report is in {currency}",
    "loading.say_currency": "say which currency: sources.{table}.constants: {{currency: USD}}",
    "loading.several_currencies": "{path}: amounts are in {currencies}, and no column says which "
    "is in which",
    "loading.part_currencies": "give each currency a source block of its own, or add a currency "
    "column",
    "loading.other_currencies": "{path}: amounts are marked {currencies}, which the currency "
    "column does not have",
    "loading.map_currencies": "map the words of the column: sources.{table}.values.currency",
    "loading.no_currency": "{path}: names no currency, as other files of {table} do",
    "loading.name_currency": "say it: sources.{table}.constants: {{currency: ...}}",
    "loading.no_report_currency": "amounts are in {currencies}, and no currency of the report is "
    "set",
    "loading.set_currency": "set currency: {currency} and exchange_rates: {{{other}: ...}}",
    "loading.no_rate": "{table}: no exchange rate for {other} to {currency}",
    "loading.set_rate": "set exchange_rates: {{{currency}: ...}}",
    "loading.no_rate_in_month": "{table}: no exchange rate for {other} to {currency} in {months}",
    "loading.set_rate_of_month": "set exchange_rates: {{{currency}: {{{month}: ...}}}}",
    "loading.no_rate_on": "{path}: no exchange rate for {other} to {currency} on {dates}, nor in "
    "the {days} days before it ({table})",
    "loading.add_rate": "add a line to {path}: {line}",
    "loading.no_day": {
        "one": "{table}: {count} row in {currency} has no day at whose rate it could be converted",
        "other": "{table}: {count} rows in {currency} have no day at whose rate they could be "
        "converted",
    },
    "loading.rate_twice": "another rate of {currency} on {date} stands on line {line}",
    "loading.too_many_rates": "{path}: has more than {most:,} rates",
    "loading.rates_lack": "{path}: no column for {column}; its headers are {headers}",
    "loading.rates_columns": "say which it is, for example exchange_rates.columns: {{{column}: "
    "{header}}}",
    "loading.dimension_key": "say which: dimensions.{name}.key: {header}",
    "loading.dimension_alone": "{path}: has no column beside that of {name}; its headers are "
    "{headers}",
    "loading.dimension_columns": "dimensions.{name}.columns: [HEADER] names those to take, "
    "dimensions.{name}.key the one that they stand beside",
    "loading.no_pair_of_ids": "{path}: identities needs two columns of ids; its headers are "
    "{headers}",
    "loading.ids_of_channels": "a row for each customer, a column for each program: "
    "customer_id,shop_id",
    "loading.of_two_customers": "is joined to {customer!r}, and on line {line} to {other!r}",
    "loading.ids_alone": "keep one of them; identities: {{path: FILE, columns: [HEADER, HEADER]}} "
    "names the columns of ids where there are others",
    "loading.other_content_on": "stands with other content on line {line}",
    "loading.lookup_faults": {
        "one": "{path}: a row cannot be right",
        "other": "{path}: {count} rows cannot be right",
    },
    "loading.set_rate_or_map": "{hint}; it is no ISO code, so perhaps values: can map it",
    "loading.too_large": "{table}: {column} holds {amount:.4g} {currency}, which is too large to "
    "be converted with {rate}",
    "loading.fewer_digits": "check the amount, or write exchange_rates.{currency} with fewer "
    "digits",
    # memory
    "loading.reading": "reading {tables}",
    "loading.not_in_parts": "limits.memory: {table} takes about {size} MiB to read, of {room} MiB "
    "that are left for it, and cannot be read in parts: {why}",
    "loading.raise_memory": "raise limits.memory, or mend that: crm-kpi validate --clean, where "
    "there is more memory, writes files that can be read in parts",
    "loading.rows_share": "{number:,} times, rows share {columns}",
    "loading.currency_signs": "amounts have currency signs beside them",
    "loading.more_columns": "words of its rows make one more column",
    "loading.several_clocks": "{tables}: times stand beside several offsets from UTC ({offsets}), "
    "and timezone: is not declared",
    "loading.declare_clock": "say on whose days they are counted, as in --set timezone=UTC",
    "loading.several_offsets": "its times stand beside several offsets from UTC, and timezone: is "
    "not declared",
    "loading.several_blocks": "its source has several blocks",
    "loading.compared_customers": "customers are compared with one another",
    "loading.has_conditions": "it has where:, exclude:, once: or columns made of several",
    "loading.not_plain_csv": "{path} is not CSV with one header for each field",
    "loading.packed": "{path} has to be unpacked or decoded first",
    "loading.backslashes": "{path} has quotation marks behind backslashes",
    "loading.not_declared": "{path}: {columns} are not written as 2024-01-31 or 1234.56 in every "
    'row, and it is not declared how, such as dates: "%d/%m/%Y" and numbers: "1.234,56"',
    # notes in few words
    "loading.day_first": "dates day first ({example})",
    "loading.month_first": "dates month first ({example})",
    "loading.numbers_as": "numbers as {style}",
    "loading.on_utc_days": "times at {offset} are counted on UTC days",
    "loading.may_be_swapped": "day and month may be swapped",
    "loading.preset": "preset {name}",
    "loading.not_less": "{column!r} without taking off {less}",
    "loading.question": "the question {question!r}",
    "loading.by_alias": {"one": "{count} header by alias", "other": "{count} headers by alias"},
    # the cache
    "loading.cache_passed_over": "the cache is passed over: {why}",
    "loading.not_cached": "not kept in the cache {folder}: {why}",
    "loading.sealed_by_another": "{path} was changed, or another user wrote it",
    "loading.other_shape": "{path} has another shape",
    "loading.changed": "{path} was changed",
    "loading.other_rows": "{path} has {rows} rows in place of {wanted}",
    "loading.too_much_about": "what is to be said of the tables takes {size} bytes",
    "loading.no_home": "there is no home folder for its key",
    "loading.known_to_others": "others may know {path}; remove it, and another is made",
    "loading.damaged": "{path} is damaged; remove it, and another is made",
    # benchmarks
    "loading.too_many_benchmarks": "{path}: more than {most:,} benchmarks",
    "loading.benchmarks_lack": "{path}: no column {columns}",
    "loading.benchmarks_columns": "a file of benchmarks has the columns {columns}",
    "loading.one_of": "one of {words}",
    "loading.unit_of_metric": "{unit}, as the KPI has it",
}
