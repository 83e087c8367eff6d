"""What there is to say of the last whole period; numbers come with their units, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    "findings.below_goal": "còn thiếu {gap} so với mục tiêu {target}",
    "findings.below_goal_within_error": "còn thiếu {gap} so với mục tiêu {target}, trong sai số",
    "findings.above_goal": "cao hơn mục tiêu {target} {gap}",
    "findings.above_goal_within_error": "cao hơn mục tiêu {target} {gap}, trong sai số",
    "findings.below_usual": "thấp hơn mức thường thấy {low} đến {high}",
    "findings.above_usual": "cao hơn mức thường thấy {low} đến {high}",
}
