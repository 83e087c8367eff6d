"""What commands say: options, streams, outputs, problems with what was asked for, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    # how an error is told
    "cli.error": "lỗi: {message}",
    "cli.hint": "gợi ý: {hint}",
    "cli.more_problems": "  và {number:,} lỗi nữa",
    "cli.fault_of_its_own": "crm-kpi: lỗi của chính chương trình: {error} tại {place} (-v hiện "
    "toàn bộ)",
    "cli.broken_identity": "crm-kpi: lỗi của chính chương trình: {error} tại {place}: {identity} "
    "(-v hiện toàn bộ)",
    # the command line
    "cli.no_command": "không có lệnh hay chỉ số nào tên '{word}'",
    "cli.no_metric": "không có chỉ số nào tên '{word}'",
    "cli.list_metrics": "crm-kpi metrics liệt kê các chỉ số hiện có",
    "cli.see_help": "xem crm-kpi --help, hoặc thêm --help sau tên lệnh",
    "cli.where_not_column_value": "--where {word}: phải viết dạng COLUMN=VALUE",
    "cli.where_example": "ví dụ --where 'region=Hà Nội'",
    "cli.where_not_utf8": "--where {word}: không phải mã UTF-8",
    "cli.type_utf8": "hãy gõ trong môi trường dùng mã UTF-8",
    "cli.definition_not_key_value": "--definition {word}: phải viết dạng KEY=VALUE",
    "cli.definition_example": "ví dụ --definition {key}=VALUE",
    "cli.a_file_not_a_metric": "'{word}' là một tệp, còn report nhận tên chỉ số",
    "cli.name_its_table": "hãy nói tệp chứa gì: --transactions {word}, hoặc crm-kpi init {word}",
    "cli.config_not_used": "không dùng {config} vì tệp đã được nêu trên dòng lệnh; -c {config} để "
    "dùng",
    "cli.excel_is_csv": "--excel: định dạng đang là {format}, mà dấu này chỉ dành cho CSV",
    "cli.give_csv": "dùng -f csv, hoặc đặt tên tệp có đuôi .csv",
    "cli.not_for_terminals": "không đọc được {format} trên màn hình dòng lệnh",
    "cli.name_output": "-o {path} ghi ra một tệp để mở",
    "cli.opens_a_file": "lệnh open cần một tệp để ghi và mở ra xem",
    "cli.open_yourself": "máy này không tự mở được: đã ghi {path}, hãy mở bằng trình duyệt",
    "cli.lists_left_out": "không ghi {names}, vì là danh sách khách hàng hoặc tương tự; "
    "đặt report.lists: true để ghi",
    "cli.not_drawn": "không có ảnh của {names}: bảng thì không vẽ thành hình",
    "cli.page_written": "đã ghi {path}: mở bằng trình duyệt để xem",
    "cli.no_language": "{origin}: không có ngôn ngữ '{word}'; hiện có {languages}",
    # completion
    "cli.completion_not_installed": "không cài được phần tự điền lệnh: {error}",
    "cli.not_completed": "{variable}: không tự điền được '{instruction}'",
    "cli.show_completion": "crm-kpi --show-completion cho biết cần thêm gì vào tệp của shell",
    "cli.lacks_completion_words": "{variable} cần COMP_WORDS và COMP_CWORD như bash vẫn đặt",
    # the machine
    "cli.no_number_of_threads": "{variable}: '{threads}' không phải là số luồng",
    "cli.threads": "một số nguyên từ 1 đến {most:,}; không đặt thì dùng mọi nhân",
    "cli.too_few_handles": "số tệp được mở cùng lúc quá ít (ulimit -n)",
    "cli.raise_handles": "ulimit -n 1024, hoặc mức hệ thống cho phép",
    "cli.too_few_addresses": "giới hạn bộ nhớ {limit} MiB (ulimit -v) quá thấp cho polars, vốn "
    "giữ chỗ {needed} MiB địa chỉ",
    "cli.limit_cgroup": "ulimit -v unlimited; muốn chặn phần thực sự dùng thì giới hạn cgroup",
    "cli.out_of_memory": "không đủ bộ nhớ",
    "cli.allow_memory": "cho phép nhiều bộ nhớ hơn, hoặc đọc ít dữ liệu hơn mỗi lần",
    # outputs
    "cli.output_is_input": "{option} {path}: tệp này đang là dữ liệu đầu vào của chính lần chạy "
    "này",
    "cli.other_output": "chọn tên khác cho tệp kết quả",
    "cli.stdout_unwritable": "không ghi được kết quả ra stdout: {why}",
    "cli.output_unwritable": "không ghi được {option} {path}: {why}",
    "cli.name_a_file": "nêu tên một tệp trong đó",
    "cli.end_with_slash": "nêu tên một tệp trong đó; {path}/ nhận mỗi bảng kết quả một tệp",
    "cli.tables_left_out": "{format} chỉ chứa một bảng: bỏ qua {names}; -o DIR/ ghi mỗi bảng một "
    "tệp, -f json chứa tất cả",
    "cli.check_output": "kiểm tra tên tệp, quyền ghi và dung lượng đĩa",
    "cli.create_folder": "tạo thư mục trước: mkdir -p {folder}",
    "cli.give_folder": "nêu một thư mục; chưa có thì sẽ được tạo",
    "cli.unshared_folder": "chọn thư mục mà không ai khác ghi vào, hoặc đúng tên tệp",
    "cli.a_folder": "đó là thư mục",
    "cli.planted": "{name} là {kind} do người khác (người dùng {user}) đặt vào thư mục mà ai cũng "
    "ghi được",
    "cli.a_link": "một liên kết",
    "cli.a_file": "một tệp",
    "cli.a_pipe": "một đường ống",
    "cli.a_device": "một thiết bị",
    # progress
    "cli.computing": "đang tính …",
    "cli.reading": "đang đọc …",
    "cli.reading_file": "đang đọc {file} {percent} %",
    # where the rows went
    "cli.note": "lưu ý: {note}",
    "cli.source": "{table}: {what}",
    "cli.rejected_rows": "loại {number:,} dòng lỗi ({share:.2f} %): {command}",
    "cli.how_read": "{how} (-v nói đầy đủ)",
    "cli.verbose_says_how_read": "-v cho biết đã đọc các cột thế nào",
    "cli.rows_used": "dùng được {used:,} trên {rows:,} dòng",
    "cli.rejected": "{number:,} dòng bị loại vì lỗi",
    "cli.equal_rows": "{number:,} dòng trùng đã bỏ",
    "cli.excluded": "{number:,} dòng bỏ qua theo điều kiện",
    "cli.after_as_of": "{number:,} dòng sau ngày chốt số",
    "cli.unknown_customers": "{number:,} dòng của khách không có trong danh sách",
    "cli.more_rejected": "  và {number:,} dòng nữa: crm-kpi validate liệt kê hết",
    "cli.rows": "{table}: {number:,} dòng",
    "cli.assumed": "{table}: {assumed} (-v nói đầy đủ)",
    "cli.skipped": "bỏ qua {metric}: {reason}",
    # report, check
    "cli.nothing_to_report": "chưa có gì để báo cáo: không có cấu hình, không có tệp",
    "cli.give_files": "nêu -c CONFIG, hoặc các tệp như --customers FILE --transactions FILE; "
    "crm-kpi demo demo tạo dữ liệu mẫu để thử",
    "cli.no_view": "không có bộ chỉ số '{word}'; hiện có {views}",
    "cli.detail_is_a_table": "--detail: định dạng đang là {format}, mà chỉ dạng bảng mới có chi "
    "tiết",
    "cli.without_format": "bỏ -f, hoặc dùng -f table",
    "cli.no_kpi": "không tính được chỉ số nào từ dữ liệu đã cho",
    "cli.map_headers": "khai tên cột dưới columns:, hoặc khai dưới constants: điều mà tệp không "
    "ghi, như {{survey: nps}}",
    "cli.metric_fault": "{metric}: {reason}",
    # validate
    "cli.nothing_to_validate": "chưa có gì để kiểm tra: không có cấu hình, không có tệp",
    "cli.give_file": "nêu FILE, hoặc -c CONFIG",
    "cli.validated": "{problems:,} lỗi trong {tables} bảng, đã đọc {rows:,} dòng",
    # demo
    "cli.folder_not_empty": "{folder} không trống: {names}",
    "cli.new_folder": "chọn thư mục mới; không tệp nào của bạn bị ghi đè",
    "cli.files_written": "{number} tệp trong {folder}",
    "cli.try_report": "thử: crm-kpi report -c {config}",
    # metrics
    "cli.metrics_id": "crm-kpi metrics ID cho biết mọi điều về một chỉ số.",
    "cli.metric": "{metric} ({unit})",
    "cli.metric_higher": "{metric} ({unit}, càng cao càng tốt)",
    "cli.metric_lower": "{metric} ({unit}, càng thấp càng tốt)",
    "cli.example": "Ví dụ: {example}",
    "cli.definition_in_force": "Định nghĩa đang dùng",
    "cli.definition_of": "Định nghĩa đang dùng (definitions.{metric} trong cấu hình):",
    "cli.not_set": "chưa đặt",
    "cli.key": "khóa",
    "cli.meaning": "ý nghĩa",
    "cli.needs": "Cần có",
    "cli.needs_list": "Cần có:",
    "cli.sources": "Nguồn",
    "cli.sources_list": "Nguồn:",
    "cli.own_definition": "định nghĩa riêng của chương trình",
    "cli.formula": "Cách tính: {formula}",
    "cli.in_english": "Xem đầy đủ bằng tiếng Anh: crm-kpi metrics {metric} --language en",
    "cli.has_column": "có",
    "cli.lacks_column": "thiếu",
    "cli.no_source": "chưa khai nguồn",
    # benchmarks
    "cli.no_benchmark": "không có số liệu tham chiếu",
    "cli.no_targets": "Đây không phải mục tiêu, và không chỉ số nào được đánh giá theo đó.",
    "cli.grades": "A: bên có tên đo, nêu rõ cách đo. B: của khách hàng một nhà cung cấp. "
    "C: số được truyền lại, không rõ nguồn gốc.",
}
