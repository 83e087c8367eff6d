"""Formulas that depend on the definition; the others stand with their KPIs."""

TEXTS: dict[str, str | dict[str, str]] = {
    "formulas.list": "rows of the list",
    # retention and buying
    "formulas.second_kind": "100 x buyers of 2 or more of {of} / buyers",
    "formulas.loyal": "customers with {orders} or more orders in {window}",
    "formulas.top": "100 x revenue of the top {top} % of customers / revenue",
    "formulas.upsell_of_revenue": "100 x (upsell + cross-sell income) / revenue",
    "formulas.expansion_of_mrr": "100 x expansion / MRR at the start",
    # surveys
    "formulas.upper_three": "100 x answers in the upper three of the scale / answers",
    "formulas.mean_score": "sum of scores / answers",
    # service
    "formulas.solved_at_once": "100 x solved with at most one agent reply, no reopening / solved",
    "formulas.solved_for_good": "100 x solved with at most one agent reply, no reopening and no "
    "new ticket within {window} / solved",
    "formulas.first_reply": "median of first reply - created, in hours",
    "formulas.first_reply_open": "median of first reply - created, in business hours",
    "formulas.last_solved": "median of last solved - created, in hours",
    "formulas.last_solved_open": "median of last solved - created, in business hours",
    # sales
    "formulas.leads_by_period": "100 x leads converted in the period / leads created in it",
    "formulas.leads_since": "100 x leads created in the period and converted since / leads created "
    "in it",
    "formulas.leads_within": "100 x leads created in the period and converted within {window} / "
    "leads created in it",
    "formulas.won_amount": "100 x amount won / (amount won + amount lost)",
    "formulas.won_deals": "100 x won / (won + lost)",
    # quality
    "formulas.updated": "100 x rows updated within {within} of as_of / rows",
}
