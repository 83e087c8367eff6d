"""Why a KPI has no value, or what to mind about one."""

TEXTS: dict[str, str | dict[str, str]] = {
    # all of them
    "metrics.number_of_18_digits": "a number of at most 18 digits",
    "metrics.number_of_days": "a number of days such as {example}",
    # retention
    "metrics.window_needs_activity": "window goes with basis: activity",
    "metrics.days_or_period": "a number of days such as 90d, or the word period",
    "metrics.no_customers": "no customers",
    "metrics.no_customers_at_start": "no customers at the start",
    "metrics.no_customers_to_lose": "no customers to lose",
    "metrics.churn_undated": "{undated} of {customers} customers have left, and the file does "
    "not say when",
    "metrics.nobody_known_to_leave": "the file does not say who has left, so nobody has",
    "metrics.more_lost_than_gained": "more customers lost ({lost}) than gained ({gained})",
    "metrics.no_transactions": "no transactions",
    "metrics.unsaid_parts": "its file does not say what it is made of",
    "metrics.no_orders": "no orders",
    "metrics.no_second_order": "no second order of a customer",
    "metrics.no_customer_with_order": "no customer with an order",
    "metrics.no_customer_with_transaction": "no customer with a transaction",
    "metrics.lookback_needs_returning": "lookback goes with base: returning",
    "metrics.lookback_in_days": "lookback should be a number of days such as 365d",
    "metrics.lookback_before_first_row": "the file begins less than {lookback} before the "
    "period: an earlier order may be missing",
    "metrics.no_revenue_to_share": "no revenue above zero to have a share of",
    "metrics.no_gini": {
        "one": "no Gini coefficient: one customer is below zero",
        "other": "no Gini coefficient: {count} customers are below zero",
    },
    "metrics.no_acquisition_costs": "no acquisition costs",
    "metrics.no_new_customer": "acquisition costs, but no new customer",
    "metrics.nothing_spent": "acquisition costs that add up to nothing",
    "metrics.no_retention_costs": "no retention costs",
    "metrics.no_customer_retained": "no customer retained",
    "metrics.costs_exceed_revenue": "keeping a customer costs more than the revenue per customer",
    # value
    "metrics.lifetime": "observed, churn or a number of years above 0",
    "metrics.no_lifetime_observed": "no customer to take a lifetime from",
    "metrics.no_churn_rate": "no customers at the start, so no churn rate",
    "metrics.no_end_of_churn": "no customer lost, so 1 / churn has no end",
    "metrics.short_exposure": "customers were there for {days} days of the period on average, "
    "which says little of purchases a year",
    "metrics.lifetime_is_floor": "{share} % of the customers are still there, so the lifetime is "
    "a floor; {by_churn}",
    "metrics.lifetime_by_churn": "lifetime: churn would give {years} years",
    "metrics.nobody_lost": "lifetime: churn would give no end, as nobody was lost in the period",
    "metrics.no_margin": "no margin: set definitions.clv_profit.margin, such as 0.35",
    "metrics.acquisition_costs_unshared": "{kinds} costs, but no new customer to share them",
    "metrics.costs_unshared": "{kinds} costs, but no customer to share them",
    "metrics.no_costs": "no {kinds} costs in the period",
    # surveys
    "metrics.scale_needs_two": "should be the lowest and the highest score, such as [1, 5]",
    "metrics.satisfied_needs_value": "satisfied has no default on this scale: set it",
    "metrics.satisfied_outside_scale": "satisfied should lie inside the scale",
    "metrics.no_answers": "no answers",
    "metrics.anonymous_answers": {
        "one": "{count} answer without a customer left out",
        "other": "{count} answers without a customer left out",
    },
    "metrics.unsent_answers": {
        "one": "{count} answer without a date of sending left out",
        "other": "{count} answers without a date of sending left out",
    },
    "metrics.no_surveys_sent": "no surveys sent",
    # service
    "metrics.should_name_day": "should name at least one day",
    "metrics.business_hours_missing": "hours: business needs business_hours, such as "
    '{{weekdays: {{mon-fri: "08:00-17:30"}}}}',
    "metrics.business_hours_unused": "business_hours goes with hours: business",
    "metrics.day_twice": "holds {day} twice",
    "metrics.not_days": "holds '{days}', which should be a day or days such as sat or mon-fri",
    "metrics.not_hours": "holds '{hours}', which should be hours such as 08:00-17:30",
    "metrics.hours_not_forward": "holds '{hours}', which should run forward from 00:00 to "
    "24:00; hours past midnight belong to the next day",
    "metrics.no_tickets": "no tickets",
    "metrics.no_tickets_yet": "no tickets yet",
    "metrics.no_ticket_answered": "no ticket answered",
    "metrics.no_ticket_solved": "no ticket solved",
    "metrics.no_ticket_solved_before": "no ticket was solved {window} ago or earlier",
    "metrics.may_come_back": "{pending} solved less than {window} ago left out: the customer may "
    "come back",
    "metrics.replies_unknown": "no ticket with replies and reopenings",
    "metrics.reopenings_unknown": "no solved ticket says whether it was reopened",
    "metrics.hours_or_minutes": "hours or minutes above zero, such as 48h or 30m",
    "metrics.priority_twice": "holds one priority twice; capitals make no difference",
    "metrics.all_inside_target": "every ticket is open and inside its target",
    "metrics.no_ticket_with_target": "no ticket with a target",
    # sales
    "metrics.ever_or_window": "ever, or days or months such as 30d, 2 weeks or 3 months",
    "metrics.window_needs_cohort": "window goes with basis: cohort",
    "metrics.no_leads": "no leads created",
    "metrics.conversions_undated": "{undated} of {leads} leads converted without a date, so "
    "whether it was within {window} cannot be told",
    "metrics.leads_pending": "{pending} of {leads} leads can still convert within {window}",
    "metrics.cohort_young": "{young} of {leads} leads are younger than {days} days, within which "
    "9 of 10 that convert have done so",
    "metrics.no_interactions": "no interactions",
    "metrics.no_touches": "no interaction with a lead",
    "metrics.no_open_deals": "no open deals",
    "metrics.no_open_deal_priced": "no open deal has an amount",
    "metrics.open_deals_unpriced": "{unpriced} of {deals} open deals have no amount",
    "metrics.no_open_deal_weighted": "no open deal has both an amount and a probability",
    "metrics.deals_unweighted": "{unweighted} of {deals} open deals left out: no amount or "
    "no probability",
    "metrics.deals_closed_since": "{closed} of {deals} deals closed since: weighted with hindsight",
    "metrics.no_deals_closed": "no deals closed",
    "metrics.no_deals_won": "no deals won",
    "metrics.lost_deals_unpriced": "no win rate by amount: {unpriced} of {deals} lost deals "
    "carry none",
    "metrics.won_deals_unpriced": "no win rate by amount: {unpriced} of {deals} won deals "
    "carry none",
    "metrics.deals_worth_nothing": "the deals closed are worth 0",
    "metrics.no_won_deal_priced": "no won deal has an amount",
    "metrics.no_won_deal_dated": "no won deal has a date of creation",
    "metrics.cycle_of_no_days": "a sales cycle of 0 days",
    # subscriptions
    "metrics.no_paying_customer": "no paying customer",
    "metrics.nobody_paid_a_year_ago": "no customer paid 12 months before the end",
    "metrics.nobody_paid_at_start": "no customer paid at the start",
    "metrics.no_mrr_at_start": "no recurring revenue at the start",
    "metrics.no_revenue": "no revenue above zero",
    "metrics.nothing_upsold": "no transaction is of kind upsell or cross_sell",
    "metrics.refunds_unassigned": "refunds of {amount} belong to orders with other lines too, "
    "and are not taken off",
    "metrics.no_mrr_lost": "no recurring revenue was lost",
    "metrics.no_mrr_moved": "no movement of recurring revenue",
    "metrics.nothing_due": "nothing was due",
    "metrics.all_terms_short": "every term is shorter than {term}: give term_months where a "
    "contract is longer than what is billed, or min_term: 0d to count all",
    "metrics.days_or_months": "days or months such as 90d or 3 months",
    "metrics.renewals_pending": "{pending} still within the grace of {days} days",
    # quality
    "metrics.unknown_column": "{table} has no column {column}; {hint}",
    "metrics.country": "the two letters of a country, such as VN",
    "metrics.days": "days, such as 365d",
    "metrics.not_a_date_column": "{column} should be a column of dates or times",
    "metrics.weights_all_zero": "should leave one dimension above 0",
    "metrics.no_dimension": "no dimension that counts applies",
    "metrics.no_cell_to_fill": "no cell has to be filled",
    "metrics.no_filled_cell": "no filled cell to judge",
    "metrics.nothing_unique": "nothing in {table} has to stand once",
    "metrics.nothing_to_compare": "nothing to compare with",
    "metrics.no_update_date": "no date of an update",
    # why the change of a metric cannot be told by segments
    "metrics.median_has_no_parts": "the median of all is not made of the medians of segments",
    "metrics.product_has_no_parts": "it is made of several numbers, each of which moves by itself",
    "metrics.top_has_no_parts": "the top customers of all are not those of each segment",
    "metrics.weights_have_no_parts": "it is a mean of several scores, which move by themselves",
}
