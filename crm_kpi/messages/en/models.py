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
    "models.few_conversions": {
        "one": "{count} lead converted in the last {days} days: a prediction needs {needed}",
        "other": "{count} leads converted in the last {days} days: a prediction needs {needed}",
    },
    "models.no_fit": "no parameters fit these customers",
    "models.wild_fit": "the customers say too little of some parameters, which run to extremes; "
    "prior: 0.1 holds them",
    "models.nobody_seen_leaving": "the data hardly show anyone leaving, so who is still there "
    "rests on the prior",
    "models.purchases_related": "who buys more often also pays more each time (correlation "
    "{correlation}), which the model takes for chance",
}
