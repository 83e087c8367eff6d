"""What cannot be computed, and why, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    # time
    "engine.begins_after_as_of": "bắt đầu sau ngày chốt số",
    "engine.as_of_no_data": "as_of là {as_of}, hôm nay, vì không dòng nào có ngày",
    "engine.as_of_data": "ngày chốt số là {as_of}, ngày mới nhất trong dữ liệu; --as-of để đặt "
    "ngày khác",
    "engine.old_data": "dữ liệu kết thúc ngày {last}, mà ngày chốt số là hôm nay, {as_of}: điều "
    "nói về khoảng giữa không có căn cứ; đặt --as-of {last}",
    "engine.check_range": "kiểm tra --from và --to",
    "engine.no_moment": "'{written}' không phải ngày như 2024-01-31, cũng không phải nhãn như "
    "2024-03, 2024-Q1, 2024-W05 hoặc 2024",
    "engine.outside_calendar": "'{written}' không nằm giữa {first} và {last}",
    "engine.first_after_last": "ngày đầu, {first}, đứng sau ngày cuối, {last}",
    "engine.check_range_and_config": "kiểm tra --from và --to, hoặc periods.from và periods.to",
    "engine.too_many_periods": "hơn {most:,} kỳ theo {every} từ {start} đến {end}",
    "engine.choose_longer": "chọn --every dài hơn, hoặc khoảng ngắn hơn bằng --from và --to",
    # names
    "engine.variant_title": "{title} ({name})",
    # what the rows cover
    "engine.no_rows": "không có dòng nào của {table}",
    "engine.before_first_row": "trước dòng đầu tiên của {table}, {first}",
    "engine.rows_missing": "không có dòng nào của {table} trong {period}: thiếu tệp chăng?",
    "engine.orders_still_open": "các đơn từ {since} còn đang xử lý và được bỏ qua",
    # what lacks
    "engine.no_source": "không có nguồn {tables}",
    "engine.and_no": " và không có ",
    "engine.no_column": "{table} không có cột {columns}",
    "engine.no_segment": "{table} không có cột {column}, và customers cũng không có cột đó cho "
    "các dòng này",
    "engine.judged_in_place": "{table} được đọc tại chỗ, nên không giữ các dòng bị loại để đánh "
    "giá",
    "engine.not_read": "không đọc: không chỉ số nào cần đến",
    "engine.cannot_be_computed": "không tính được {metric}: {reason}",
    "engine.columns_there": "các cột có: {columns}",
    "engine.give_file": "nêu tệp ở FILE, bằng tùy chọn như --customers FILE, hoặc dưới sources: "
    "trong cấu hình",
    # segments
    "engine.by_twice": "--by {column} được nêu hai lần",
    "engine.by_same": "--by {column} và {other} là cùng một cột",
    "engine.name_once": "mỗi cột chỉ nêu một lần",
    "engine.no_such_segment": "{option} {column}: không bảng nào được đọc có cột này",
    "engine.there_are": "hiện có: {columns}",
    "engine.no_row_has": "{place}: không dòng nào có {column}={value}",
    "engine.words_are": "hiện có: {words}",
    "engine.alike_segments": "{column}: {number:,} phân khúc chỉ khác nhau ở chữ hoa chữ thường, "
    "dạng Unicode hoặc ký tự ẩn",
    "engine.not_split": "{metric} chỉ có số chung, vì các dòng của nó không chia như vậy được",
    # dimensions
    "engine.column_taken": "{path}: {table} đã có cột {column}",
    "engine.of_two_dimensions": "{path}: {table} đã nhận cột {column} từ {other}",
    "engine.rename_column": "đặt tên khác cho nó ở đó",
    "engine.choose_columns": "đặt tên khác cho nó ở đó, hoặc chỉ lấy các cột còn lại: "
    "dimensions.{name}: {{path: ..., columns: {columns}}}",
    "engine.no_key_of_dimension": "dimensions.{name}: không bảng nào được đọc có cột này",
    "engine.first_column": "{path}: cột đầu, {header!r}, được coi là {name}",
    "engine.not_in_dimension": "{count:,} dòng có giá trị {name} mà {path} không có, nên để trống "
    "ở đó: {values}",
    # lists of customers
    "engine.one_list_tells": "{path}: không có {columns}, mà {other} dựa vào đó để biết ai đã rời "
    "bỏ",
    "engine.map_leaving": "khai cột đó nếu nó mang tên khác: --set "
    "'sources.customers.columns.{column}=[HEADER, OTHER]'",
    "engine.list_rejects": "{path}: {count:,} dòng không đọc được, và các khách đó sẽ bị coi như "
    "đã rời bỏ",
    "engine.mend_list": "sửa các dòng đó: crm-kpi validate {path} liệt kê hết",
    # wrong cells
    "engine.not_an_email": "không phải địa chỉ e-mail",
    "engine.not_a_number": "không phải số điện thoại",
    "engine.not_allowed": "không nằm trong các giá trị cho phép",
    "engine.in_earlier_row": "đã có ở một dòng trước",
    "engine.before": "trước {column}",
    "engine.other_email": "không phải địa chỉ e-mail ở dòng đầu của khách này",
    "engine.no_such_customer": "không có khách hàng này",
    # numbers and memory
    "engine.overflow": "một số hoặc một ngày quá lớn để tính ({why})",
    "engine.most_digits": "một số tiền, hoặc tổng của chúng, có tối đa 38 chữ số; crm-kpi "
    "validate cho thấy đã đọc gì",
    "engine.sum_too_large": "{table}: {column} cộng lại vượt mức tính được là {most:.0e}",
    "engine.look_for_ids": "tìm các số không phải số tiền, như mã hoặc số điện thoại: crm-kpi "
    "validate",
    "engine.little_memory": "ít bộ nhớ: các bảng đi qua tệp tạm",
    "engine.memory_needed": "các bảng này cần khoảng {needed} MiB",
    "engine.memory_too_little": "{limit} là {size} MiB, quá ít: {need}",
    "engine.least_memory": "từ {least} MiB trở lên thì đọc được từng phần",
    "engine.memory_short": "{limit} là {size} MiB, mà {need}",
    "engine.install_duckdb": 'pip install "crm-kpi[duckdb]" để chạy trong mức đó, hoặc đặt '
    "limits.memory: {needed}MiB nếu máy có đủ",
    "engine.out_of_memory": "không đủ bộ nhớ ({why})",
    "engine.raise_memory": "nâng limits.memory, hoặc hỏi ít hơn mỗi lần",
    # engines
    "engine.remote_and_master": "engine: có cả remote lẫn master",
    "engine.keep_one": "chỉ giữ một trong hai",
    "engine.not_installed": "chưa cài bộ tính {engine}: không có {module}",
    "engine.install": 'pip install "crm-kpi[{engine}]"',
    "engine.token_kept": "{address}: {variable} không được gửi đến đó, vì SPARK_REMOTE nêu máy "
    "chủ khác hoặc không nêu",
    "engine.set_remote": "đặt SPARK_REMOTE là máy chủ đó, cạnh {variable}",
    "engine.needs_java": "Spark cần Java 17",
    "engine.install_java": "cài Java, hoặc nêu một máy chủ: engine.remote",
    "engine.no_spark": "không có Spark tại {address}: {why}",
    "engine.place_fault": "{place}: {why}",
    "engine.check_address": "kiểm tra engine.remote hoặc engine.master, và nó có đang chạy không",
    "engine.cache_not_utf8": "cache: tên của {path} không phải UTF-8",
    "engine.name_other_cache": "nêu thư mục khác ở cache:",
    # tables that are read in place
    "engine.in_place": "đọc tại chỗ: không băm tệp, và các dòng bị loại chỉ được đếm, không ghi "
    "số dòng",
    "engine.name_not_utf8": "{path}: tên tệp không phải UTF-8",
    "engine.rename_or_load": "đổi tên, hoặc không đọc tại chỗ",
    "engine.not_parquet": "{paths}: không đọc được như Parquet ({why})",
    "engine.find_path": "bộ tính phải tìm thấy tệp ở đường dẫn đó",
    "engine.a_string_or_whole": "chuỗi chữ hoặc số nguyên",
    "engine.a_string": "chuỗi chữ",
    "engine.a_date": "ngày",
    "engine.a_timestamp": "thời điểm có múi giờ",
    "engine.a_decimal": "số thập phân tối đa 4 chữ số lẻ hoặc số nguyên",
    "engine.a_number": "số",
    "engine.a_boolean": "đúng/sai",
    "engine.other_type": "cột {column} là {found}; muốn đọc tại chỗ thì phải là {wanted}",
    "engine.write_or_load": "ghi lại như vậy, hoặc lấy bảng ra khỏi engine.in_place",
    "engine.too_many_words": "cột {column} của {table} có hơn {most:,} từ khác nhau, trong khi "
    "phải có {choices}",
    "engine.name_header": "sources.{table}.columns: {{{column}: theirs}} để nói là cột nào",
    "engine.several_blocks": "sources.{table}: có nhiều khối",
    "engine.not_one_header": "sources.{table}.columns.{column}: phải là một tên cột",
    "engine.nothing_left": "không còn dòng nào trong {rows:,} dòng của {table}: {why}",
    "engine.rows_excluded": "{number:,} dòng bỏ qua",
    "engine.rows_in_future": "{number:,} dòng sau ngày chốt số",
    "engine.take_rows_back": "--set 'sources.{table}.status=ignore' tính mọi dòng bất kể trạng "
    "thái; where: và exclude: nói còn bỏ qua gì nữa, và --as-of nói đọc đến khi nào",
    "engine.meaning_in_place": "không đọc được {table} tại nơi tệp nằm: {why}",
    "engine.not_in_place": "sources.{table}.{key}: không làm được tại nơi tệp nằm",
    "engine.leave_in_place": "lấy {table} ra khỏi engine.in_place",
    "engine.lacks_columns": "{paths}: không có cột {columns}",
    "engine.and_no_column": " và không có cột ",
    "engine.headers_there": "các cột có: {headers}; sources.{table}.columns: {{ours: theirs}} để "
    "nói cột nào là cột nào",
    "engine.ids_twice": "{table}: {number} giá trị của {columns} có ở nhiều dòng, không xử lý "
    "được tại nơi tệp nằm",
    "engine.write_once": "mỗi giá trị chỉ ghi một lần, hoặc {otherwise}",
    "engine.several_currencies": "{table}: số tiền ghi bằng {currencies}, không quy đổi được tại "
    "nơi tệp nằm",
    "engine.write_one_currency": "ghi bằng một đồng tiền, của báo cáo, hoặc {otherwise}",
    # why a KPI moved
    "engine.no_drivers": "không thể tách thay đổi của {metric} theo từng phần: {reason}",
    "engine.have_drivers": "tách được tỷ lệ, trung bình, số đếm và tổng, như revenue, csat, nps "
    "hay churn_rate",
    "engine.table_has_no_parts": "kết quả của nó là một bảng",
    "engine.guess_has_no_parts": "đây là số dự đoán, và điều được dự đoán thì chưa xảy ra",
    "engine.no_two_periods": "không có hai kỳ trọn vẹn: hãy nêu hai kỳ, hoặc đổi --every",
    "engine.name_two_periods": "hãy nêu hai kỳ khác: --period 2024-03 --against 2024-02",
    "engine.same_period": "{period} sẽ bị so với chính nó",
    "engine.period_not_over": "{period} chưa kết thúc: chưa biết gì sau {last}",
    "engine.name_whole_period": "hãy nêu một kỳ đã kết thúc, hoặc một --as-of muộn hơn",
    "engine.no_value_then": "{metric} không có giá trị trong {period}, nên không tách "
    "được thay đổi: {reason}",
    # benchmarks
    "engine.no_industry": "không có số liệu tham chiếu nào của ngành '{industry}': có {industries}",
    "engine.name_columns": "thay đổi của {metric} được tách theo cột: hãy nêu một cột, như "
    "--by segment",
}
