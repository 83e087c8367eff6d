"""Opportunities with cafés and offices, and their way through the stages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from crm_kpi.demo import clock, plan, words
from crm_kpi.demo.customers import Customer
from crm_kpi.demo.dice import Dice, mix
from crm_kpi.demo.files import Export, Row

OPPORTUNITIES = Export(
    "opportunities",
    (
        "opportunity_id", "customer_id", "product", "created_at", "closed_at", "stage", "outcome",
        "amount", "currency", "probability", "expected_close", "owner", "channel",
    ),
)  # fmt: skip
STAGE_CHANGES = Export("stage_changes", ("opportunity_id", "stage", "entered_at"))

STAGES = (("Tiếp cận", "0.1"), ("Khảo sát", "0.25"), ("Báo giá", "0.5"), ("Thương lượng", "0.75"))
WON, LOST = ("Thắng", "1.0"), ("Thua", "0.0")
LOSES = 0.16
"""Chance to be lost at each stage."""

PRODUCTS = (
    ("Máy pha espresso hai họng", 28_500_000),
    ("Trọn gói mở quán", 65_000_000),
    ("Hợp đồng cung cấp năm", 36_000_000),
    ("Góc cà phê văn phòng", 12_000_000),
)
PER_FIRM = mix((0, 10), (1, 30), (2, 35), (3, 25))
RENTAL = "Cho thuê máy (thí điểm)"
RENTALS = ((50_000_000, "0.4", 1), (30_000_000, "0.8", 3))
"""Amount, probability, stage of the two deals of the rental pilot, both open."""


@dataclass(slots=True)
class Deal:
    customer: Customer
    product: str
    amount: int
    expected: int
    entered: list[tuple[tuple[str, str], int]] = field(default_factory=list)
    """Stage with its probability, and since when; the last one holds."""
    probability: str | None = None

    @property
    def created(self) -> int:
        return self.entered[0][1]

    @property
    def outcome(self) -> str:
        return {WON: "won", LOST: "lost"}.get(self.entered[-1][0], "open")


def deals(customers: list[Customer], seed: int) -> list[Deal]:
    """All deals by time."""
    dice = Dice(seed, "deals")
    firms = [c for c in customers if c.segment in (words.CAFE, words.OFFICE)]
    made = [_deal(dice, customer) for customer in firms for _ in range(dice.pick(PER_FIRM))]
    staying = [c for c in firms if c.signup < plan.AS_OF - 60 and c.churn > plan.AS_OF]
    if len(staying) >= len(RENTALS) and len(customers) >= plan.MESSY_FROM:
        made += [_rental(dice, customer, number) for number, customer in enumerate(staying[:2])]
    made.sort(key=lambda deal: (deal.created, deal.customer.number, deal.product))
    return made


def _deal(dice: Dice, customer: Customer) -> Deal:
    """Moves on every few days until it is won, lost, or the data end."""
    last = min(customer.churn - 1, plan.AS_OF)
    product, price = dice.pick(PRODUCTS)
    instant = clock.at(dice.between(customer.signup, last), 8) + dice.below(10 * 60)
    deal = Deal(
        customer,
        product,
        price * dice.between(80, 130) // 100_000 * 1000,
        clock.day_of(instant) + dice.between(20, 90),
    )
    for stage in STAGES:
        if deal.entered and dice.chance(0.12):
            continue
        deal.entered.append((stage, instant))
        instant = clock.by_day(instant + clock.MINUTES // 2 + dice.skewed(0, 60 * clock.MINUTES))
        lost = dice.chance(LOSES)
        if instant >= plan.NIGHT:
            return deal
        if lost or clock.day_of(instant) > last:
            deal.entered.append((LOST, min(instant, clock.at(last, 23, 59))))
            return deal
    deal.entered.append((WON, instant))
    return deal


def _rental(dice: Dice, customer: Customer, number: int) -> Deal:
    amount, probability, stages = RENTALS[number]
    deal = Deal(customer, RENTAL, amount, plan.AS_OF + 30 * (number + 1), probability=probability)
    for step, stage in enumerate(STAGES[: stages + 1]):
        day = plan.AS_OF - 50 + 10 * step
        deal.entered.append((stage, clock.at(day, 9) + dice.below(8 * 60)))
    return deal


def opportunity_rows(made: list[Deal]) -> Iterator[Row]:
    for number, deal in enumerate(made, start=1):
        (stage, probability), since = deal.entered[-1]
        yield (
            _id(number),
            deal.customer.id,
            deal.product,
            clock.iso_time(deal.created),
            "" if deal.outcome == "open" else clock.iso_time(since),
            stage,
            deal.outcome,
            str(deal.amount),
            "VND",
            deal.probability or probability,
            clock.iso(deal.expected),
            deal.customer.owner,
            deal.customer.channel,
        )


def stage_rows(made: list[Deal]) -> Iterator[Row]:
    for number, deal in enumerate(made, start=1):
        for (stage, _), entered in deal.entered:
            yield _id(number), stage, clock.iso_time(entered)


def _id(number: int) -> str:
    return f"CH{number:05}"
