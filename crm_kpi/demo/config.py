"""The config that goes with the sample data."""

from __future__ import annotations

from pathlib import Path

from crm_kpi.demo.files import New

NAME = "crm-kpi.yaml"

TEXT = """\
# Sample data of an invented company: crm-kpi report -c crm-kpi.yaml
timezone: Asia/Ho_Chi_Minh
currency: VND
as_of: 2024-12-31

periods:
  every: quarter
  from: 2024-01-01
  to: 2024-12-31

# Headers, dates, numbers, delimiters and encodings are found out from the files.
sources:
  customers: {path: customers.csv}
  transactions: {path: transactions.csv}
  subscriptions: {path: subscriptions.csv}
  surveys: {path: surveys.csv}
  tickets: {path: tickets.csv}
  leads: {path: leads.csv}
  opportunities: {path: opportunities.csv}
  stage_changes: {path: stage_changes.csv}
  interactions: {path: interactions.csv}
  costs: {path: costs.csv}

thresholds:
  retention_rate: {target: 90, warning: 80}
  nps: {target: 50, warning: 40}
  csat: {target: 80, warning: 75}
  first_response_time: {target: 8, warning: 12}
"""


def save(folder: Path, new: New) -> Path:
    """Writes the file."""
    path = folder / NAME
    with new(path) as file:
        file.write(TEXT)
    return path
