"""What `check` says: a line for every goal, and why one cannot be judged."""

TEXTS: dict[str, str | dict[str, str]] = {
    "check.nothing": "there is nothing to check: the config has no thresholds",
    "check.for_example": "add for example  thresholds: {{retention_rate: {{target: 95, "
    "warning: 90}}}}",
    "check.no_such_period": "thresholds.{name}: no {every} is called {label}",
    "check.set_every": "say thresholds.{name}.every, or write labels such as 2024-12",
    "check.child_lacks": "{names}: no progress",
    "check.no_tasks": "no tasks in {path}",
    "check.no_whole_period": "no whole {every} yet",
    "check.no_goal_for": "check: {name} has no goal for {period}",
    "check.no_source_of_freshness": "checks.freshness: there is no {table} source",
    "check.has_no_rows": "stale: {table} has no rows",
    "check.is_stale": "stale: the newest row of {table} is of {newest}, and {allowed} before "
    "{as_of} are allowed",
    "check.unjudged": "{goal}: {reason}",
    "check.no_value": "no value ({reason})",
    "check.data_end": "{table} has no row after {last}, so that 0 tells nothing",
    "check.cannot_be_checked": "a goal cannot be judged",
    "check.mend": "mend the source, choose other periods, or take the goal out of the config; "
    "checks.no_data: ok lets goals without a value pass",
    "check.summary": "check: {met} met, {near} near, {missed} missed",
    "check.without_value": {
        "one": "check: {count} goal has no value",
        "other": "check: {count} goals have no value",
    },
    # goals that are no KPI's, in reports
    "check.heading": "Goals",
    "check.formula": "100 x the way that is done",
    # the lines
    "check.near": "~ near",
    "check.no_data": "– no data",
    "check.was": "was {value}",
    "check.n": "n {n}",
    "check.within_error": "within error",
    "check.by_day": "{title}, by day",
    "check.by_week": "{title}, by week",
    "check.by_month": "{title}, by month",
    "check.by_quarter": "{title}, by quarter",
    "check.by_year": "{title}, by year",
    "check.by_all": "{title}, of all time",
    "check.goal": "goal {goal}",
    "check.unusual": "! unusual",
    "check.usual": "usual: {range}",
    "check.unusual_count": "check: {count} unusual",
}
