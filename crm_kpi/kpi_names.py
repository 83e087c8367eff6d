"""What people call a KPI, beside its id and its title: abbreviations, and what it is in Vietnamese.

A word finds its KPI in any case and without its accents.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from crm_kpi.messages import LANGUAGES, texts

OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "additional_purchase_rate": ("cross-sell rate", "tỷ lệ mua thêm", "tỷ lệ mua hàng bổ sung",
        "tỷ lệ bán chéo"),
    "average_order_value": ("AOV", "APV", "average purchase value", "average basket",
        "giá trị đơn hàng trung bình", "giá trị mua hàng trung bình"),
    "churn_rate": ("churn", "attrition rate", "tỷ lệ khách hàng rời bỏ", "tỷ lệ rời bỏ",
        "tỷ lệ churn", "tỷ lệ khách hàng bỏ đi"),
    "customers": ("customer count", "customer turnover", "số lượng khách hàng", "số khách hàng",
        "khách hàng đầu kỳ", "khách hàng cuối kỳ", "doanh số khách hàng"),
    "expected_churn": ("churn forecast", "predicted churn", "dự báo rời bỏ", "khách sắp rời bỏ"),
    "loyal_customers": ("khách hàng trung thành", "khách quen", "lượng khách hàng trung thành"),
    "purchase_frequency": ("APF", "average purchase frequency", "tần suất mua hàng",
        "tần suất mua hàng trung bình"),
    "repeat_purchase_rate": ("RPR", "repeat rate", "repurchase rate", "tỷ lệ mua lại",
        "tỷ lệ mua hàng lặp lại"),
    "retention_cost": ("CRC", "customer retention cost", "chi phí giữ chân khách hàng",
        "chi phí duy trì"),
    "retention_rate": ("retention", "CRR", "tỷ lệ giữ chân khách hàng", "tỷ lệ giữ chân",
        "tỷ lệ duy trì khách hàng"),
    "revenue": ("sales", "net revenue", "turnover", "doanh thu", "doanh thu thuần"),
    "revenue_concentration": ("mức độ tập trung doanh thu", "80/20", "gini",
        "tỷ trọng doanh thu của 20 % khách hàng hàng đầu"),
    "revenue_per_customer": ("ARPC", "average revenue per customer", "ARPU",
        "doanh thu trung bình trên mỗi khách hàng", "doanh thu bình quân/khách"),
    "time_between_purchases": ("TBP", "inter-purchase time", "khoảng cách giữa các lần mua",
        "thời gian giữa hai lần mua hàng"),
    "clv": ("LTV", "CLTV", "lifetime value", "giá trị vòng đời khách hàng",
        "giá trị trọn đời của khách hàng", "giá trị trọn đời"),
    "clv_historic": ("historic LTV", "giá trị vòng đời đã ghi nhận", "CLV lịch sử",
        "tổng chi tiêu đến nay"),
    "clv_predicted": ("predicted LTV", "giá trị vòng đời dự báo", "CLV dự báo", "predictive CLV"),
    "clv_profit": ("lợi nhuận vòng đời khách hàng", "lợi nhuận trọn đời"),
    "cac": ("customer acquisition cost", "chi phí thu hút khách hàng", "chi phí có khách hàng mới"),
    "ltv_cac": ("LTV:CAC", "CLV:CAC", "LTV to CAC ratio", "tỷ lệ LTV trên CAC"),
    "arpa": ("doanh thu bình quân mỗi khách hàng trả phí", "doanh thu trung bình mỗi tài khoản"),
    "arr": ("doanh thu định kỳ hàng năm",),
    "expansion_rate": ("expansion revenue rate", "upsell rate", "tỷ lệ doanh thu mở rộng",
        "doanh thu mở rộng"),
    "grr": ("GDR", "tỷ lệ giữ doanh thu gộp", "duy trì doanh thu gộp"),
    "mrr": ("doanh thu định kỳ hàng tháng",),
    "nrr": ("NDR", "net dollar retention", "tỷ lệ giữ doanh thu thuần", "duy trì doanh thu thuần"),
    "quick_ratio": ("SaaS quick ratio", "hệ số tăng trưởng nhanh"),
    "renewal_rate": ("tỷ lệ gia hạn", "tỷ lệ tái ký", "tỷ lệ tái tục"),
    "ces": ("điểm nỗ lực của khách hàng",),
    "csat": ("customer satisfaction", "điểm hài lòng của khách hàng", "mức độ hài lòng"),
    "nps": ("chỉ số NPS", "chỉ số khuyến nghị ròng", "điểm nhà quảng cáo ròng",
        "chỉ số đo lường sự hài lòng"),
    "response_rate": ("survey response rate", "tỷ lệ phản hồi khảo sát", "tỷ lệ trả lời"),
    "fcr": ("first call resolution", "tỷ lệ giải quyết ngay lần liên hệ đầu tiên",
        "phân giải liên hệ đầu tiên"),
    "first_response_time": ("FRT", "first reply time", "thời gian phản hồi đầu tiên",
        "thời gian phản hồi lần đầu"),
    "reopen_rate": ("tỷ lệ mở lại yêu cầu",),
    "resolution_time": ("TTR", "MTTR", "time to resolution", "thời gian giải quyết yêu cầu",
        "thời gian xử lý"),
    "sla_attainment": ("SLA", "tỷ lệ đạt SLA", "tỷ lệ đúng hạn cam kết"),
    "ticket_backlog": ("backlog", "open tickets", "yêu cầu tồn đọng"),
    "tickets": ("số yêu cầu hỗ trợ", "phiếu hỗ trợ", "ticket"),
    "interactions": ("touches", "tương tác", "số lần tương tác"),
    "lead_conversion_rate": ("conversion rate", "lead conversion",
        "tỷ lệ chuyển đổi khách hàng tiềm năng", "tỷ lệ chuyển đổi lead", "tỷ lệ chuyển đổi"),
    "leads": ("số khách hàng tiềm năng", "lead", "đầu mối"),
    "pipeline_value": ("giá trị cơ hội đang mở", "giá trị pipeline", "giá trị phễu"),
    "sales_cycle": ("sales cycle length", "chu kỳ bán hàng", "thời gian chốt trung bình"),
    "sales_velocity": ("tốc độ bán hàng",),
    "touches_per_lead": ("số lần tiếp xúc mỗi khách hàng tiềm năng", "số lần chăm sóc"),
    "weighted_pipeline": ("sales forecast", "giá trị cơ hội theo xác suất", "doanh số kỳ vọng"),
    "win_rate": ("close rate", "tỷ lệ thắng", "tỷ lệ chốt thành công", "tỷ lệ thành công"),
    "completeness": ("độ đầy đủ dữ liệu", "độ đầy đủ"),
    "consistency": ("độ nhất quán dữ liệu", "độ nhất quán"),
    "data_quality": ("data quality score", "chất lượng dữ liệu khách hàng", "chất lượng dữ liệu"),
    "timeliness": ("độ kịp thời của dữ liệu", "độ kịp thời"),
    "uniqueness": ("độ duy nhất", "trùng lặp", "duplicates"),
    "validity": ("độ hợp lệ của dữ liệu", "độ hợp lệ"),
    "churn_reasons": ("lost reasons", "lý do rời bỏ", "nguyên nhân khách rời bỏ"),
    "cohorts": ("cohort", "cohort analysis", "phân tích theo nhóm khách"),
    "concentration": ("Lorenz curve", "pareto", "tập trung doanh thu theo khách hàng"),
    "feedback": ("detractor comments", "phản hồi của khách hàng", "ý kiến khách hàng", "góp ý"),
    "follow_up": ("khách hàng cần chăm sóc lại", "danh sách cần gọi lại"),
    "funnel": ("sales funnel", "phễu bán hàng", "phễu chuyển đổi"),
    "history": ("customer history", "lịch sử khách hàng", "hồ sơ khách hàng"),
    "issues": ("issue tracking", "nhóm vấn đề khách hàng hỏi", "chủ đề hỗ trợ",
        "theo dõi vấn đề"),
    "drivers": ("why it moved", "contribution analysis", "nguyên nhân thay đổi"),
    "pipeline": ("open deals", "cơ hội đang mở", "danh sách cơ hội"),
    "rfm": ("RFM segments", "phân nhóm RFM"),
    "spending": ("chi tiêu theo nhóm hàng",),
    "survival": ("Kaplan-Meier", "thời gian gắn bó", "đường sống sót"),
    "team": ("team performance", "hiệu quả nhân viên", "kết quả theo nhân viên kinh doanh",
        "hiệu suất đội ngũ"),
    "unresolved": ("yêu cầu chưa giải quyết quá hạn", "yêu cầu chưa giải quyết"),
    "expected_conversions": ("lead forecast", "dự báo chuyển đổi", "số khách hàng mới dự kiến"),
    "forecast": ("forecasting", "dự báo", "dự báo doanh thu", "dự báo bán hàng"),
    "churn_risk": ("at-risk customers", "customers at risk", "khách hàng có nguy cơ rời bỏ",
        "nguy cơ rời bỏ"),
    "customers_value": ("CLV by customer", "giá trị từng khách hàng"),
    "backtest": ("backtesting", "forecast accuracy", "độ chính xác của dự báo"),
}  # fmt: skip
"""Id: names in use."""


def find(word: str, titles: Mapping[str, str]) -> str | None:
    """The KPI that a word names.

    Args:
        titles: of every KPI, by id.
    """
    wanted = _key(word)
    names = ((kpi, name) for kpi, title in titles.items() for name in names_of(kpi, title))
    found = next((kpi for kpi, name in names if _key(name) == wanted), None)
    if found or not wanted:
        return found
    return next((kpi for kpi, name in _shown(titles) if _key(name) == wanted), None)


def _shown(kpis: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What the KPIs are called on a screen in another language."""
    for language in LANGUAGES[1:]:
        there = texts(language)
        for kpi in kpis:
            for room in ("titles", "short_titles"):
                yield kpi, str(there.get(f"{room}.{kpi}", ""))


def names_of(kpi: str, title: str) -> Iterable[str]:
    """All names of a KPI, its id first."""
    return (kpi, title, *OTHER_NAMES.get(kpi, ()))


def _key(name: str) -> str:
    """Letters and digits without accents; `tỉ` is written for `tỷ` as often."""
    plain = unicodedata.normalize("NFD", name.casefold()).replace("đ", "d")
    return "".join(letter for letter in plain if letter.isalnum()).replace("tyle", "tile")
