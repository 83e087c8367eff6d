"""What several rooms say, what stands between the parts of a list, what libraries say."""

TEXTS: dict[str, str | dict[str, str]] = {
    # a list
    "general.and_more": "{items} and {more} more",
    "general.and": " and ",
    "general.or": " or ",
    # numbers
    "general.thousands_mark": ",",
    "general.decimal_mark": ".",
    "general.rows_in_tables": {
        "one": "{rows:,} rows in {count} table",
        "other": "{rows:,} rows in {count} tables",
    },
    # clauses
    "general.of_column": "column {column}: ",
    "general.should_be": "should be {what}",
    "general.did_you_mean": "did you mean '{word}'?",
    "general.known_columns": "it has {columns}",
    "general.words_of_others": "{words}",
    "general.no_rows": "no rows",
    # what a value should be
    "general.whole_number": "a whole number",
    "general.length_of_time": "a length of time such as 90d, 2 weeks, 12 months, 48h or 30m",
    "general.at_most_1000_years": "at most a thousand years",
    "general.country": "a country such as VN, or DE-BY for a state of one",
    "general.install_holidays": 'the holidays of countries need pip install "crm-kpi[holidays]"',
    "general.time_zone": "an IANA time zone such as Asia/Ho_Chi_Minh",
    # files
    "general.unreadable": "cannot be read: {why}",
    "general.no_temporary_folder": "no folder for temporary files can be had: {why}",
    "general.set_tmpdir": "set TMPDIR to another one",
}
