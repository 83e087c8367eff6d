"""Which table a file is, and which of its columns is which of ours, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    # headers
    "mapping.no_header_line": "không có dòng tên cột",
    "mapping.nth_column": "cột thứ {number}",
    "mapping.no_header": "{path}: không có cột {name!r} mà {option} nêu; trong tệp có {headers}",
    "mapping.header_twice": "{path}: hai cột cùng tên {name!r} ({numbers} của tệp)",
    "mapping.rename_header": "đổi tên một cột trong tệp để {option} phân biệt được",
    "mapping.open_status": "{path}: chưa rõ khách có {header} {words} đã rời bỏ hay chưa",
    "mapping.set_status": "khai yes cho khách đã rời bỏ: --set "
    "'sources.customers.columns.churned={header}' --set "
    "'sources.customers.values.churned={answers}'",
    "mapping.can_both_be": "{path}: {headers} đều có thể là {column}; hãy chọn một cột",
    "mapping.say_which": "nói là cột nào: sources.{table}.columns: {{{column}: {header}}}",
    "mapping.no_column_for": "{path}: không thấy cột {columns} của bảng {table}; trong tệp có "
    "{headers}",
    "mapping.map_it": "khai tên cột: sources.{table}.columns: {{{column}: {header}}}",
    "mapping.their_header": '"tên cột trong tệp"',
    "mapping.close_to_it": "gần giống: {headers}; {hint}",
    # which table it is
    "mapping.fits_no_table": "{path}: không khớp bảng nào; trong tệp có {headers}",
    "mapping.name_table": "nêu bảng và cột trong cấu hình: sources: {{TABLE: {{path: …, columns: "
    "{{…}}}}}}",
    "mapping.no_workbook": "{path}: không phải bảng tính, nên không có trang {sheet!r}",
    "mapping.leave_out_sheet": "bỏ sources.{table}.{option}",
    # what a source declares
    "mapping.no_column": "sources.{table}.{key}: {table} không có cột {name!r}",
    "mapping.in_both": "sources.{table}: {columns} có cả trong columns lẫn constants",
    "mapping.keep_one": "chỉ giữ một trong hai",
    "mapping.position_outside": "{path}: {option}: cột thứ {number} trên {of}",
    "mapping.counted_from_1": "cột được đếm từ 1",
    "mapping.product_of_money": "{option}: chỉ số tiền mới có thể là tích",
    "mapping.difference_of_money": "{option}: chỉ số tiền mới có thể là hiệu",
    "mapping.use_join": "dùng join:",
    "mapping.after_needs_two": "{option}: after: cần hai cột ngày hoặc giờ của {table}",
    "mapping.no_moment": "{option}: {column} không phải ngày hay giờ",
    # presets
    "mapping.preset_of_other_table": "{option}: {name} dành cho {table}",
    "mapping.put_under": "đặt tệp dưới sources.{table}",
    "mapping.no_preset": "{option}: không có mẫu {name!r}",
    "mapping.known_presets": "cho {table} có {names}; tệp mẫu của bạn có đuôi .yaml",
    "mapping.no_such_export": "{path}: không phải tệp xuất từ {title} (mẫu {name}): thiếu "
    "{lacking}; trong tệp có {headers}",
    "mapping.read_without_preset": "sources.{table}.preset: {word} để đọc chỉ theo tên cột",
    # notes
    "mapping.read_by_preset": "{path}: đọc như {title} (mẫu {preset})",
    "mapping.of_orders": "transaction_id lấy từ {header!r}, vì đếm theo đơn hàng, không lấy từ "
    "{others}",
    "mapping.not_less": "{path}: {column!r} lấy như đã khai; mẫu trừ đi {less}",
    "mapping.score_asked": "{path}: score lấy từ câu hỏi {question!r}",
    "mapping.survey_asked": "{path}: score lấy từ câu hỏi {question!r}, survey là {survey}",
    "mapping.not_read": "không đọc {column}: {headers} đều có thể là cột này",
}
