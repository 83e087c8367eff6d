"""What must hold within a row and between rows, and what is plausible."""

TEXTS: dict[str, str | dict[str, str]] = {
    # rows that are rejected
    "checks.later": "{column} is later",
    "checks.scale": "{survey} goes from {low} to {high}",
    "checks.lost_id": "the digits behind it are gone; export again, with the column as text",
    "checks.same_id": "an earlier row has the same id and differs in other columns",
    "checks.not_repeated": "once: {column} takes what repeats on the lines of one {column}; this "
    "does not",
    # rows that are joined
    "checks.joined_stays": "rows of one customer whose stays overlap are one stay, told by the "
    "latest",
    "checks.stays_overlap": "a customer is there once on a day",
    "checks.joined_stays_short": {
        "one": "{count:,} row joined with another of the same customer",
        "other": "{count:,} rows joined with others of the same customer",
    },
    # rows that are kept
    "checks.equal_rows": {
        "one": "{count} row is equal to an earlier one in every column and kept; "
        "duplicates: drop leaves such rows out",
        "other": "{count} rows are equal to an earlier one in every column and kept; "
        "duplicates: drop leaves such rows out",
    },
    "checks.positive_refunds": "refunds with a positive amount, counted as negative: {number}",
    # what is lawful and yet often a mistake
    "checks.of_column": "{column}: {what}",
    "checks.rows_before_1970": {
        "one": "{count} row before 1970",
        "other": "{count:,} rows before 1970",
    },
    "checks.rows_after": {
        "one": "{count} row after {as_of}",
        "other": "{count:,} rows after {as_of}",
    },
    "checks.at_one_moment": {
        "one": "{count:,} customer with several answers at one moment: the later row counts",
        "other": "{count:,} customers with several answers at one moment: the later row counts",
    },
    "checks.added_up": "customers of several files are added up: ids such as {ids} share nothing "
    "(identities: FILE joins them)",
    "checks.twin_ids": "{column}: {number:,} ids are another one but for invisible characters",
    "checks.alike_ids": "customer_id: {number} ids are another one but for case or Unicode form",
    "checks.orders": {"one": "{count} order", "other": "{count:,} orders"},
    "checks.split_orders": "{orders} in several files, and added up; where files overlap, read "
    "one of them",
    "checks.split_orders_short": "{orders} in several files added up",
    "checks.same_amounts": "{orders} with the same amount on each row, and added up; if it is that "
    "of the whole order, declare once: transaction_id",
    "checks.same_amounts_short": "{orders} with the same amount on each row added up",
    "checks.low_nps": "no nps score is above 5; answers from 1 to 5 are csat, or need "
    "definitions.nps.scale",
    "checks.low_nps_short": "no nps score is above 5",
}
