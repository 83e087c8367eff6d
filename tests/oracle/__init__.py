"""An independent oracle: the KPIs once more, in plain Python, slow and obvious.

Written from the definitions alone and sharing no code with the program: no data
frames, only loops over rows, sets of customers and exact fractions. Where the two
disagree, one of them is wrong.

    calendar("month", first, last) -> periods
    metric(periods, as_of, rows..., by=("channel",)) -> {(period, segment): Answer}

Rows are dicts with canonical column names and typed values: `date` for dates, aware
`datetime` for times, `Decimal` for money, `int`, `str`, and None for a blank. A column
that the file lacks is a key that no row has.
"""
