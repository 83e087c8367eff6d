"""The comparable KPIs in DuckDB SQL, every file read once: python duckdb_sql.py DIR

By month, and by month and segment. Prints JSON: {KPI: {"2024-01|SMB": {component: value}}}.
"""

from __future__ import annotations

import json
import sys

import duckdb

SCHEMA = """
CREATE TEMP TABLE customers AS
  SELECT customer_id, signup_date, churn_date, segment FROM read_csv('{d}/customers.csv');
CREATE TEMP TABLE months AS
  SELECT m::DATE AS start, (m + INTERVAL 1 MONTH)::DATE AS stop
  FROM range(DATE '2022-01-01', DATE '2025-01-01', INTERVAL 1 MONTH) t(m);
CREATE TEMP TABLE grain AS
  SELECT customer_id, date_trunc('month', date)::DATE AS m,
         sum(amount) FILTER (amount > 0) AS gross, sum(amount) FILTER (amount < 0) AS refunds,
         count(*) FILTER (amount > 0) AS orders
  FROM read_csv('{d}/transactions.csv', types = {{'amount': 'DECIMAL(18,2)'}}) GROUP BY ALL;
CREATE TEMP TABLE buying AS
  SELECT g.*, segment FROM grain g LEFT JOIN customers USING (customer_id);
CREATE TEMP TABLE changes AS
  SELECT customer_id, m, sum(d) AS d, sum(k) AS k FROM (
    SELECT customer_id, date_trunc('month', start_date)::DATE AS m, amount AS d, 1 AS k
    FROM read_csv('{d}/subscriptions.csv', types = {{'amount': 'DECIMAL(18,2)'}})
    WHERE end_date IS NULL OR end_date > start_date
    UNION ALL
    SELECT customer_id, date_trunc('month', end_date)::DATE, -amount, -1
    FROM read_csv('{d}/subscriptions.csv', types = {{'amount': 'DECIMAL(18,2)'}})
    WHERE end_date > start_date) GROUP BY ALL;
CREATE TEMP TABLE levels AS
  SELECT c.*, segment, sum(k) OVER w AS now, sum(k) OVER w - k AS before,
         row_number() OVER w = 1 AS first
  FROM changes c LEFT JOIN customers USING (customer_id)
  WINDOW w AS (PARTITION BY customer_id ORDER BY m);
CREATE TEMP TABLE answers AS
  SELECT s.*, segment FROM read_csv('{d}/surveys.csv') s LEFT JOIN customers USING (customer_id);
CREATE TEMP TABLE waits AS
  SELECT date_trunc('month', created_at)::DATE AS m, segment,
         epoch(first_reply_at - created_at) AS w
  FROM read_csv('{d}/tickets.csv') LEFT JOIN customers USING (customer_id);
"""

QUERIES = {
    "revenue": "SELECT m, {s}, coalesce(sum(gross), 0) AS gross, coalesce(sum(refunds), 0) AS refunds,"
    " sum(orders) AS orders FROM buying GROUP BY ALL",
    "repeat_purchase_rate": "SELECT m, {s}, count(*) FILTER (orders >= 1) AS customers,"
    " count(*) FILTER (orders >= 2) AS repeat_customers FROM buying GROUP BY ALL",
    "customers": "SELECT start AS m, {s},"
    " count(*) FILTER (signup_date < start AND (churn_date IS NULL OR churn_date >= start))"
    " AS customers_start,"
    " count(*) FILTER (signup_date >= start AND (churn_date IS NULL OR churn_date >= stop))"
    " AS customers_new,"
    " count(*) FILTER (signup_date < start AND churn_date >= start AND churn_date < stop)"
    " AS customers_lost"
    " FROM months JOIN customers ON signup_date < stop GROUP BY ALL",
    "mrr": "SELECT m, {s}, coalesce(sum(d) FILTER (before = 0 AND now > 0 AND first), 0) AS new,"
    " coalesce(sum(d) FILTER (before = 0 AND now > 0 AND NOT first), 0) AS reactivated,"
    " coalesce(sum(d) FILTER (before > 0 AND now > 0 AND d > 0), 0) AS expansion,"
    " coalesce(-sum(d) FILTER (before > 0 AND now > 0 AND d < 0), 0) AS contraction,"
    " coalesce(-sum(d) FILTER (before > 0 AND now = 0), 0) AS churned FROM levels GROUP BY ALL",
    "nps": "SELECT date_trunc('month', answered_at)::DATE AS m, {s},"
    " count(*) FILTER (score >= 9) AS promoters, count(*) FILTER (score <= 6) AS detractors"
    " FROM answers WHERE survey = 'nps' GROUP BY ALL",
    "csat": "SELECT date_trunc('month', answered_at)::DATE AS m, {s},"
    " count(*) FILTER (score >= 4) AS satisfied, avg(score) AS mean"
    " FROM answers WHERE survey = 'csat' GROUP BY ALL",
    "first_response_time": "SELECT m, {s}, quantile_cont(w, 0.5) / 3600 AS value,"
    " avg(w) / 3600 AS mean, quantile_cont(w, 0.9) / 3600 AS p90 FROM waits GROUP BY ALL",
}


def main(folder: str) -> None:
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    for statement in SCHEMA.format(d=folder).split(";"):
        if statement.strip():
            connection.execute(statement)
    found: dict[str, dict[str, dict[str, float]]] = {}
    for name, query in QUERIES.items():
        table = found.setdefault(name, {})
        for segment in ("''", "segment"):
            result = connection.execute(query.format(s=f"{segment} AS s"))
            columns = [column[0] for column in result.description][2:]
            for month, label, *values in result.fetchall():
                numbers = [float(value) for value in values]
                table[f"{month:%Y-%m}|{label}"] = dict(zip(columns, numbers, strict=True))
    json.dump(found, sys.stdout, sort_keys=True)


if __name__ == "__main__":
    main(sys.argv[1])
