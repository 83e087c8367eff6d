"""Why something cannot be forecast, and how far to trust what is."""

TEXTS: dict[str, str | dict[str, str]] = {
    "forecast.no_rate": "is no sum of money and no count, and only these are forecast: the rest "
    "follows from its parts",
    "forecast.no_rhythm": "a forecast goes by day, week, month or quarter",
    "forecast.choose_rhythm": "give --every month",
    "forecast.too_short": {
        "one": "{metric} has {count} whole period to learn from, and a forecast needs {needed}",
        "other": "{metric} has {count} whole periods to learn from, and a forecast needs {needed}",
    },
    "forecast.too_short_for": {
        "one": "{metric} has {count} whole period to learn from, and {method} needs {needed}",
        "other": "{metric} has {count} whole periods to learn from, and {method} needs {needed}",
    },
    "forecast.shorter_periods": "--every month or week has more of them, and so has an earlier "
    "--from",
    "forecast.of_segment": "{segment}: {what}",
    "forecast.after_gap": "{metric} of {period} is not known ({why}), so only the periods after "
    "it are learnt from",
    "forecast.last_unknown": "{metric} of {period} is not known ({why}), so the forecast begins "
    "with it",
    "forecast.accuracy": {
        "one": "{count} earlier forecast of {season} periods was off by {error:,} a period on "
        "average, {ratio:.2f} times as much as seasonal_naive",
        "other": "the last {count} forecasts of {season} periods each were off by {error:,} a "
        "period on average, {ratio:.2f} times as much as seasonal_naive",
    },
    "forecast.held": "bands of 80 % held {held_80} % of the time, those of 95 % {held_95} %",
    "forecast.fell_back": {
        "one": "{count} earlier forecast of {season} periods by {method} would have been off "
        "{ratio:.2f} times as much as seasonal_naive, so seasonal_naive it is",
        "other": "the last {count} forecasts of {season} periods each by {method} would have been "
        "off {ratio:.2f} times as much as seasonal_naive, so seasonal_naive it is",
    },
    "forecast.fell_back_from": {
        "one": "{count} earlier forecast of {season} periods by {method} would have been off "
        "where seasonal_naive was right, so seasonal_naive it is",
        "other": "the last {count} forecasts of {season} periods each by {method} would have been "
        "off where seasonal_naive was right, so seasonal_naive it is",
    },
    "forecast.not_tried": "whether it would have been right earlier cannot be told before "
    "{needed} whole periods; there are {count}",
    "forecast.no_band": "no bands: too few earlier forecasts can be compared with what came",
    "forecast.deals_not_split": "weighted_pipeline is left out: opportunities have no such "
    "column to split or filter by",
    "forecast.deals_left_out": {
        "one": "{count} open deal without an amount or odds is in no row of weighted_pipeline",
        "other": "{count} open deals without an amount or odds are in no row of weighted_pipeline",
    },
}
