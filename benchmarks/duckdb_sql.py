"""The ten tables in DuckDB SQL, every file read once: python duckdb_sql.py DIR

Prints JSON: {name: {key: {component: value}}}, names and components being those of
crm-kpi's own answers. The key of a KPI is "2024-01|SMB" ("2024-01|" for the total), that
of a table begins with the segment.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import duckdb

FIRST, LAST = 2022 * 12, 2024 * 12 + 11
"""The months of the report, as year x 12 + month - 1."""

MONEY = "types = {'amount': 'DECIMAL(18,2)'}"


def month(column: str) -> str:
    return f"(year({column}) * 12 + month({column}) - 1)::INT"


SETUP = f"""
CREATE TEMP TABLE months AS SELECT m::INT AS m FROM range({FIRST}, {LAST + 1}) t(m);
CREATE TEMP TABLE customers AS
  SELECT customer_id, signup_date, churn_date, segment FROM read_csv('{{d}}/customers.csv');
CREATE TEMP TABLE grain AS
  SELECT customer_id, {month("date")} AS m, sum(greatest(amount, 0)) AS gross,
         sum(least(amount, 0)) AS refunds, count(*) FILTER (amount > 0) AS orders,
         max(date) FILTER (amount > 0) AS last
  FROM read_csv('{{d}}/transactions.csv', {MONEY}) GROUP BY ALL;
CREATE TEMP TABLE spenders AS
  SELECT customer_id, any_value(segment) AS segment, min(m) AS came,
         min(m) FILTER (orders > 0) AS first, sum(gross + refunds) AS net,
         sum(orders) AS orders, max(last) AS last
  FROM grain LEFT JOIN customers USING (customer_id) GROUP BY customer_id;
CREATE TEMP TABLE buying AS
  SELECT g.m, g.gross, g.refunds, g.orders, segment, first, came,
         lag(g.m) OVER (PARTITION BY g.customer_id, g.orders > 0 ORDER BY g.m) AS prev
  FROM grain g JOIN spenders USING (customer_id);
CREATE TEMP TABLE subscriptions AS
  SELECT customer_id, start_date, end_date, amount
  FROM read_csv('{{d}}/subscriptions.csv', {MONEY})
  WHERE end_date IS NULL OR end_date > start_date;
CREATE TEMP TABLE waits AS
  SELECT {month("created_at")} AS created, {month("solved_at")} AS solved, segment,
         agent_replies, epoch(first_reply_at - created_at) AS replied,
         epoch(solved_at - created_at) AS lasted
  FROM read_csv('{{d}}/tickets.csv') LEFT JOIN customers USING (customer_id);
"""

BOTH = "GROUP BY GROUPING SETS ((m, segment), (m))"

KPIS = {
    "buying": f"""
WITH a AS (
  SELECT m, segment, sum(gross) AS gross, sum(refunds) AS refunds, sum(orders) AS orders,
         count(*) FILTER (orders >= 1) AS buyers, count(*) FILTER (orders >= 2) AS again,
         count(*) FILTER (orders >= 1 AND first = m) AS fresh,
         count(*) FILTER (orders >= 1 AND prev = m - 1) AS kept, 0 AS before
  FROM buying GROUP BY ALL),
b AS (
  SELECT * FROM a UNION ALL
  SELECT m + 1, segment, 0, 0, 0, 0, 0, 0, 0, buyers FROM a WHERE m < {LAST})
SELECT m, segment, sum(gross) AS "revenue.gross", sum(refunds) AS "revenue.refunds",
  sum(gross + refunds) AS "revenue.revenue", sum(orders) AS "revenue.orders",
  sum(buyers) AS "repeat_purchase_rate.customers",
  sum(again) AS "repeat_purchase_rate.repeat_customers",
  sum(before) AS "buyers.customers_start", sum(buyers) AS "buyers.customers_end",
  sum(fresh) AS "buyers.customers_new", sum(before - kept) AS "buyers.customers_lost",
  sum(buyers - fresh - kept) AS "buyers.customers_returned" FROM b {BOTH}""",
    "customers": f"""
WITH pairs AS (
  SELECT {month("signup_date")} AS came, {month("churn_date")} AS went, segment, count(*) AS n
  FROM customers GROUP BY ALL)
SELECT m, segment,
  sum(n) FILTER (came < m AND (went IS NULL OR went >= m)) AS "customers.customers_start",
  sum(n) FILTER (came = m AND (went IS NULL OR went > m)) AS "customers.customers_new",
  sum(n) FILTER (came < m AND went = m) AS "customers.customers_lost",
  sum(n) FILTER (went IS NULL OR went > m) AS "customers.value"
FROM months JOIN pairs ON came <= m {BOTH}""",
    "clv": f"""
WITH spent AS (
  SELECT m AS bought, segment, sum(gross + refunds) AS net, count(*) FILTER (came = m) AS n
  FROM buying GROUP BY ALL)
SELECT m, segment, sum(net) AS "clv_historic.revenue", sum(n) AS "clv_historic.customers",
  sum(net) / sum(n) AS "clv_historic.value" FROM months JOIN spent ON bought <= m {BOTH}""",
    "mrr": f"""
WITH changes AS (
  SELECT customer_id, m, sum(d) AS d, sum(k) AS k FROM (
    SELECT customer_id, {month("start_date")} AS m, amount AS d, 1 AS k FROM subscriptions
    UNION ALL
    SELECT customer_id, {month("end_date")}, -amount, -1 FROM subscriptions
    WHERE end_date IS NOT NULL) GROUP BY ALL),
levels AS (
  SELECT m, d, segment, sum(k) OVER w AS now, now - k AS before, row_number() OVER w = 1 AS first
  FROM changes LEFT JOIN customers USING (customer_id)
  WINDOW w AS (PARTITION BY customer_id ORDER BY m))
SELECT m, segment, sum(d) FILTER (before = 0 AND now > 0 AND first) AS "mrr.new",
  sum(d) FILTER (before = 0 AND now > 0 AND NOT first) AS "mrr.reactivated",
  sum(d) FILTER (before > 0 AND now > 0 AND d > 0) AS "mrr.expansion",
  -sum(d) FILTER (before > 0 AND now > 0 AND d < 0) AS "mrr.contraction",
  -sum(d) FILTER (before > 0 AND now = 0) AS "mrr.churned" FROM levels {BOTH}""",
    "created": f"""
SELECT created AS m, segment, count(*) AS "tickets.value", count(solved) AS "tickets.solved",
  count(*) - count(replied) AS "first_response_time.unanswered",
  avg(replied) / 3600 AS "first_response_time.mean",
  quantile_cont(replied, 0.5) / 3600 AS "first_response_time.value",
  quantile_cont(replied, 0.9) / 3600 AS "first_response_time.p90" FROM waits {BOTH}""",
    "solved": f"""
SELECT solved AS m, segment, count(*) AS "fcr.solved",
  count(*) FILTER (agent_replies <= 1) AS "fcr.first_contact",
  avg(lasted) / 3600 AS "resolution_time.mean",
  quantile_cont(lasted, 0.5) / 3600 AS "resolution_time.value",
  quantile_cont(lasted, 0.9) / 3600 AS "resolution_time.p90"
FROM waits WHERE solved IS NOT NULL {BOTH}""",
    "answers": f"""
WITH a AS (
  SELECT {month("answered_at")} AS m, segment,
    count(*) FILTER (survey = 'nps' AND score >= 9) AS promoters,
    count(*) FILTER (survey = 'nps' AND score IN (7, 8)) AS passives,
    count(*) FILTER (survey = 'nps' AND score <= 6) AS detractors,
    count(*) FILTER (survey = 'csat') AS answers,
    count(*) FILTER (survey = 'csat' AND score >= 4) AS satisfied,
    sum(score) FILTER (survey = 'csat') AS total
  FROM read_csv('{{d}}/surveys.csv') LEFT JOIN customers USING (customer_id) GROUP BY ALL)
SELECT m, segment, sum(promoters) AS "nps.promoters", sum(passives) AS "nps.passives",
  sum(detractors) AS "nps.detractors", sum(satisfied) AS "csat.satisfied",
  sum(total) / sum(answers) AS "csat.mean" FROM a {BOTH}""",
}

TABLES = {
    "cohorts": """
WITH cells AS (SELECT segment, first, m, count(*) AS n FROM buying WHERE orders > 0 GROUP BY ALL),
sizes AS (SELECT segment, first, n AS size FROM cells WHERE first = m)
SELECT segment, printf('%d-%02d', first // 12, first % 12 + 1) AS cohort, m - first AS age,
  size, coalesce(n, 0) AS active, 100 * active / size AS share
FROM sizes JOIN months ON m >= first LEFT JOIN cells USING (segment, first, m)""",
    "rfm": f"""
WITH fifths AS (
  SELECT segment, date_diff('day', last, DATE '{LAST // 12}-12-31') AS recency, orders, net,
    (rank() OVER (PARTITION BY segment ORDER BY last) - 1) * 5 // count(*) OVER s + 1 AS r,
    (rank() OVER (PARTITION BY segment ORDER BY orders) - 1) * 5 // count(*) OVER s + 1 AS f
  FROM spenders WHERE orders > 0 WINDOW s AS (PARTITION BY segment))
SELECT segment, CASE
    WHEN f >= 4 AND r = 5 THEN 'champions' WHEN f >= 4 AND r >= 3 THEN 'loyal'
    WHEN f >= 2 AND r >= 4 THEN 'potential loyalists' WHEN r = 5 THEN 'new'
    WHEN r = 4 THEN 'promising' WHEN r = 3 AND f = 3 THEN 'need attention'
    WHEN r = 3 THEN 'about to sleep' WHEN f = 5 THEN 'cannot lose'
    WHEN f >= 3 THEN 'at risk' ELSE 'hibernating' END AS name,
  count(*) AS customers, 100 * count(*) / sum(count(*)) OVER s AS share,
  avg(recency) AS recency, avg(orders) AS frequency, sum(net) AS monetary,
  100 * sum(net) / sum(sum(net)) OVER s AS share_of_revenue
FROM fifths GROUP BY segment, name WINDOW s AS (PARTITION BY segment)""",
    "concentration": """
WITH ranked AS (
  SELECT segment, net, row_number() OVER w AS place, sum(net) OVER w AS so_far
  FROM spenders WINDOW w AS (PARTITION BY segment ORDER BY net DESC ROWS UNBOUNDED PRECEDING)),
totals AS (
  SELECT segment, count(*) AS n, sum(net) AS revenue, sum(so_far) AS by_rank,
    min(net) AS least
  FROM ranked GROUP BY segment)
SELECT segment, percent, 100 * so_far / revenue AS share_of_revenue,
  CASE WHEN least >= 0 THEN 2 * by_rank / (n * revenue) - (n + 1) / n END AS gini
FROM totals CROSS JOIN range(1, 101) t(percent)
JOIN ranked USING (segment) WHERE place = (percent * n + 99) // 100""",
}
KEYS = {"cohorts": 3, "rfm": 2, "concentration": 2}
"""So many columns are the key, segment first; the others are values."""


def number(value: Any) -> float | None:
    return None if value is None else float(value)


def main(folder: str) -> None:
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    for statement in SETUP.replace("{d}", folder).split(";"):
        if statement.strip():
            connection.execute(statement)
    found: dict[str, dict[str, dict[str, float | None]]] = {}
    for query in KPIS.values():
        result = connection.execute(query.replace("{d}", folder))
        components = [column[0].split(".") for column in result.description[2:]]
        for at, segment, *values in result.fetchall():
            if FIRST <= at <= LAST:
                key = f"{at // 12}-{at % 12 + 1:02}|{segment or ''}"
                for (name, component), value in zip(components, values, strict=True):
                    found.setdefault(name, {}).setdefault(key, {})[component] = number(value)
    for name, query in TABLES.items():
        result, width = connection.execute(query), KEYS[name]
        columns = [column[0] for column in result.description[width:]]
        for row in result.fetchall():
            numbers = dict(zip(columns, map(number, row[width:]), strict=True))
            found.setdefault(name, {})["|".join(map(str, row[:width]))] = numbers
    json.dump(found, sys.stdout, sort_keys=True)


if __name__ == "__main__":
    main(sys.argv[1])
