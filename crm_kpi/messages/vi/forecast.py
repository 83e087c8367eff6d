"""Why something cannot be forecast, and how far to trust what is, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    "forecast.no_rate": "không phải tổng tiền hay số lượng, mà chỉ những số này được dự báo: các "
    "số khác suy ra từ các phần của chúng",
    "forecast.no_rhythm": "dự báo đi theo ngày, tuần, tháng hoặc quý",
    "forecast.choose_rhythm": "dùng --every month",
    "forecast.too_short": "{metric} có {count} kỳ trọn vẹn để học, còn dự báo cần {needed}",
    "forecast.too_short_for": "{metric} có {count} kỳ trọn vẹn để học, còn {method} cần {needed}",
    "forecast.shorter_periods": "--every month hoặc week có nhiều kỳ hơn, và --from sớm hơn "
    "cũng vậy",
    "forecast.of_segment": "{segment}: {what}",
    "forecast.after_gap": "không biết {metric} của {period} ({why}), nên chỉ học từ các kỳ sau đó",
    "forecast.last_unknown": "không biết {metric} của {period} ({why}), nên dự báo bắt đầu từ kỳ "
    "này",
    "forecast.accuracy": "{count} dự báo gần nhất cho {season} kỳ lệch trung bình {error:,} mỗi "
    "kỳ, bằng {ratio:.2f} lần độ lệch của seasonal_naive",
    "forecast.held": "dải 80 % đúng {held_80} % số lần, dải 95 % đúng {held_95} %",
    "forecast.fell_back": "{count} dự báo gần nhất cho {season} kỳ bằng {method} lẽ ra lệch gấp "
    "{ratio:.2f} lần seasonal_naive, nên dùng seasonal_naive",
    "forecast.fell_back_from": "{count} dự báo gần nhất cho {season} kỳ bằng {method} lẽ ra lệch "
    "trong khi seasonal_naive đúng, nên dùng seasonal_naive",
    "forecast.not_tried": "chưa thể biết dự báo trước đây đúng đến đâu khi chưa có {needed} kỳ "
    "trọn vẹn; hiện có {count}",
    "forecast.no_band": "không có dải: quá ít dự báo trước đây để so với thực tế",
    "forecast.deals_not_split": "bỏ qua weighted_pipeline: bảng opportunities không có cột "
    "đó để chia nhóm hoặc lọc",
    "forecast.deals_left_out": "{count} cơ hội đang mở không có số tiền hoặc xác suất, không nằm "
    "trong dòng nào của weighted_pipeline",
}
