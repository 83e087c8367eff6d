"""What is said of pictures and of a page that is printed, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    "pictures.not_installed": "PNG cần một gói chưa được cài",
    "pictures.install": 'pip install "crm-kpi[images]", hoặc dùng -f svg, không cần gói nào',
    "pictures.no_font": "máy này không có phông chữ tiếng Việt, nên ảnh PNG sẽ không có chữ",
    "pictures.install_font": "cài phông (Debian: apt install fonts-noto-core), hoặc dùng -f svg",
    "pictures.one_figure": "một ảnh chỉ chứa một hình, hoặc chỉ các chỉ số; đây là nhiều hình",
    "pictures.give_folder": "nêu tên một hình, hoặc một thư mục cho mọi hình như -o charts/",
    "pictures.no_figure": "{name} là bảng, không vẽ thành hình",
    "pictures.no_rows": "{name} không có dòng nào, nên không có gì để vẽ",
    "pictures.as_table": "-f html, xlsx, csv hoặc table hiển thị được",
    "pictures.no_browser": "PDF cần chromium hoặc Chrome, mà máy này không có",
    "pictures.print_the_page": "-f html ghi đúng trang đó; hãy in từ trình duyệt bất kỳ",
    "pictures.not_printed": "{browser} không in được trang",
}
