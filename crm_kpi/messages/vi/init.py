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
    "init.answer": "trả lời trên màn hình lệnh, hoặc chọn câu trả lời hợp lý nhất bằng -y",
    "init.questions_open": "còn {number} câu hỏi chưa trả lời",
    # the evidence
    "init.file": "{path}: {table}, {rows:,} dòng",
    "init.assumed": "coi như: {what}",
    "init.left_open": "  để ngỏ: {line} ({why})",
    "init.rejected": "{table}: {rejected:,} trên {rows:,} dòng bị loại vì lỗi:",
    "init.validate": "  crm-kpi validate liệt kê hết",
    "init.refused": "  báo cáo chỉ chấp nhận tối đa {share:%}: limits.rejected_rows",
    "init.write_rates": "số tiền ghi bằng {currencies}: hãy khai tỷ giá trước",
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
    "init.as_of": "ngày chốt số; các tệp kết thúc ở đây. Mặc định: hôm nay",
    "init.every": "day, week, month, quarter, year hoặc all",
    "init.from": "hoặc nhãn như 2024-Q1. Mặc định: ngày đầu tiên trong tệp",
    "init.to": "tính cả ngày này. Mặc định: as_of",
    "init.preset": "docs/presets.md cho biết mẫu này làm gì",
    "init.open_meaning": "để ngỏ: {what}; bỏ dấu # ở dòng đúng trong cấu hình",
    "init.todo": "CẦN LÀM: {why}",
    "init.left_out_files": "Bỏ qua:",
    "init.goals": "Mục tiêu của riêng bạn; crm-kpi check sẽ đánh giá.",
    "init.hours": "giờ; càng thấp càng tốt",
}
