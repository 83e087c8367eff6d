"""How a column is read, and why cells of it cannot be."""

TEXTS: dict[str, str | dict[str, str]] = {
    # cells
    "parsing.cell_at": "{cell!r} at {path}:{line}",
    # dates
    "parsing.both_orders": "column {column}: dates are written both day first and month first: "
    "{cells}",
    "parsing.other_order_rejected": "{hint}; rows of the other order are then rejected",
    "parsing.order_open": "{path}:{line}: column {column}: {cell!r} may be day first or month "
    "first, and no row of the column tells",
    "parsing.declare_order": 'declare {option}: "%d/%m/%Y" or "%m/%d/%Y", or add '
    "--set {option}=%d/%m/%Y",
    "parsing.swapped": "{path}:{line}: column {column}: dates after the 12th of a month are text "
    "here ({cell!r}), and all others are true dates: their day and month were swapped when the "
    "file was opened in a program that expects the month first",
    "parsing.export_again": "export the file again, and import its dates as text, day first",
    "parsing.declare_counted": "if these are {what}, declare {option}: {word}",
    "parsing.day_numbers": "day numbers of a spreadsheet",
    "parsing.seconds_since_1970": "seconds since 1970",
    "parsing.milliseconds_since_1970": "milliseconds since 1970",
    "parsing.short_year": "its year has two digits, others of the column have four",
    "parsing.year_open": "{path}:{line}: column {column}: the year of {cell!r} has two digits, and "
    "which part it is nobody tells",
    "parsing.declare_year": "declare {option}: {ways}, or add --set '{option}={way}'; 69 to 99 are "
    "then 1969 to 1999",
    "parsing.declared_is": "declared by {option} is {format}",
    "parsing.declare_dates": "other ways to write a date are declared by {option}",
    "parsing.declare_missing": 'if it stands for none: sources.{table}.missing: ["9999-12-31"]',
    "parsing.no_date_format": "{option}: {format!r} is no format of a date",
    "parsing.write_date_format": 'it needs %Y, %m (or %b, %B) and %d, as in "%d/%m/%Y"; {words} '
    "are for counted days and seconds; %y is a year of two digits",
    "parsing.as_column": "as column {column!r} of the same file proves it",
    "parsing.buddhist": "years of the Buddhist calendar, 543 ahead",
    "parsing.buddhist_evidence": "all of them are 2400 or later, as {cell!r}",
    "parsing.buddhist_short": "Buddhist years in {column!r} converted",
    "parsing.day_numbers_evidence": "they are from 20,000 to 80,000 under the header of a date, as "
    "{cell!r}",
    "parsing.day_numbers_short": "day numbers in {column!r} read as dates",
    "parsing.wall_time": "times as clocks at {offsets} showed them",
    "parsing.wall_time_evidence": "all times say {offsets}, and timezone: is not declared",
    "parsing.wall_time_short": "days are those of {offsets}",
    # times
    "parsing.clocks_put_forward": "clocks in {zone} were put forward over it",
    "parsing.not_all_utc": "sources.{table}: {column} is {headers}, of which not all are UTC",
    "parsing.declare_timezone": "give such files a source block each, or declare their timezone:",
    # numbers
    "parsing.both_marks": "column {column}: numbers are written with a decimal point and with a "
    "decimal comma: {cells}",
    "parsing.other_mark_rejected": 'declare {option}: "1,234.56" or "1.234,56"; other rows are '
    "then rejected",
    "parsing.mark_open": "{path}:{line}: column {column}: {cell!r} may be {whole} or {fraction}, "
    "and no row of the column tells",
    "parsing.declare_mark": 'declare {option}: "1,234.56" or "1.234,56", or add '
    "--set {option}=1.234,56",
    "parsing.no_number_style": "{option}: {style!r} is no way to write a number",
    "parsing.known_number_styles": "one of {styles}",
    "parsing.words_as_numbers": "words become numbers by sources.{table}.values: "
    "{{{column}: {{theirs: 5}}}}",
    "parsing.digits_of_count": "a count has 18 digits at most",
    "parsing.read_as": "read as {way}",
    "parsing.vietnamese_locale": "locale: vi says so",
    "parsing.vietnamese_headers": "its headers are Vietnamese, where nothing else is in use",
    "parsing.float_tails": "numbers of a program, read as the short ones that it meant",
    "parsing.float_tail": "{cell!r} is {number}, but for what a float cannot hold",
    "parsing.spelled": "signs, digits and exponents read as numbers",
    "parsing.spelled_as": "{cell!r} is {number}",
    "parsing.spelled_short": "{cell} read as {number}",
    "parsing.word_behind": "the word stands behind numbers, as in {cell!r}",
    "parsing.multiplies": "{word} means × {factor:,}",
    "parsing.known_durations": "known are numbers of the unit, 01:30:00, 1h 30m and PT1H30M",
    # words
    "parsing.known_flags": "known are {words}; others by {option}",
    "parsing.known_choices": "known are {words}; others by sources.{table}.values: "
    "{{{column}: {{theirs: ours}}}}",
    # notes
    "parsing.proved": "{column}: read as {way}, which its rows prove",
    "parsing.no_decimals": "{column}: read as {way}, as {currency} has no decimals",
    "parsing.percent": "{column}: read as percent, as some are above 1",
    "parsing.on_utc_days": "{column}: times at {offset} are counted on UTC days; timezone: says "
    "on whose else, such as Asia/Ho_Chi_Minh",
    "parsing.may_be_swapped": "{column}: day and month may be swapped: the true dates are all up "
    "to the 12th of a month, and the dates that are text all after it",
}
