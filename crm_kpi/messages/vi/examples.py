"""A worked example of each KPI, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    "examples.additional_purchase_rate": "60 trên 200 người mua có mua nhóm hàng thứ hai: 100 x "
    "60 / 200 = 30",
    "examples.average_order_value": "200 đơn trị giá 10.000, sau đó trả lại 500: 10.000 / 200 = 50",
    "examples.churn_rate": "đầu kỳ 1.000 khách, mất 50: 100 x 50 / 1.000 = 5",
    "examples.customers": "đầu kỳ 20, mất 1, mới 5: 20 - 1 + 5 = 24",
    "examples.loyal_customers": "80 trên 400 khách mua trong 365 ngày qua đã mua từ 3 lần trở "
    "lên: 80, chiếm 20 %",
    "examples.purchase_frequency": "200 đơn của 50 khách: 200 / 50 = 4",
    "examples.repeat_purchase_rate": "200 trên 1.000 người mua đã mua lại: 100 x 200 / 1.000 = 20",
    "examples.retention_cost": "chi 10.000 để giữ 500 khách: 10.000 / 500 = 20",
    "examples.retention_rate": "đầu kỳ 20, cuối kỳ 24, trong đó 5 mới: 100 x (24 - 5) / 20 = 95",
    "examples.revenue": "bán 500 và 300, hoàn tiền 100: 800 - 100 = 700",
    "examples.revenue_concentration": "10 khách, 2 khách đầu mang lại 600 trên 1.000: 100 x 600 / "
    "1.000 = 60",
    "examples.revenue_per_customer": "doanh thu 10.000 từ 50 khách: 10.000 / 50 = 200",
    "examples.time_between_purchases": "đơn ngày 1, 11 và 31 tháng 3: cách 10 và 20 ngày, trung "
    "vị là 15",
    "examples.cac": "chi 6.000 để có 40 khách mới: 6.000 / 40 = 150",
    "examples.clv": "50 mỗi lần mua, 4 lần mỗi năm, 5 năm: 50 x 4 x 5 = 1.000",
    "examples.clv_historic": "đến nay 50.000 từ 100 khách: 50.000 / 100 = 500",
    "examples.clv_predicted": "1.000 khách đã trả 40.000, sẽ trả 12.000: (40.000 + 12.000) "
    "/ 1.000 = 52",
    "examples.clv_profit": "CLV 1.000, biên lợi nhuận 0,3, thu hút 50, mỗi năm 20 trong 5 năm: "
    "1.000 x 0,3 - 50 - 20 x 5 = 150",
    "examples.ltv_cac": "CLV 1.000 và 250 để có một khách: 1.000 / 250 = 4",
    "examples.arpa": "MRR 12.500 từ 150 khách: 12.500 / 150 = 83,33",
    "examples.arr": "MRR 12.500: 12 x 12.500 = 150.000",
    "examples.expansion_rate": "MRR đầu kỳ 10.000, mở rộng 500: 100 x 500 / 10.000 = 5",
    "examples.grr": "đầu kỳ 100, thu hẹp 10, rời bỏ 10: 100 x (100 - 10 - 10) / 100 = 80",
    "examples.mrr": "100 khách trả 100 mỗi tháng, 50 khách trả 600 mỗi năm: 100 x 100 + 50 x 600 "
    "/ 12 = 12.500",
    "examples.nrr": "đầu kỳ 100, mở rộng 10, thu hẹp 10, rời bỏ 10: 100 x 90 / 100 = 90",
    "examples.quick_ratio": "mới 600, mở rộng 200, rời bỏ 150, thu hẹp 50: 800 / 200 = 4",
    "examples.renewal_rate": "120 đến hạn, 102 đã gia hạn: 100 x 102 / 120 = 85",
    "examples.ces": "1.000 câu trả lời có tổng điểm 4.080: 4.080 / 1.000 = 4,08",
    "examples.csat": "400 trên 500 câu trả lời là 4 hoặc 5: 100 x 400 / 500 = 80",
    "examples.nps": "70 người ủng hộ, 20 trung lập, 10 người phản đối: 100 x (70 - 10) / 100 = "
    "60; tính theo khách, một khách trả lời 3 rồi sau đó 9, và một câu trả lời 0 không rõ của ai: "
    "100, ẩn danh 1",
    "examples.response_rate": "125 trên 500 khảo sát gửi đi có trả lời: 100 x 125 / 500 = 25",
    "examples.fcr": "45 trên 50 yêu cầu giải quyết xong với một phản hồi và không mở lại: 100 x "
    "45 / 50 = 90",
    "examples.first_response_time": "chờ 1, 2 và 6 giờ: trung vị là 2",
    "examples.reopen_rate": "3 trên 60 yêu cầu đã giải quyết phải mở lại: 100 x 3 / 60 = 5",
    "examples.resolution_time": "tạo lúc 09:00, giải quyết 09:30, mở lại 09:45, giải quyết 10:15: "
    "75 phút, 1,25 giờ; lần đầu giải quyết sau 30 phút",
    "examples.sla_attainment": "18 đạt, 2 vi phạm, 3 đang mở còn trong hạn: 100 x 18 / (18 + 2) = "
    "90",
    "examples.ticket_backlog": "đầu kỳ mở 12, tạo 40, giải quyết 45: 12 + 40 - 45 = 7",
    "examples.tickets": "trong số tạo tháng 3 có 7 đã giải quyết và 3 đang mở: 10",
    "examples.expected_conversions": "5 khách tiềm năng 2 ngày tuổi; S(2) = 1 và S(7) = 0,7: 5 x "
    "(1 - 0,7 / 1) = 1,5",
    "examples.interactions": "12 cuộc gọi với 4 khách và 30 lượt xem trang của người không rõ: "
    "42, và 12 / 4 = 3 mỗi khách",
    "examples.lead_conversion_rate": "12 trên 100 khách tiềm năng thành khách hàng: 100 x 12 / "
    "100 = 12",
    "examples.leads": "tháng 3 có 100 khách tiềm năng mới, 12 nay là khách hàng: 100",
    "examples.pipeline_value": "hai cơ hội mở 50.000 và 30.000: 80.000",
    "examples.sales_cycle": "thắng sau 10, 20 và 60 ngày: trung vị là 20",
    "examples.sales_velocity": "40 cơ hội mở, trung bình 5.000, thắng 25 %, 50 ngày: 40 x 5.000 x "
    "0,25 / 50 = 1.000",
    "examples.touches_per_lead": "12 tương tác với 5 khách tiềm năng: 12 / 5 = 2,4",
    "examples.weighted_pipeline": "50.000 với 40 % và 30.000 với 80 %: 20.000 + 24.000 = 44.000",
    "examples.win_rate": "30 thắng, 45 thua: 100 x 30 / (30 + 45) = 40",
    "examples.completeness": "294 trên 300 ô đã điền: 100 x 294 / 300 = 98",
    "examples.consistency": "50 khách rời bỏ, 2 khách rời bỏ trước khi đến; 250 đơn, 4 đơn của "
    "khách lạ: 294 / 300 = 98 %",
    "examples.data_quality": "98, 97, 99 và 96, không biết độ kịp thời: (98 + 97 + 99 + 96) / 4 = "
    "97,5",
    "examples.timeliness": "294 trên 300 khách được cập nhật trong một năm: 100 x 294 / 300 = 98",
    "examples.uniqueness": "150 mã và 150 e-mail, 6 trong đó lặp lại: 100 x 294 / 300 = 98",
    "examples.validity": "200 ngày và 100 e-mail, 6 trong đó sai: 100 x 294 / 300 = 98",
    "examples.expected_churn": "4 khách có khả năng mất 0,1, 0,2, 0,3 và 0,8: 100 x 1,4 / 4 = 35",
}
