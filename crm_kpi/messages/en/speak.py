"""Numbers, times and periods, as `render/speak.py` says them."""

TEXTS: dict[str, str | dict[str, str]] = {
    # money
    "speak.millions": "{number}M {currency}",
    "speak.billions": "{number}B {currency}",
    "speak.trillions": "{number}T {currency}",
    "speak.dong": "VND",
    # times
    "speak.day": "{day} {month} {year}",
    "speak.months": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "speak.months_of_days": "January February March April May June July August September October "
    "November December",
    # periods
    "speak.month": "{month} {year}",
    "speak.quarter": "Q{quarter} {year}",
    "speak.week": "Week {week}, {year}",
    "speak.year": "{year}",
    "speak.fiscal_year": "FY{year}",
    "speak.fiscal_quarter": "Q{quarter} {fiscal_year}",
    "speak.all": "all time",
    # periods below a chart
    "speak.month_on_axis": "{month} ’{year}",
    "speak.quarter_on_axis": "Q{quarter} ’{year}",
    "speak.week_on_axis": "W{week} ’{year}",
}
