"""Why something cannot be predicted, and what to mind where it is."""

TEXTS: dict[str, str | dict[str, str]] = {
    "models.horizon": "a length in days, weeks or months such as {example}, of at most 10 years",
    "models.few_customers": {
        "one": "{count} customer with a purchase: a prediction needs {needed}",
        "other": "{count} customers with a purchase: a prediction needs {needed}",
    },
    "models.few_returned": {
        "one": "{count} customer came back: a prediction needs {needed}",
        "other": "{count} customers came back: a prediction needs {needed}",
    },
    "models.few_lost": {
        "one": "{count} customer has left: a prediction needs {needed}",
        "other": "{count} customers have left: a prediction needs {needed}",
    },
    "models.many_patterns": "customers differ in {count:,} ways by these columns, of which at most "
    "{most:,} can be learnt from: take fewer columns, or columns with fewer values",
    "models.many_levels": "these columns have {count:,} different values, of which at most "
    "{most:,} can be learnt from: take columns with fewer",
    "models.columns_dropped": "told without {columns}: with them the past was hardly predicted "
    "(skill {skill})",
    "models.column_leaks": "a column that is known before a customer leaves; {column} changes when "
    "somebody does",
    "models.other_basis": "{key} does not go with basis {basis}",
    "models.no_column": "definitions.expected_churn.columns: customers have no column {column}",
    "models.take_header": "name a column of the customers file by its header, as the file "
    "writes it",
    "models.days": {"one": "{count} day", "other": "{count} days"},
    "models.days_ago": {"one": "{count} day ago", "other": "{count} days ago"},
    "models.bought_once": "bought once, {ago}",
    "models.bought_before": {
        "one": "last bought {ago}, {gap} after the first time ({count} repeat purchase)",
        "other": "last bought {ago}, every {gap} before that ({count} repeat purchases)",
    },
    "models.stays": "a customer for {days}: {chance} % leave within 30 days",
    "models.stays_with": "a customer for {days}, {levels}: {chance} % leave within 30 days",
    "models.level": "{column} {level}",
    "models.level_blank": "{column} blank",
    "models.backtest_buying": "backtest {cuts} x {days} days: {expected} % expected to buy, "
    "{observed} % did; purchases {bias} %",
    "models.backtest_leaving": "backtest {cuts} x {days} days: {expected} % expected to leave, "
    "{observed} % did",
    "models.no_backtest": "backtest: the history is too short for one",
    "models.no_customers": "no customers at the end",
    "models.no_fit": "no parameters fit these customers",
    "models.wild_fit": "the customers say too little of some parameters, which run to extremes; "
    "prior: 0.1 holds them",
    "models.nobody_seen_leaving": "the data hardly show anyone leaving, so who is still there "
    "rests on the prior",
    "models.purchases_related": "who buys more often also pays more each time (correlation "
    "{correlation}), which the model takes for chance",
}
