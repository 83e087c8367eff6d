"""What `compare` says of two lists of customers."""

TEXTS: dict[str, str | dict[str, str]] = {
    # the question
    "compare.not_csv": "-o {path}: the table of customers is CSV",
    "compare.name_csv": "name it FILE.csv; -f json and the like are for what is printed",
    "compare.option": "{option} {word}: {what}",
    "compare.dates_reversed": "--old-date {old} is not before --new-date {new}",
    "compare.old_first": "the older list comes first: crm-kpi compare OLD NEW",
    "compare.no_date": "{path}: no date in it tells on which day the list was made",
    "compare.not_later": "{path}: is of {day}, which is not after {other}, the day of {old}",
    "compare.swap": "the older list comes first, crm-kpi compare {old} {new}; or {otherwise}",
    "compare.say_when": "say when it was made: {options}",
    # the answer
    "compare.between": "customers on {old}: {before:,}; on {new}: {after:,}",
    "compare.newest": "{path} is taken to be of {day}, its newest {column}; {option} says "
    "otherwise",
    "compare.later": "{path} has a {column} of {later}, after {day}, on which it was made",
    "compare.nobody_told": "no column says who has left: only who is on the lists is compared",
    "compare.early": {
        "one": "{count} customer who came had signed up by {day}: was {path} a part of the list?",
        "other": "{count:,} customers who came had signed up by {day}: was {path} a part of the "
        "list?",
    },
    # the table of customers
    "compare.left_on": "who left after {since}, nobody knows on which day, has churn_date {day}",
    "compare.came_on": {
        "one": "{count} customer who came without a signup_date has {day}",
        "other": "{count:,} customers who came without a signup_date have {day}",
    },
    "compare.begin_again": {
        "one": "{count} customer who returned begins again on {day}",
        "other": "{count:,} customers who returned begin again on {day}",
    },
    "compare.before": "of who left before {day} it tells nothing: ask for the time after it",
    "compare.undated": {
        "one": "{count} customer had left by {day}, nobody knows when, and is not in {path}",
        "other": "{count:,} customers had left by {day}, nobody knows when, and are not in {path}",
    },
    "compare.unsigned": {
        "one": "{count} customer was there on {day} without a signup_date, and has that",
        "other": "{count:,} customers were there on {day} without a signup_date, and have that",
    },
    "compare.try": "try: crm-kpi churn-rate {path} --from {since} --to {to} --as-of {to}",
}
