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
    "parsing.short_year": "a year has four digits; mend it in the program that wrote the file",
    "parsing.declared_is": "declared by {option} is {format}",
    "parsing.declare_dates": "other ways to write a date are declared by {option}",
    "parsing.declare_missing": 'if it stands for none: sources.{table}.missing: ["9999-12-31"]',
    "parsing.no_date_format": "{option}: {format!r} is no format of a date",
    "parsing.write_date_format": 'it needs %Y, %m (or %b, %B) and %d, as in "%d/%m/%Y"; {words} '
    "are for counted days and seconds; the year has four digits",
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
    # words
    "parsing.known_flags": "known are {words}; others by {option}",
    "parsing.known_choices": "known are {words}; others by sources.{table}.values: "
    "{{{column}: {{theirs: ours}}}}",
    # notes
    "parsing.proved": "{column}: read as {way}, which its rows prove",
    "parsing.no_decimals": "{column}: read as {way}, as {currency} has no decimals",
    "parsing.percent": "{column}: read as percent, as some are above 1",
    "parsing.float_tails": "{column}: some are floats as a program keeps them, such as "
    "71.37199999999999, and read as the amount that is meant, 71.372",
    "parsing.on_utc_days": "{column}: times at {offset} are counted on UTC days; timezone: says "
    "on whose else, such as Asia/Ho_Chi_Minh",
    "parsing.may_be_swapped": "{column}: day and month may be swapped: the true dates are all up "
    "to the 12th of a month, and the dates that are text all after it",
}
