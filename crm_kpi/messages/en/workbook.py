"""The workbook: what stands around the numbers of `-f xlsx`."""

TEXTS: dict[str, str | dict[str, str]] = {
    # sheets
    "workbook.summary": "Summary",
    "workbook.charts": "Charts",
    "workbook.trends": "Trends",
    "workbook.results": "Results",
    # columns
    "workbook.id": "Id",
    "workbook.unit": "Unit",
    "workbook.domain": "Domain",
    "workbook.low": "95 % low",
    "workbook.high": "95 % high",
    "workbook.rating": "Rating",
    "workbook.files": "Files",
    "workbook.files_read": "Files that were read",
    "workbook.hint": "What to do",
    # cells
    "workbook.millions": "M",
    "workbook.as_text": "More digits than a spreadsheet keeps: the text has all of them.",
    # what a sheet does not hold
    "workbook.too_many_rows": "{table}: {rows:,} rows, and a sheet holds {limit:,}",
    "workbook.too_many_columns": "{table}: {columns:,} columns, and a sheet holds {limit:,}",
    "workbook.other_formats": "-f csv and -f json hold any number; or ask for fewer periods or "
    "segments",
}
