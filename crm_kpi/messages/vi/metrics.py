"""Why a KPI has no value, or what to mind about one, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    # all of them
    "metrics.number_of_18_digits": "một số có tối đa 18 chữ số",
    "metrics.number_of_days": "số ngày như {example}",
    # retention
    "metrics.window_needs_activity": "window đi cùng basis: activity",
    "metrics.days_or_period": "số ngày như 90d, hoặc từ period",
    "metrics.no_customers": "không có khách hàng",
    "metrics.no_customers_at_start": "không có khách hàng đầu kỳ",
    "metrics.no_customers_to_lose": "không có khách hàng nào để mất",
    "metrics.churn_undated": "{undated} trên {customers} khách đã rời bỏ mà tệp không ghi ngày nào",
    "metrics.nobody_known_to_leave": "tệp không ghi ai đã rời bỏ, nên coi như không ai",
    "metrics.more_lost_than_gained": "khách mất ({lost}) nhiều hơn khách có thêm ({gained})",
    "metrics.no_transactions": "không có giao dịch",
    "metrics.unsaid_parts": "tệp của chỉ số này không nói nó gồm những gì",
    "metrics.no_orders": "không có đơn hàng",
    "metrics.no_second_order": "không khách nào có đơn thứ hai",
    "metrics.no_customer_with_order": "không khách nào có đơn hàng",
    "metrics.no_customer_with_transaction": "không khách nào có giao dịch",
    "metrics.lookback_needs_returning": "lookback đi cùng base: returning",
    "metrics.lookback_in_days": "lookback phải là số ngày như 365d",
    "metrics.lookback_before_first_row": "tệp bắt đầu chưa đến {lookback} trước kỳ này: có thể "
    "thiếu đơn trước đó",
    "metrics.no_revenue_to_share": "không có doanh thu trên 0 để chia tỷ trọng",
    "metrics.no_gini": "không có hệ số Gini: {count} khách có doanh thu dưới 0",
    "metrics.no_acquisition_costs": "không có chi phí thu hút khách",
    "metrics.no_new_customer": "có chi phí thu hút khách nhưng không có khách mới",
    "metrics.nothing_spent": "chi phí thu hút khách cộng lại bằng 0",
    "metrics.no_retention_costs": "không có chi phí giữ chân khách",
    "metrics.no_customer_retained": "không giữ được khách nào",
    "metrics.costs_exceed_revenue": "chi phí giữ một khách cao hơn doanh thu trên mỗi khách",
    # value
    "metrics.lifetime": "observed, churn hoặc số năm trên 0",
    "metrics.no_lifetime_observed": "không có khách nào để tính thời gian gắn bó",
    "metrics.no_churn_rate": "không có khách đầu kỳ, nên không có tỷ lệ rời bỏ",
    "metrics.no_end_of_churn": "không mất khách nào, nên 1 / tỷ lệ rời bỏ là vô hạn",
    "metrics.short_exposure": "khách hiện diện trung bình {days} ngày của kỳ, nên nói được ít về "
    "số lần mua mỗi năm",
    "metrics.lifetime_is_floor": "{share} % khách vẫn còn, nên thời gian gắn bó chỉ là mức tối "
    "thiểu; {by_churn}",
    "metrics.lifetime_by_churn": "thời gian gắn bó: tính theo tỷ lệ rời bỏ là {years} năm",
    "metrics.nobody_lost": "thời gian gắn bó: tính theo tỷ lệ rời bỏ là vô hạn, vì không mất "
    "khách nào trong kỳ",
    "metrics.no_margin": "chưa có biên lợi nhuận: đặt definitions.clv_profit.margin, như 0.35",
    "metrics.acquisition_costs_unshared": "có chi phí {kinds} nhưng không có khách mới để phân bổ",
    "metrics.costs_unshared": "có chi phí {kinds} nhưng không có khách để phân bổ",
    "metrics.no_costs": "không có chi phí {kinds} trong kỳ",
    # surveys
    "metrics.scale_needs_two": "phải là điểm thấp nhất và cao nhất, như [1, 5]",
    "metrics.satisfied_needs_value": "satisfied không có giá trị mặc định trên thang này: hãy đặt",
    "metrics.satisfied_outside_scale": "satisfied phải nằm trong thang điểm",
    "metrics.no_answers": "không có câu trả lời",
    "metrics.anonymous_answers": "bỏ qua {count} câu trả lời không rõ khách hàng",
    "metrics.unsent_answers": "bỏ qua {count} câu trả lời không có ngày gửi",
    "metrics.no_surveys_sent": "không gửi khảo sát nào",
    # service
    "metrics.should_name_day": "phải nêu ít nhất một ngày",
    "metrics.business_hours_missing": "hours: business cần business_hours, như {{weekdays: "
    '{{mon-fri: "08:00-17:30"}}}}',
    "metrics.business_hours_unused": "business_hours đi cùng hours: business",
    "metrics.day_twice": "có {day} hai lần",
    "metrics.not_days": "có '{days}', phải là một hoặc nhiều ngày như sat hoặc mon-fri",
    "metrics.not_hours": "có '{hours}', phải là giờ như 08:00-17:30",
    "metrics.hours_not_forward": "có '{hours}', phải đi tới từ 00:00 đến 24:00; giờ sau nửa đêm "
    "thuộc ngày hôm sau",
    "metrics.no_tickets": "không có yêu cầu",
    "metrics.no_tickets_yet": "chưa có yêu cầu",
    "metrics.no_ticket_answered": "chưa yêu cầu nào được phản hồi",
    "metrics.no_ticket_solved": "chưa yêu cầu nào được giải quyết",
    "metrics.no_ticket_solved_before": "không yêu cầu nào được giải quyết từ {window} trước trở "
    "về trước",
    "metrics.may_come_back": "bỏ qua {pending} yêu cầu giải quyết chưa đến {window}: khách có thể "
    "quay lại",
    "metrics.replies_unknown": "không yêu cầu nào ghi số lần phản hồi và mở lại",
    "metrics.reopenings_unknown": "không yêu cầu đã giải quyết nào ghi có mở lại hay không",
    "metrics.hours_or_minutes": "số giờ hoặc phút trên 0, như 48h hoặc 30m",
    "metrics.priority_twice": "có một mức ưu tiên hai lần; chữ hoa chữ thường như nhau",
    "metrics.all_inside_target": "mọi yêu cầu đang mở và còn trong hạn",
    "metrics.no_ticket_with_target": "không yêu cầu nào có thời hạn",
    # sales
    "metrics.ever_or_window": "ever, hoặc số ngày hay tháng như 30d, 2 weeks hoặc 3 months",
    "metrics.window_needs_cohort": "window đi cùng basis: cohort",
    "metrics.no_leads": "không có khách hàng tiềm năng mới",
    "metrics.conversions_undated": "{undated} trên {leads} khách tiềm năng chuyển đổi mà không "
    "ghi ngày, nên không biết có trong {window} hay không",
    "metrics.leads_pending": "{pending} trên {leads} khách tiềm năng vẫn có thể chuyển đổi trong "
    "{window}",
    "metrics.cohort_young": "{young} trên {leads} khách tiềm năng chưa đến {days} ngày, trong khi "
    "9 trên 10 người chuyển đổi trong khoảng đó",
    "metrics.no_interactions": "không có tương tác",
    "metrics.no_touches": "không có tương tác nào với khách hàng tiềm năng",
    "metrics.no_open_deals": "không có cơ hội đang mở",
    "metrics.no_open_deal_priced": "không cơ hội đang mở nào có số tiền",
    "metrics.open_deals_unpriced": "{unpriced} trên {deals} cơ hội đang mở không có số tiền",
    "metrics.no_open_deal_weighted": "không cơ hội đang mở nào có cả số tiền lẫn xác suất",
    "metrics.deals_unweighted": "bỏ qua {unweighted} trên {deals} cơ hội đang mở: thiếu số tiền "
    "hoặc xác suất",
    "metrics.deals_closed_since": "{closed} trên {deals} cơ hội đã đóng từ đó: xác suất tính khi "
    "đã biết kết quả",
    "metrics.no_deals_closed": "không cơ hội nào đóng",
    "metrics.no_deals_won": "không cơ hội nào thắng",
    "metrics.lost_deals_unpriced": "không có tỷ lệ thắng theo số tiền: {unpriced} trên {deals} cơ "
    "hội thua không ghi số tiền",
    "metrics.won_deals_unpriced": "không có tỷ lệ thắng theo số tiền: {unpriced} trên {deals} cơ "
    "hội thắng không ghi số tiền",
    "metrics.deals_worth_nothing": "các cơ hội đã đóng có giá trị bằng 0",
    "metrics.no_won_deal_priced": "không cơ hội thắng nào có số tiền",
    "metrics.no_won_deal_dated": "không cơ hội thắng nào có ngày tạo",
    "metrics.cycle_of_no_days": "chu kỳ bán hàng 0 ngày",
    # subscriptions
    "metrics.no_paying_customer": "không có khách trả phí",
    "metrics.nobody_paid_a_year_ago": "không khách nào trả phí 12 tháng trước cuối kỳ",
    "metrics.nobody_paid_at_start": "không khách nào trả phí đầu kỳ",
    "metrics.no_mrr_at_start": "không có doanh thu định kỳ đầu kỳ",
    "metrics.no_revenue": "không có doanh thu trên 0",
    "metrics.nothing_upsold": "không giao dịch nào thuộc loại upsell hoặc cross_sell",
    "metrics.refunds_unassigned": "hoàn tiền {amount} thuộc các đơn còn có dòng khác, nên không "
    "trừ",
    "metrics.no_mrr_lost": "không mất doanh thu định kỳ",
    "metrics.no_mrr_moved": "doanh thu định kỳ không biến động",
    "metrics.nothing_due": "không có gì đến hạn",
    "metrics.all_terms_short": "mọi kỳ hạn đều ngắn hơn {term}: khai term_months nếu hợp đồng dài "
    "hơn kỳ tính tiền, hoặc min_term: 0d để tính tất cả",
    "metrics.days_or_months": "số ngày hoặc tháng như 90d hoặc 3 months",
    "metrics.renewals_pending": "{pending} còn trong thời gian gia hạn thêm {days} ngày",
    # quality
    "metrics.unknown_column": "{table} không có cột {column}; {hint}",
    "metrics.country": "hai chữ cái của một nước, như VN",
    "metrics.days": "số ngày, như 365d",
    "metrics.not_a_date_column": "{column} phải là cột ngày hoặc giờ",
    "metrics.weights_all_zero": "phải còn ít nhất một tiêu chí trên 0",
    "metrics.no_dimension": "không tiêu chí nào áp dụng được",
    "metrics.no_cell_to_fill": "không ô nào phải điền",
    "metrics.no_filled_cell": "không ô nào đã điền để đánh giá",
    "metrics.nothing_unique": "không có gì trong {table} phải là duy nhất",
    "metrics.nothing_to_compare": "không có gì để so sánh",
    "metrics.no_update_date": "không có ngày cập nhật",
    # why the change of a metric cannot be told by segments
    "metrics.median_has_no_parts": "trung vị của tất cả không cộng lại từ trung vị của từng nhóm",
    "metrics.product_has_no_parts": "chỉ số này gồm nhiều con số thay đổi theo cách riêng",
    "metrics.top_has_no_parts": "nhóm khách hàng hàng đầu của tất cả không phải là của từng nhóm",
    "metrics.weights_have_no_parts": "đây là trung bình của nhiều điểm thay đổi theo cách riêng",
}
