"""Numbers, times and periods, as `render/speak.py` says them, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    # money
    "speak.millions": "{number} tr {currency}",
    "speak.billions": "{number} tỷ {currency}",
    "speak.trillions": "{number} nghìn tỷ {currency}",
    "speak.dong": "₫",
    # times
    "speak.day": "{day:02}/{month}/{year}",
    "speak.months": "1 2 3 4 5 6 7 8 9 10 11 12",
    "speak.months_of_days": "01 02 03 04 05 06 07 08 09 10 11 12",
    # periods
    "speak.month": "Tháng {month}/{year}",
    "speak.quarter": "Quý {quarter}/{year}",
    "speak.week": "Tuần {week}/{year}",
    "speak.year": "Năm {year}",
    "speak.fiscal_year": "Năm tài chính {year}",
    "speak.fiscal_quarter": "Quý {quarter}, {fiscal_year}",
    "speak.all": "Toàn thời gian",
    # periods below a chart
    "speak.month_on_axis": "T{month}/{year}",
    "speak.quarter_on_axis": "Q{quarter}/{year}",
    "speak.week_on_axis": "Tuần {week}/{year}",
}
