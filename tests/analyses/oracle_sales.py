"""Analyses of deals, tickets and those who handle them, in plain Python from the definitions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, tzinfo
from fractions import Fraction
from typing import Any

from tests.oracle import deals
from tests.oracle.common import Answer, Row, Rows, local_day, quantile, utc
from tests.oracle.customers import spans_of
from tests.oracle.data import Dataset
from tests.oracle.deals import sales_cycle, win_rate
from tests.oracle.periods import DAY, Period
from tests.oracle.sales import days as local_days
from tests.oracle.sales import known
from tests.oracle.service import first_response_time
from tests.oracle.surveys import csat
from tests.oracle.tickets import tickets

from .oracle import HALF, Table, share

SECONDS = 86_400


def happened(moment: datetime | None, as_of: date, zone: tzinfo) -> bool:
    return moment is not None and local_day(moment, zone) <= as_of


def now(as_of: date, zone: tzinfo) -> datetime:
    """When the last known day is over."""
    return datetime.combine(as_of + DAY, time(), zone).astimezone(UTC)


def seconds(start: datetime, end: datetime) -> int:
    return int((utc(end) - utc(start)).total_seconds())


def unresolved(tickets: Rows, as_of: date, zone: tzinfo, limit: int) -> Table:
    """limit: in seconds."""
    table = []
    for row in tickets:
        if not happened(row["created_at"], as_of, zone) or happened(row["solved_at"], as_of, zone):
            continue
        age = seconds(row["created_at"], now(as_of, zone))
        if age > limit:
            shown = {c: row[c] for c in ("ticket_id", "customer_id", "agent", "priority")}
            table.append(shown | {"hours_open": Fraction(age, 3600)})
    return sorted(table, key=lambda row: (-row["hours_open"], row["ticket_id"]))


def issues(
    tickets: Rows, customers: Rows, as_of: date, zone: tzinfo, months: int | None = None
) -> Table:
    """months: the last so many, beside as many before them; default all, beside nothing."""
    known = [row for row in tickets if happened(row["created_at"], as_of, zone)]
    days = [local_day(row["created_at"], zone) for row in known]
    start = min([*days, *(row["signup_date"] for row in customers)]).replace(day=1)
    past: list[Row] = []
    if months:
        place = as_of.year * 12 + as_of.month - months
        start, before = (date(p // 12, p % 12 + 1, 1) for p in (place, place - months))
        over = date((place - 1) // 12, (place - 1) % 12 + 1, 1)  # the month beside the last one
        stop = min(over + (as_of + DAY - as_of.replace(day=1)), start)
        past = [r for r, d in zip(known, days, strict=True) if before <= d < stop]
        if as_of + DAY == (as_of.replace(day=28) + 4 * DAY).replace(day=1):
            past = [r for r, d in zip(known, days, strict=True) if before <= d < start]
    created = [row for row, d in zip(known, days, strict=True) if d >= start]
    compared = bool(months) and min(days) < start
    spans = spans_of(customers, as_of)
    there = {
        c for c, own in spans.items() if any(churn is None or churn > start for _, churn in own)
    }
    table = []
    for category in {row["category"] for row in [*created, *past]}:
        earlier = sum(1 for row in past if row["category"] == category)
        own = [row for row in created if row["category"] == category]
        done = [row for row in own if happened(row["solved_at"], as_of, zone)]
        times = [Fraction(seconds(row["created_at"], row["solved_at"]), 3600) for row in done]
        table.append(
            {
                "category": category,
                "tickets": len(own),
                "previous": earlier if compared else None,
                "change": len(own) - earlier if compared else None,
                "share": share(len(own), len(created)),
                "open": len(own) - len(done),
                "reopened": sum(1 for row in own if (row["reopens"] or 0) > 0),
                "per_100_customers": share(len(own), len(there)),
                "median_resolution": quantile(times, HALF),
                "slowest_resolution": max(times, default=None),
            }
        )
    return sorted(
        table, key=lambda row: (-row["tickets"], row["category"] is None, row["category"] or "")
    )


LOW = {"nps": range(7), "csat": range(4), "ces": range(5)}


def feedback(surveys: Rows, as_of: date, zone: tzinfo) -> Table:
    shown = ("survey", "score", "comment", "customer_id", "agent", "channel")
    low = [
        row
        for row in surveys
        if happened(row["answered_at"], as_of, zone) and row["score"] in LOW[row["survey"]]
    ]
    low.sort(key=lambda r: (r["score"], r["survey"], r["customer_id"] or "", r["agent"] or ""))
    low.sort(key=lambda r: utc(r["answered_at"]), reverse=True)
    return [
        {"date": local_day(row["answered_at"], zone)} | {c: row.get(c) for c in shown}
        for row in low
    ]


def lead_funnel(leads: Rows, as_of: date, zone: tzinfo) -> Table:
    created = [row for row in leads if happened(row["created_at"], as_of, zone)]
    dated = [row for row in created if happened(row["converted_at"], as_of, zone)]
    said = [row for row in created if row["converted_at"] is None and row["converted"]]
    days = [Fraction(seconds(r["created_at"], r["converted_at"]), SECONDS) for r in dated]
    converted = len(dated) + len(said)
    return _steps([("lead", len(created), quantile(days, HALF)), ("converted", converted, None)])


def _steps(found: Sequence[tuple[str, int, Fraction | None]]) -> Table:
    table: Table = []
    for place, (stage, reached, days) in enumerate(found):
        before = found[place - 1][1] if place else 0
        table.append(
            {
                "stage": stage,
                "reached": reached,
                "step_rate": share(reached, before),
                "overall_rate": share(reached, found[0][1]),
                "median_days": days,
            }
        )
    return table if found and found[0][1] else []


class Deal:
    """One deal as it is known at as_of, with its way through the stages."""

    def __init__(self, row: Row, entries: Rows, as_of: date, zone: tzinfo) -> None:
        self.outcome = (
            row["outcome"]
            if row["outcome"] in ("won", "lost") and happened(row["closed_at"], as_of, zone)
            else None
        )
        self.closed = row["closed_at"] if self.outcome else None
        self.own = row["stage"]
        self.entries = sorted(entries, key=lambda e: (utc(e["entered_at"]), e["stage"]))
        self.zone = zone
        begins = row["created_at"] or (self.entries[0]["entered_at"] if self.entries else None)
        self.known = begins is not None and local_day(begins, zone) <= as_of

    def ends_in(self, place: int, outcome: str) -> bool:
        """Whether an entry is the deal's last, not its first, and made when it was closed."""
        entry = self.entries[place]
        return (
            self.outcome == outcome
            and 0 < place == len(self.entries) - 1
            and self.closed is not None
            and local_day(entry["entered_at"], self.zone) >= local_day(self.closed, self.zone)
        )

    def stages(self) -> list[str]:
        if self.entries:
            return [entry["stage"] for entry in self.entries]
        return [self.own] if self.own is not None else []

    def days_in(self, stage: str) -> Fraction | None:
        """All its stays together; None where one has no known end, or there is none."""
        total, there = 0, False
        for place, entry in enumerate(self.entries):
            if entry["stage"] != stage:
                continue
            there = True
            if place + 1 < len(self.entries):
                end = self.entries[place + 1]["entered_at"]
            elif self.closed is not None and utc(self.closed) >= utc(entry["entered_at"]):
                end = self.closed
            else:
                return None
            total += seconds(entry["entered_at"], end)
        return Fraction(total, SECONDS) if there else None


def all_deals(deals: Rows, changes: Rows, as_of: date, zone: tzinfo) -> list[Deal]:
    entries: dict[str, list[Row]] = defaultdict(list)
    for row in changes:
        if happened(row["entered_at"], as_of, zone):
            entries[row["opportunity_id"]].append(row)
    # A deal created after as_of is not read.
    there = [r for r in deals if r["created_at"] is None or happened(r["created_at"], as_of, zone)]
    return [Deal(row, entries[row["opportunity_id"]], as_of, zone) for row in there]


def learned(deals: Sequence[Deal]) -> tuple[list[str], str | None]:
    """The stages in order, and the one that means won."""
    number: dict[str, int] = defaultdict(int)
    ends: dict[tuple[str, str], int] = defaultdict(int)
    places: dict[str, list[Fraction]] = defaultdict(list)
    for deal in deals:
        seen: list[str] = []
        for place, entry in enumerate(deal.entries):
            stage = entry["stage"]
            number[stage] += 1
            for outcome in ("won", "lost"):
                ends[stage, outcome] += deal.ends_in(place, outcome)
            if stage not in seen:
                seen.append(stage)
                places[stage].append(Fraction(len(seen)))
    wins = [s for s in number if 2 * ends[s, "won"] > number[s]]
    won = min(wins, key=lambda s: (-number[s], s)) if wins else None
    steps = [s for s in number if 2 * ends[s, "lost"] <= number[s] and s != won]

    def order(stage: str) -> tuple[Any, ...]:
        own = places[stage]
        return quantile(own, HALF), sum(own) / len(own), stage

    return [*sorted(steps, key=order), *([won] if won else [])], won


def funnel(
    deals: Rows,
    changes: Rows,
    as_of: date,
    zone: tzinfo,
    *,
    stages: Sequence[str] | None = None,
) -> Table:
    everybody = all_deals(deals, changes, as_of, zone)
    order, won = learned(everybody)
    if stages is not None:
        order, won = list(stages), won if stages[-1] == won else None
    names = order if won else [*order, "won"]
    mine = [deal for deal in everybody if deal.known]
    furthest = []
    for deal in mine:
        steps = [order.index(stage) for stage in deal.stages() if stage in order]
        furthest.append(len(names) - 1 if deal.outcome == "won" else max(steps, default=0))
    found = []
    for place, name in enumerate(names):
        days = [deal.days_in(name) for deal in mine] if name != won else []
        gone = [d for d in days if d is not None]
        found.append((name, sum(1 for f in furthest if f >= place), quantile(gone, HALF)))
    return _steps(found)


def team(data: Dataset, target: Mapping[str, int] | None = None) -> Table:
    """The metrics as the oracle knows them, of the rows that each person handled."""
    ever = Period("all", date(1900, 1, 1), data.as_of + DAY, "all")
    answers: dict[str, Mapping[Any, Answer]] = {
        name: answer(
            [ever],
            data.as_of,
            data.zone,
            # Whoever handled a ticket or asked for an answer stands in the same column.
            [row | {"owner": row["agent"]} if "agent" in row else row for row in data[of]],
            by=("owner",),
        )
        for name, answer, of in (
            ("win_rate", win_rate, "opportunities"),
            ("sales_cycle", sales_cycle, "opportunities"),
            ("tickets", tickets, "tickets"),
            ("first_response", first_response_time, "tickets"),
            ("csat", csat, "surveys"),
        )
    }
    table = []
    closed, rated = answers["win_rate"].get((ever, ())), answers["csat"].get((ever, ()))
    rates = {"win_rate": closed and closed.value, "csat": rated and rated.value}
    for owner in {
        person for found in answers.values() for _, segment in found for person in segment
    }:
        own = {
            name: found.get((ever, (owner,)), Answer(None, None)) for name, found in answers.items()
        }
        closed = own["win_rate"].components
        amount = 0 if closed.get("won") == 0 else closed.get("won_amount")
        goal = (target or {}).get(owner or "")
        few = [
            name for name, answer in own.items() if answer.n in range(1, 5) and name != "tickets"
        ]
        values = {name: answer.value for name, answer in own.items()}
        below = [
            name
            for name, rate in rates.items()
            if (high := own[name].high) is not None and rate is not None and high < rate
        ]
        table.append(
            {"owner": owner, "deals": closed.get("won"), "amount": amount}
            | values
            | {
                "target": goal,
                "target_share": share(amount, goal) if goal and amount is not None else None,
                "small_n": ", ".join(few) or None,
                "needs_help": ", ".join(below) or None,
            }
        )
    return sorted(
        table, key=lambda row: (-(row["amount"] or 0), -(row["deals"] or 0), row["owner"] or "~")
    )


SIGNED, LEAD, CONVERTED, TOUCHED, DEAL, CLOSED, ORDER, STARTED, RENEWED = range(9)
CREATED, SOLVED, ANSWERED, ENDED, LEFT = range(9, 14)
"""The order of what happens at one moment."""


def history(data: Dataset) -> Table:
    """Everything about every customer."""
    found: list[tuple[Any, ...]] = []

    def tell(table: str, at: str, place: int, what: Any, texts: str, amount: str = "") -> None:
        for row in data[table] if table in data.tables else ():
            moment = row.get(at)
            customer = row.get("customer_id")
            if customer is None or moment is None:
                continue
            timed = isinstance(moment, datetime)
            on = local_day(moment, data.zone) if timed else moment
            if on <= data.as_of:
                words = [str(row[c]) for c in texts.split() if row.get(c) is not None]
                named = what(row) if callable(what) else what
                then = utc(moment) if timed else datetime.min.replace(tzinfo=UTC)
                worth = row.get(amount) if amount else None
                order = (on, then, place, customer, " · ".join(words), named, worth or 0)
                found.append((*order, worth))

    tell("customers", "signup_date", SIGNED, "signup", "segment channel owner")
    tell("customers", "churn_date", LEFT, "left", "")
    tell("leads", "created_at", LEAD, "lead", "lead_id channel owner")
    tell("leads", "converted_at", CONVERTED, "lead converted", "lead_id")
    tell("interactions", "occurred_at", TOUCHED, "interaction", "kind channel")
    tell("opportunities", "created_at", DEAL, "deal", "opportunity_id product owner", "amount")
    deal = "opportunity_id stage"
    tell("opportunities", "closed_at", CLOSED, lambda r: f"deal {r['outcome']}", deal, "amount")
    order = "transaction_id product category channel"
    tell("transactions", "date", ORDER, lambda r: r.get("kind") or "order", order, "amount")
    paid = "subscription_id plan"
    tell("subscriptions", "start_date", STARTED, "subscription", paid, "amount")
    tell("subscriptions", "renewed_at", RENEWED, "subscription renewed", "subscription_id")
    tell("subscriptions", "end_date", ENDED, "subscription ended", "subscription_id")
    tell("tickets", "created_at", CREATED, "ticket", "ticket_id category priority channel")
    tell("tickets", "solved_at", SOLVED, "ticket solved", "ticket_id agent")
    tell("surveys", "answered_at", ANSWERED, lambda r: r["survey"], "score comment agent")
    return [
        {"customer_id": customer, "date": day, "what": what, "text": words, "amount": worth}
        for day, _, _, customer, words, what, _, worth in sorted(found, key=lambda e: e[:7])
    ]


def open_deals(data: Dataset, *, learned: bool = False) -> Table:
    """One row per deal that is open now, the highest amount x probability first."""
    as_of, zone = data.as_of, data.zone
    day, end = local_days(zone), as_of + DAY
    rows = known(data["opportunities"], "created_at", day, as_of)
    changes = known(data["stage_changes"], "entered_at", day, as_of)
    met = known(data["interactions"], "occurred_at", day, as_of)
    stages = deals.stages_of(rows, changes)
    odds = deals.learned_odds(rows, stages, end, day)
    written = [Fraction(str(r["probability"])) for r in rows if r["probability"] is not None]
    top = 100 if any(p > 1 for p in written) else 1
    table = []
    for row in rows:
        if not deals.is_open(row, end, day, as_of):
            continue
        stage = deals.stage_at(row, stages[row["opportunity_id"]], end, day)
        chance: Fraction | None = None
        if learned:
            chance = Fraction(*odds[stage]) if stage in odds else None
        elif row["probability"] is not None:
            chance = Fraction(str(row["probability"])) / top
            chance = chance if 0 <= chance <= 1 else None
        amount = row["amount"]
        weighted = None if chance is None or amount is None else Fraction(amount) * chance
        touched = [day(row, "created_at") or as_of]
        touched += [
            day(step, "entered_at") or as_of
            for step in changes
            if step["opportunity_id"] == row["opportunity_id"]
        ]
        touched += [
            day(each, "occurred_at") or as_of
            for each in met
            if row["customer_id"] and each["customer_id"] == row["customer_id"]
        ]
        expected = row["expected_close"]
        table.append(
            {
                "opportunity_id": row["opportunity_id"],
                "stage": stage,
                "owner": row["owner"],
                "customer_id": row["customer_id"],
                "amount": amount,
                "probability": 100 * chance if weighted and chance else None,
                "weighted": weighted,
                "expected_close": expected,
                "overdue": None if expected is None else expected < end,
                "days_untouched": (as_of - max(touched)).days,
            }
        )
    return sorted(
        table,
        key=lambda r: (
            r["weighted"] is None,
            -(r["weighted"] or 0),
            -(r["amount"] or 0),
            r["opportunity_id"],
        ),
    )


def pipeline(listed: Table) -> dict[str | None, Any]:
    """The stages of open deals, in no order."""
    table: dict[str | None, Any] = {}
    for stage in {row["stage"] for row in listed}:
        own = [row for row in listed if row["stage"] == stage]
        amounts = [row["amount"] for row in own if row["amount"] is not None]
        weighted = [row["weighted"] for row in own if row["weighted"] is not None]
        dated = [row["overdue"] for row in own if row["overdue"] is not None]
        table[stage] = {
            "stage": stage,
            "deals": len(own),
            "amount": sum(amounts) if amounts else None,
            "weighted": sum(weighted) if weighted else None,
            "overdue": sum(dated) if dated else None,
            "untouched": sum(row["days_untouched"] >= 14 for row in own),
        }
    return table
