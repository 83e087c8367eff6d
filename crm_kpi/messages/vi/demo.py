"""What `demo` says, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    # the config
    "demo.sample": "Dữ liệu mẫu của một công ty giả định: crm-kpi report -c crm-kpi.yaml",
    "demo.found_out": "Tên cột, ngày, số, dấu phân cách và bảng mã được tìm ra từ các tệp.",
    # what was asked for
    "demo.impossible_number": "không tạo được {customers} khách hàng",
    "demo.give_number": "cho một số từ 1 đến {most}",
    # where it is written
    "demo.exists": "{path} đã có và không bị ghi đè",
    "demo.empty_folder": "nêu một thư mục trống hoặc mới",
    "demo.unwritable": "{path}: không ghi được dữ liệu mẫu: {why}",
    "demo.writable_folder": "nêu một thư mục mà bạn được phép ghi",
}
