"""What there is to say of the last whole period; numbers come with their units."""

TEXTS: dict[str, str | dict[str, str]] = {
    "findings.below_goal": "{gap} short of the goal of {target}",
    "findings.below_goal_within_error": "{gap} short of the goal of {target}, within the error",
    "findings.above_goal": "{gap} above the goal of {target}",
    "findings.above_goal_within_error": "{gap} above the goal of {target}, within the error",
    "findings.below_usual": "below the usual {low} to {high}",
    "findings.above_usual": "above the usual {low} to {high}",
}
