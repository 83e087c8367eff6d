"""Why an analysis cannot be made, or what to mind about one."""

TEXTS: dict[str, str | dict[str, str]] = {
    # cohorts
    "analyses.revenue_needs_activity": "of: revenue goes with mode: on and basis: activity",
    # follow_up
    "analyses.days_or_weeks": "days or weeks such as 7d or 2 weeks",
    "analyses.within_shorter_than_after": "within should not be shorter than after",
    "analyses.no_interactions": "no table of interactions: nobody is known to have been in "
    "touch, and all whose purchase is old enough are listed",
    # funnel
    "analyses.stages_empty_or_twice": "should name at least one stage, and none twice",
    "analyses.no_stage_is_left": "no deal goes on from any of the stages {stages}: which of "
    "them means lost cannot be told without outcomes",
    "analyses.name_stages": "give the deals with --opportunities, or the order with "
    "definitions.funnel.stages: [first, ..., last]",
    "analyses.order_not_told": "which of the stages {stages} comes first is not told: there are "
    "no stage_changes, and not every stage has a probability",
    "analyses.name_order": "give the order with definitions.funnel.stages: [first, ..., last], or "
    "the way of each deal with --stage-changes",
    "analyses.stage_never_entered": "definitions.funnel.stages: no deal was ever in '{stage}'",
    # history
    "analyses.no_such_customer": "no customer '{customer}' in {tables}",
    "analyses.customers_alike": "near ones are {ids}",
    # unresolved
    "analyses.hours_or_days": "hours, minutes or days such as 48h or 2d",
}
