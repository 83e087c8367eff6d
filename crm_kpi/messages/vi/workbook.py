"""The workbook, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    # sheets
    "workbook.summary": "Tổng quan",
    "workbook.charts": "Biểu đồ",
    "workbook.trends": "Xu hướng",
    "workbook.results": "Kết quả",
    # columns
    "workbook.id": "Mã",
    "workbook.unit": "Đơn vị",
    "workbook.domain": "Lĩnh vực",
    "workbook.low": "95 % cận dưới",
    "workbook.high": "95 % cận trên",
    "workbook.rating": "Đánh giá",
    "workbook.files": "Số tệp",
    "workbook.files_read": "Các tệp đã đọc",
    "workbook.hint": "Gợi ý",
    # cells
    "workbook.millions": " tr",
    "workbook.as_text": "Nhiều chữ số hơn bảng tính giữ được: dạng văn bản thì đủ.",
    # what a sheet does not hold
    "workbook.too_many_rows": "{table}: {rows:,} dòng, mà một trang tính chỉ chứa {limit:,}",
    "workbook.too_many_columns": "{table}: {columns:,} cột, mà một trang tính chỉ chứa {limit:,}",
    "workbook.other_formats": "-f csv và -f json chứa được hết; hoặc hỏi ít kỳ, ít phân khúc hơn",
}
