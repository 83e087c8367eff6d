"""What `init` asks and tells, and the comments of the config that it proposes, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    # the files
    "init.no_files": "chưa nêu tệp nào để xem",
    "init.example": "crm-kpi init customers.csv orders.csv",
    "init.stdin": "init không xem được stdin, vì cấu hình phải nêu tên tệp",
    "init.pipe": "{path}: init không xem được đường ống, vì phải đọc nhiều lần",
    "init.none_usable": "không tệp nào dùng được",
    # the output
    "init.exists": "-o {path}: đã có tệp này",
    "init.replace": "chọn tên khác, hoặc -y để thay thế",
    # questions
    "init.taken": "{question} Đã chọn: {answer}",
    "init.answer": "trả lời trên màn hình lệnh, hoặc dùng -y để ngỏ những gì tệp không cho biết",
    "init.questions_open": "còn {number} câu hỏi chưa trả lời",
    # the evidence
    "init.file": "{path}: {table}, {rows:,} dòng",
    "init.assumed": "coi như: {what}",
    "init.left_open": "  để ngỏ: {line} ({why})",
    "init.rejected": "{table}: {rejected:,} trên {rows:,} dòng bị loại vì lỗi:",
    "init.validate": "  crm-kpi validate liệt kê hết",
    "init.refused": "{table}: {rejected:,} trên {rows:,} dòng bị loại vì lỗi, limits.rejected_rows "
    "chỉ cho phép {share:%}",
    "init.days": "các tệp có dữ liệu từ {first} đến {last}",
    "init.left_out": "bỏ qua: {problem}",
    # the config
    "init.config": "Cấu hình của crm-kpi, do crm-kpi init tìm ra từ các tệp. Đường dẫn tính từ "
    "tệp này.",
    "init.use": "Cách dùng: crm-kpi report -c {name}",
    "init.inactive": "Dòng dạng #key: value chưa có hiệu lực; bỏ dấu # để dùng.",
    "init.timezone": "thời điểm thuộc ngày nào là theo múi giờ này. Mặc định: UTC",
    "init.only_currency": "đồng tiền duy nhất trong các tệp",
    "init.currencies": "của báo cáo; trong tệp có {currencies}",
    "init.worth": "CẦN LÀM: mỗi đơn vị đáng giá bao nhiêu; thiếu thì không báo cáo được",
    "init.no_currency": "trong tệp không ghi đồng tiền nào",
    "init.as_of": "ngày chốt số; một ngày, today, hoặc data: ngày mới nhất trong các tệp",
    "init.until": "ngày chốt số; các tệp có đến {last}. Ghi một ngày, hoặc data, thì đứng ở đó",
    "init.freshness": "crm-kpi check báo lỗi khi dòng mới nhất cũ hơn thế",
    "init.every": "day, week, month, quarter, year hoặc all",
    "init.from": "hoặc nhãn như 2024-Q1. Mặc định: ngày đầu tiên trong tệp",
    "init.to": "tính cả ngày này. Mặc định: as_of",
    "init.preset": "docs/presets.md cho biết mẫu này làm gì",
    "init.goals": "Mục tiêu của riêng bạn; crm-kpi check sẽ đánh giá.",
    "init.hours": "giờ; càng thấp càng tốt",
    # what is not proved
    "init.no_kpi": "chỉ từ {tables} thì không tính được chỉ số nào",
    "init.more_files": "hãy nêu thêm tệp khách hàng, đơn hàng, thuê bao, câu trả lời hoặc yêu cầu "
    "hỗ trợ",
    "init.not_yet": "để ngỏ: {what}",
    "init.same_currency": "số tiền tính bằng {currency}, đồng tiền duy nhất trong các tệp",
    "init.add_up": "{table}: các dòng của {programs} cộng lại với nhau; hãy bỏ tệp có lại cùng "
    "những dòng đó",
    "init.choose": "{config}: bỏ dấu # ở dòng đúng, sửa phần còn lại; rồi chạy "
    "crm-kpi report -c {config}",
    "init.which_reading": "{table}, cột {column!r}: {evidence}; hiểu thế nào?",
    "init.headers": "trong số {headers}",
    "init.which_header": "CẦN LÀM: cột nào trong số đó?",
}
