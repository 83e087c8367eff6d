"""What each key of a definition means, of all KPIs or of one alone, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    "fields.order": "thế nào là một đơn: id (các dòng của một khách có cùng transaction_id), day "
    "(một khách một ngày) hoặc row; mặc định id, và row nếu tệp không có mã",
    "fields.free_orders": "đơn trị giá 0 có được tính không",
    "fields.of": "lấy thứ hai theo gì: category hoặc product",
    "fields.cohorts.of": "theo dõi gì: số khách hàng, hay doanh thu của họ",
    "fields.funnel.of": "ai đi qua phễu; mặc định opportunities, và leads nếu chỉ có bảng này",
    "fields.spending.of": "mỗi dòng là gì: category hoặc product",
    "fields.basis": "contract: ngày đăng ký và ngày rời bỏ trong bảng customers; activity: lần "
    "mua trong bảng transactions",
    "fields.cohorts.basis": "thế nào là hoạt động: activity (có đơn) hoặc contract (đăng ký và "
    "rời bỏ); mặc định activity nếu có transactions",
    "fields.lead_conversion_rate.basis": "cohort: trong số khách tiềm năng tạo trong kỳ, ai "
    "chuyển đổi; period: số chuyển đổi trong kỳ trên số tạo trong kỳ",
    "fields.window": "với basis activity: 90d (có mua trong số ngày này trước thời điểm; mặc "
    "định) hoặc period (mua ở kỳ trước / mua ở kỳ này)",
    "fields.loyal_customers.window": "tính đơn trong bao lâu trước cuối kỳ, theo ngày",
    "fields.grr.window": "điểm đầu lùi bao xa: 12 tháng trước cuối kỳ, hoặc đầu kỳ",
    "fields.nrr.window": "điểm đầu lùi bao xa: 12 tháng trước cuối kỳ, hoặc đầu kỳ",
    "fields.fcr.window": "số ngày mà cùng khách không được mở yêu cầu mới cùng nhóm, như 7d; 0d "
    "là không xét",
    "fields.lead_conversion_rate.window": "với basis cohort: ever, hoặc khoảng từ lúc tạo mà "
    "chuyển đổi được tính, như 30d hoặc 3 months",
    "fields.rule": "tính gì là mất, và chia cho gì",
    "fields.orders": "bao nhiêu đơn thì là khách trung thành",
    "fields.base": "đơn của kỳ; trong số người mua của kỳ, người có đơn khác trong khoảng "
    "lookback; hoặc mọi đơn đến cuối kỳ",
    "fields.expansion_rate.base": "doanh thu định kỳ đầu kỳ, từ subscriptions; hoặc doanh thu của "
    "kỳ, từ transactions và kind; mặc định starting_mrr, và revenue nếu có transactions mà không "
    "có subscriptions",
    "fields.lookback": "với base returning: đơn khác được tính trong bao lâu trước đơn cuối của "
    "kỳ, theo ngày; mặc định 365d",
    "fields.top": "bao nhiêu phần trăm khách hàng là hàng đầu",
    "fields.lifetime": "observed, churn, hoặc số năm",
    "fields.customers": "tính thời gian của ai: active (mọi khách trong kỳ) hoặc buyers (khách có "
    "đơn trong kỳ, làm apf cao khi kỳ ngắn)",
    "fields.model": "mbg (khách có thể rời đi sau bất kỳ lần mua nào) hoặc bg (không rời trước lần "
    "mua thứ hai)",
    "fields.horizon": "nhìn trước bao xa, theo ngày, tuần hoặc tháng",
    "fields.prior": "các tham số được giữ gần 1 mạnh đến đâu khi ít khách nói về chúng; 0 là hợp "
    "lý cực đại thuần túy",
    "fields.clv_predicted.free_orders": "ngày mà mọi lần mua đều trị giá 0 có được tính không",
    "fields.discount": "tiền của một năm sau được tính ít đi bao nhiêu; 0 là không chiết khấu",
    "fields.clv_predicted.unit": "thời gian được hiển thị theo đơn vị nào; các số khác không đổi",
    "fields.margin": "phần doanh thu còn lại sau giá vốn, như 0.35",
    "fields.acquisition_cost": "mỗi khách; mặc định lấy từ bảng costs",
    "fields.retention_cost": "mỗi khách mỗi năm; mặc định lấy từ bảng costs",
    "fields.service_cost": "mỗi khách mỗi năm; mặc định lấy từ bảng costs",
    "fields.arpc": "doanh thu trung bình mỗi khách mỗi tháng, khi không có bảng subscriptions: "
    "mrr = khách cuối kỳ x arpc",
    "fields.reactivation": "khách ngưng trong khoảng và có lại ở cuối: counted (được tính), hay "
    "churned (mất hẳn)",
    "fields.grace": "sau ngày đến hạn bao lâu thì gia hạn vẫn được tính, theo ngày, như 30d",
    "fields.min_term": "kỳ hạn ngắn nhất được tính, theo ngày hoặc tháng, như 3 months; 0d để "
    "tính tất cả",
    "fields.method": "điểm trung bình, hoặc tỷ trọng câu trả lời ở ba mức trên",
    "fields.high_is_easy": "false nếu điểm thấp nghĩa là dễ",
    "fields.scale": "điểm thấp nhất và cao nhất",
    "fields.satisfied": "điểm thấp nhất được coi là hài lòng; mặc định theo thang",
    "fields.expected_conversions.horizon": "nhìn trước bao xa, theo ngày, tuần hoặc tháng",
    "fields.history": "học từ bao lâu trước đây, theo ngày hoặc tuần, như 90d",
    "fields.cuts": "dự đoán lại khách hàng ở bao nhiêu thời điểm trước đây",
    "fields.forecast.metric": "chỉ số là tiền hay số lượng, hoặc một biến thể của nó",
    "fields.forecast.horizon": "dự báo trước bao nhiêu kỳ",
    "fields.forecast.method": "auto: theo số kỳ trọn vẹn, và theo cách nào lẽ ra lệch ít hơn",
    "fields.backtest.of": "điều gì đã được dự đoán: expected_churn hoặc forecast; mặc định là "
    "expected_churn khi có giao dịch",
    "fields.per": "tính mọi câu trả lời, hoặc câu mới nhất của mỗi khách trong kỳ",
    "fields.rfm.per": "mỗi khách một dòng, hoặc mỗi nhóm một dòng",
    "fields.hours": "mọi giờ, hoặc chỉ giờ làm việc",
    "fields.business_hours": "với hours business: ngày trong tuần, ngày nghỉ và múi giờ",
    "fields.target": "số giờ hoặc phút để xử lý một yêu cầu, như 48h, hoặc theo mức ưu tiên, như "
    '{{high: 4h, "*": 48h}}',
    "fields.team.target": "số tiền phải đạt trong khoảng thời gian: một số cho mọi người, hoặc "
    "theo người, như {{An: 500000, Binh: 300000}}",
    "fields.clock": "việc gì phải đúng hạn",
    "fields.probability": "given: cột probability; learned: từ kết quả các cơ hội từng ở cùng "
    "giai đoạn; mặc định given, và learned nếu tệp không có cột này",
    "fields.by": "tỷ trọng số cơ hội, hay số tiền",
    "fields.table": "bảng được xem xét",
    "fields.columns": "các cột cần điền, ngoài các cột bắt buộc; mặc định: email và phone của "
    "customers, nếu tệp có",
    "fields.within": "số ngày trước ngày chốt số, như 365d",
    "fields.follow_up.within": "lần mua cũ hơn thì thôi: 30d; mặc định không bỏ; bắt buộc "
    "khi không có bảng tương tác",
    "fields.updated": "cột ngày hoặc giờ cho biết dòng được cập nhật lần cuối khi nào",
    "fields.region": "số điện thoại không có mã nước được gọi từ đâu: hai chữ cái",
    "fields.allowed": "cột: các giá trị được phép, như {{segment: [Retail, Wholesale]}}",
    "fields.weights": "trọng số của từng tiêu chí",
    "fields.mode": "hoạt động đúng trong kỳ đó, hoặc trong kỳ đó hay kỳ nào sau đó",
    "fields.purchase": "lần mua nào cần chăm sóc",
    "fields.after": "mua bao lâu thì đến lúc chăm sóc: 7d, 2 weeks",
    "fields.stages": "các giai đoạn của opportunities, từ đầu đến cuối; giai đoạn khác không "
    "tính; mặc định học từ stage_changes, hoặc từ xác suất của các giai đoạn",
    "fields.customer": "lịch sử của ai; mặc định mọi khách hàng",
    "fields.deals": "mỗi giai đoạn một dòng, hoặc mỗi cơ hội một dòng",
    "fields.untouched": "bao lâu không có gì thì coi là cơ hội bị bỏ quên, theo ngày, như 14d",
    "fields.unit": "thời gian tính bằng gì",
    "fields.limit": "yêu cầu được mở tối đa bao lâu: 48h, 30m hoặc 2d",
    "fields.expected_churn.basis": "activity: không mua trong khoảng dự báo; contract: rời bỏ "
    "trong khoảng đó; mặc định activity khi có giao dịch, nếu không thì contract",
    "fields.expected_churn.columns": "với basis contract: các cột của bảng customers mà theo đó "
    "khách rời bỏ nhiều hay ít hơn; không dùng cột thay đổi khi có người rời bỏ",
    "fields.expected_churn.free_orders": "ngày mà mọi lần mua đều trị giá 0 có được tính không",
    "fields.churn_risk.basis": "activity: không mua trong khoảng dự báo; contract: rời bỏ trong "
    "khoảng đó; mặc định activity khi có giao dịch, nếu không thì contract",
    "fields.churn_risk.columns": "với basis contract: các cột của bảng customers mà theo đó khách "
    "rời bỏ nhiều hay ít hơn; không dùng cột thay đổi khi có người rời bỏ",
    "fields.churn_risk.free_orders": "ngày mà mọi lần mua đều trị giá 0 có được tính không",
    "fields.contracts": "với basis contract: customers (ngày đăng ký và ngày rời bỏ) hoặc "
    "subscriptions (từ ngày bắt đầu đầu tiên đến ngày kết thúc cuối cùng); mặc định customers khi "
    "có",
    "fields.ridge": "với basis contract: mức giữ các khoảng thời gian và các cột không khác nhau "
    "khi ít khách nói về chúng; 0 là không giữ",
    "fields.churn_risk.per": "mỗi khách một dòng, hoặc mỗi phần năm của thang rủi ro một dòng",
    "fields.customers_value.per": "mỗi khách một dòng, hoặc mỗi phần mười số khách một dòng",
    "fields.customers_value.free_orders": "ngày mà mọi lần mua đều trị giá 0 có được tính không",
    "fields.customers_value.unit": "thời gian được hiển thị theo đơn vị nào; các số khác không đổi",
    "fields.drivers.metric": "chỉ số đã thay đổi, hoặc một định nghĩa của nó",
    "fields.drivers.by": "các cột, mỗi cột cho một cách giải thích riêng, như --by",
    "fields.before": "nhãn của kỳ trước; mặc định là kỳ liền trước kỳ sau",
    "fields.drivers.after": "nhãn của kỳ sau; mặc định là kỳ trọn vẹn gần nhất",
}
