"""What is wrong with the files of a table as a whole, what was made of them, and the cache,
in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    # columns
    "loading.columns": "không đọc được {number} cột",
    "loading.after_no_column": "{option}: after: {column} không phải cột của tệp",
    "loading.name_read_column": "nêu một cột được đọc từ tên cột",
    "loading.constant": "sources.{table}.constants.{column}: {value!r}: {reason}",
    "loading.no_time_zone": "timezone: {zone!r} không phải múi giờ",
    "loading.iana_name": "phải là tên trong danh mục IANA như Asia/Ho_Chi_Minh",
    # rows
    "loading.left_out": "{count:,} dòng bỏ qua theo {option}: {column}",
    "loading.left_out_short": "{count:,} dòng bỏ qua theo {option}: {column}",
    "loading.repeats": "{count:,} dòng nữa của cùng {column}",
    "loading.repeats_order": "{count:,} dòng nữa của cùng hóa đơn",
    "loading.not_used": "không dùng {column}, vì {path} không có cột này",
    "loading.blank_in_rows": "{column} để trống ở các dòng của {path}, vì tệp không có cột này",
    "loading.rejected": "{number:,} trên {rows:,} dòng bị loại vì lỗi",
    "loading.for_reasons": "{what} ({reasons})",
    "loading.count_of_reason": "{reason}: {number}",
    "loading.too_many_rejected": "{table}: {what}, limits.rejected_rows cho phép {limit}%",
    "loading.looks_like": "có vẻ là bảng {table}: tệp có {headers}",
    "loading.read_as": "crm-kpi report --{table} {path}",
    "loading.mend": "hãy sửa các dòng đó: crm-kpi validate liệt kê tất cả",
    "loading.mend_or_leave_out": "hãy sửa các dòng đó (crm-kpi validate liệt kê tất cả), hoặc bỏ "
    "qua: --set limits.rejected_rows={share}%",
    # money
    "loading.other_sign": "{path}: số tiền ghi bằng {sign}, báo cáo dùng {currency}",
    "loading.say_currency": "nói là đồng tiền nào: sources.{table}.constants: {{currency: USD}}",
    "loading.several_currencies": "{path}: số tiền ghi bằng {currencies}, mà không cột nào cho "
    "biết dòng nào bằng đồng nào",
    "loading.part_currencies": "cho mỗi đồng tiền một khối nguồn riêng, hoặc thêm cột đồng tiền",
    "loading.other_currencies": "{path}: số tiền có ký hiệu {currencies}, mà cột đồng tiền không "
    "có",
    "loading.map_currencies": "đổi các từ của cột: sources.{table}.values.currency",
    "loading.no_currency": "{path}: không ghi đồng tiền, trong khi các tệp khác của {table} có ghi",
    "loading.name_currency": "khai đồng tiền: sources.{table}.constants: {{currency: ...}}",
    "loading.no_report_currency": "số tiền ghi bằng {currencies}, mà chưa đặt đồng tiền của báo "
    "cáo",
    "loading.set_currency": "đặt currency: {currency} và exchange_rates: {{{other}: ...}}",
    "loading.no_rate": "{table}: không có tỷ giá từ {other} sang {currency}",
    "loading.set_rate": "đặt exchange_rates: {{{currency}: ...}}",
    "loading.no_rate_in_month": "{table}: không có tỷ giá từ {other} sang {currency} trong "
    "{months}",
    "loading.set_rate_of_month": "đặt exchange_rates: {{{currency}: {{{month}: ...}}}}",
    "loading.no_rate_on": "{path}: không có tỷ giá từ {other} sang {currency} ngày {dates}, cũng "
    "không có trong {days} ngày trước đó ({table})",
    "loading.add_rate": "thêm một dòng vào {path}: {line}",
    "loading.no_day": "{table}: {count} dòng bằng {currency} không có ngày để lấy tỷ giá quy đổi",
    "loading.rate_twice": "một tỷ giá khác của {currency} ngày {date} đã có ở dòng {line}",
    "loading.too_many_rates": "{path}: có hơn {most:,} tỷ giá",
    "loading.rates_lack": "{path}: không thấy cột {column}; các cột có: {headers}",
    "loading.rates_columns": "nói là cột nào, ví dụ exchange_rates.columns: {{{column}: {header}}}",
    "loading.dimension_key": "nói là cột nào: dimensions.{name}.key: {header}",
    "loading.dimension_alone": "{path}: ngoài cột {name} không có cột nào khác; các cột có: "
    "{headers}",
    "loading.dimension_columns": "dimensions.{name}.columns: [HEADER] nêu các cột cần lấy, "
    "dimensions.{name}.key nêu cột để ghép",
    "loading.no_pair_of_ids": "{path}: identities cần hai cột mã; các cột có: {headers}",
    "loading.ids_of_channels": "mỗi khách một dòng, mỗi chương trình một cột: customer_id,shop_id",
    "loading.of_two_customers": "được ghép với {customer!r}, mà ở dòng {line} lại ghép với "
    "{other!r}",
    "loading.ids_alone": "chỉ giữ một; identities: {{path: FILE, columns: [HEADER, HEADER]}} nêu "
    "các cột mã khi còn cột khác",
    "loading.other_content_on": "đã có với nội dung khác ở dòng {line}",
    "loading.lookup_faults": "{path}: {count} dòng không thể đúng",
    "loading.set_rate_or_map": "{hint}; đó không phải mã ISO, có thể dùng values: để đổi",
    "loading.too_large": "{table}: {column} có {amount:.4g} {currency}, quá lớn để quy đổi với "
    "{rate}",
    "loading.fewer_digits": "kiểm tra số tiền, hoặc viết exchange_rates.{currency} với ít chữ số "
    "hơn",
    # memory
    "loading.reading": "đang đọc {tables}",
    "loading.not_in_parts": "limits.memory: đọc {table} cần khoảng {size} MiB, mà chỉ còn {room} "
    "MiB, và không đọc từng phần được: {why}",
    "loading.raise_memory": "nâng limits.memory, hoặc sửa điều đó: crm-kpi validate --clean, trên "
    "máy nhiều bộ nhớ hơn, ghi ra các tệp đọc được từng phần",
    "loading.rows_share": "{number:,} lần có nhiều dòng trùng {columns}",
    "loading.currency_signs": "số tiền có ký hiệu tiền tệ bên cạnh",
    "loading.more_columns": "các từ trong dòng tạo thêm một cột",
    "loading.several_clocks": "{tables}: thời điểm ghi theo nhiều độ lệch so với UTC ({offsets}), "
    "mà timezone: chưa khai",
    "loading.declare_clock": "nói tính theo ngày của nơi nào, như --set timezone=UTC",
    "loading.several_offsets": "thời điểm ghi theo nhiều độ lệch so với UTC, mà timezone: chưa "
    "khai",
    "loading.several_blocks": "nguồn có nhiều khối",
    "loading.compared_customers": "khách hàng được so với nhau",
    "loading.has_conditions": "có where:, exclude:, once: hoặc cột ghép từ nhiều cột",
    "loading.not_plain_csv": "{path} không phải CSV có mỗi trường một tên cột",
    "loading.packed": "{path} phải được giải nén hoặc giải mã trước",
    "loading.backslashes": "{path} có dấu ngoặc kép sau dấu gạch chéo ngược",
    "loading.not_declared": "{path}: {columns} không phải dòng nào cũng viết như 2024-01-31 hoặc "
    '1234.56, mà chưa khai cách viết, như dates: "%d/%m/%Y" và numbers: "1.234,56"',
    # notes in few words
    "loading.day_first": "ngày đứng trước tháng ({example})",
    "loading.month_first": "tháng đứng trước ngày ({example})",
    "loading.numbers_as": "số viết kiểu {style}",
    "loading.on_utc_days": "thời điểm ghi {offset} được tính theo ngày UTC",
    "loading.may_be_swapped": "ngày và tháng có thể bị đảo",
    "loading.preset": "mẫu {name}",
    "loading.not_less": "{column!r} không trừ {less}",
    "loading.question": "câu hỏi {question!r}",
    "loading.by_alias": "{count} cột nhận theo tên gọi khác",
    # the cache
    "loading.cache_passed_over": "không dùng bản lưu tạm: {why}",
    "loading.not_cached": "không giữ được trong bản lưu tạm {folder}: {why}",
    "loading.sealed_by_another": "{path} đã bị sửa, hoặc do người khác ghi",
    "loading.other_shape": "{path} có dạng khác",
    "loading.changed": "{path} đã bị sửa",
    "loading.other_rows": "{path} có {rows} dòng thay vì {wanted}",
    "loading.too_much_about": "phần ghi chú về các bảng chiếm {size} byte",
    "loading.no_home": "không có thư mục cá nhân để giữ khóa",
    "loading.known_to_others": "người khác có thể biết {path}; xóa đi, tệp khác sẽ được tạo",
    "loading.damaged": "{path} bị hỏng; xóa đi, tệp khác sẽ được tạo",
    # benchmarks
    "loading.too_many_benchmarks": "{path}: nhiều hơn {most:,} số liệu tham chiếu",
    "loading.benchmarks_lack": "{path}: không có cột {columns}",
    "loading.benchmarks_columns": "tệp số liệu tham chiếu có các cột {columns}",
    "loading.one_of": "một trong {words}",
    "loading.unit_of_metric": "{unit}, như của chỉ số",
}
