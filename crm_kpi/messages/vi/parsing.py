"""How a column is read, and why cells of it cannot be, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    # cells
    "parsing.cell_at": "{cell!r} tại {path}:{line}",
    # dates
    "parsing.both_orders": "cột {column}: ngày viết cả kiểu ngày trước lẫn tháng trước: {cells}",
    "parsing.other_order_rejected": "{hint}; các dòng viết kiểu kia sẽ bị loại",
    "parsing.order_open": "{path}:{line}: cột {column}: {cell!r} có thể là ngày/tháng hoặc "
    "tháng/ngày, và không dòng nào của cột cho biết",
    "parsing.declare_order": 'khai {option}: "%d/%m/%Y" hoặc "%m/%d/%Y", hoặc thêm --set '
    "{option}=%d/%m/%Y",
    "parsing.swapped": "{path}:{line}: cột {column}: ngày sau ngày 12 của tháng ở đây là chữ "
    "({cell!r}), còn lại là ngày thật: ngày và tháng đã bị đảo khi mở tệp bằng chương trình hiểu "
    "tháng đứng trước",
    "parsing.export_again": "xuất lại tệp, và nhập cột ngày dưới dạng chữ, ngày đứng trước",
    "parsing.declare_counted": "nếu đây là {what}, khai {option}: {word}",
    "parsing.day_numbers": "số ngày của bảng tính",
    "parsing.seconds_since_1970": "số giây từ 1970",
    "parsing.milliseconds_since_1970": "số mili giây từ 1970",
    "parsing.short_year": "năm có hai chữ số, các dòng khác của cột có bốn",
    "parsing.year_open": "{path}:{line}: cột {column}: năm của {cell!r} có hai chữ số, mà không "
    "rõ phần nào là năm",
    "parsing.declare_year": "khai {option}: {ways}, hoặc thêm --set '{option}={way}'; 69 đến 99 "
    "khi đó là 1969 đến 1999",
    "parsing.declared_is": "{option} khai là {format}",
    "parsing.declare_dates": "cách viết ngày khác thì khai ở {option}",
    "parsing.declare_missing": 'nếu nó nghĩa là không có: sources.{table}.missing: ["9999-12-31"]',
    "parsing.no_date_format": "{option}: {format!r} không phải dạng ngày",
    "parsing.write_date_format": 'cần %Y, %m (hoặc %b, %B) và %d, như "%d/%m/%Y"; {words} dành '
    "cho số ngày và số giây; %y là năm hai chữ số",
    "parsing.as_column": "như cột {column!r} của cùng tệp đã chứng tỏ",
    "parsing.buddhist": "năm Phật lịch, sớm hơn 543 năm",
    "parsing.buddhist_evidence": "tất cả đều từ 2400 trở lên, như {cell!r}",
    "parsing.buddhist_short": "năm Phật lịch ở {column!r} đã đổi",
    "parsing.day_numbers_evidence": "từ 20.000 đến 80.000 dưới tên cột ngày, như {cell!r}",
    "parsing.day_numbers_short": "số ngày ở {column!r} đọc thành ngày",
    "parsing.wall_time": "thời điểm theo đồng hồ tại {offsets}",
    "parsing.wall_time_evidence": "mọi thời điểm ghi {offsets}, mà timezone: chưa khai",
    "parsing.wall_time_short": "ngày tính theo {offsets}",
    # times
    "parsing.clocks_put_forward": "đồng hồ ở {zone} đã được vặn qua giờ đó",
    "parsing.not_all_utc": "sources.{table}: {column} là {headers}, không phải tất cả đều là UTC",
    "parsing.declare_timezone": "cho mỗi tệp như vậy một khối nguồn, hoặc khai timezone: của chúng",
    # numbers
    "parsing.both_marks": "cột {column}: số viết cả dấu chấm lẫn dấu phẩy thập phân: {cells}",
    "parsing.other_mark_rejected": 'khai {option}: "1,234.56" hoặc "1.234,56"; các dòng kia sẽ bị '
    "loại",
    "parsing.mark_open": "{path}:{line}: cột {column}: {cell!r} có thể là {whole} hoặc "
    "{fraction}, và không dòng nào của cột cho biết",
    "parsing.declare_mark": 'khai {option}: "1,234.56" hoặc "1.234,56", hoặc thêm --set '
    "{option}=1.234,56",
    "parsing.no_number_style": "{option}: {style!r} không phải cách viết số",
    "parsing.known_number_styles": "một trong {styles}",
    "parsing.words_as_numbers": "đổi chữ thành số bằng sources.{table}.values: {{{column}: "
    "{{theirs: 5}}}}",
    "parsing.digits_of_count": "số đếm có tối đa 18 chữ số",
    "parsing.read_as": "đọc như {way}",
    "parsing.vietnamese_locale": "locale: vi nói vậy",
    "parsing.vietnamese_headers": "tên cột là tiếng Việt, nơi chỉ dùng cách viết này",
    "parsing.float_tails": "số do chương trình ghi, đọc thành số ngắn mà nó muốn nói",
    "parsing.float_tail": "{cell!r} là {number}, trừ phần mà số thực không giữ được",
    "parsing.spelled": "dấu, chữ số và số mũ đọc thành số",
    "parsing.spelled_as": "{cell!r} là {number}",
    "parsing.spelled_short": "{cell} đọc thành {number}",
    "parsing.word_behind": "từ đứng sau số, như {cell!r}",
    "parsing.multiplies": "{word} nghĩa là × {factor:,}",
    "parsing.known_durations": "đọc được số theo đơn vị, 01:30:00, 1h 30m và PT1H30M",
    # words
    "parsing.known_flags": "đọc được {words}; từ khác thì khai ở {option}",
    "parsing.known_choices": "đọc được {words}; từ khác thì khai sources.{table}.values: "
    "{{{column}: {{theirs: ours}}}}",
    # notes
    "parsing.proved": "{column}: đọc như {way}, do các dòng chứng tỏ",
    "parsing.no_decimals": "{column}: đọc như {way}, vì {currency} không có số lẻ",
    "parsing.percent": "{column}: đọc là phần trăm, vì có giá trị trên 1",
    "parsing.on_utc_days": "{column}: thời điểm ghi {offset} được tính theo ngày UTC; timezone: "
    "để tính theo nơi khác, như Asia/Ho_Chi_Minh",
    "parsing.may_be_swapped": "{column}: ngày và tháng có thể bị đảo: mọi ngày thật đều đến ngày "
    "12 của tháng, mọi ngày dạng chữ đều sau đó",
}
