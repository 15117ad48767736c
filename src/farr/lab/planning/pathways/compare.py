"""Compare: what each organisation does a spell, what its distance from a standard is worth, and what else is stopped or added.

The identity is that of the published bypass case (domain page, section 3): the saving is Σ max(0, actual − standard) × spells × the cost
of one, over the items, and what is paid no more, less what is paid besides. `actual` is the mean of an organisation's spells. Where a
standard is declared it is also reckoned spell by spell, Σ max(0, of the spell − standard), which is never less (max(0, ·) is convex):
short stays then do not make up for long ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from farr.lab.marts.pathways.pathway import (
    CRITICAL_CARE_DAYS,
    ITEMS,
    READMISSIONS,
    VISITS_AFTER,
    VISITS_BEFORE,
    WARD_DAYS,
    Pathway,
    PathwayError,
)
from farr.lab.measures.released_rows import UNKNOWN, in_grouping, numbers, texts
from farr.lab.measures.statistics import mean_interval
from farr.lab.planning.opportunity.value import Means, Price
from farr.lab.planning.pathways.questions import BEYOND, COST, PARTS, SPELLS, SQUARES, STAY, figure

BEST_QUARTER = "best quarter"
_FEWEST = 4  # organisations shown, for a quarter of them to mean anything
PRICES: Mapping[str, tuple[Price, Means]] = {
    VISITS_BEFORE: (Price.APPOINTMENT, Means.PAYMENT), CRITICAL_CARE_DAYS: (Price.CRITICAL_CARE_DAY, Means.PAYMENT),
    WARD_DAYS: (Price.BED_DAY, Means.CAPACITY), VISITS_AFTER: (Price.FOLLOW_UP, Means.PAYMENT),
    READMISSIONS: (Price.EMERGENCY_SPELL, Means.PAYMENT),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Practice:
    """An organisation's spells and what one of them took of an item, with the 95% interval of the mean. `beyond`: the sum over spells of
    what lay beyond the declared standard; None where none is declared, or it is hidden."""

    organisation: str
    spells: float
    total: float
    mean: float
    lower: float
    upper: float
    beyond: float | None


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What an item is set beside: a quantity a spell, and what it rests on."""

    quantity: float
    basis: str


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What is paid no more (`is_stopped`) or besides, for every spell: care that is in no feed."""

    name: str
    quantity: float
    pounds: float
    is_stopped: bool

    def worth(self, spells: float) -> float:
        """Pounds saved; less than nothing where it is added."""
        return (1.0 if self.is_stopped else -1.0) * self.quantity * self.pounds * spells


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One item of one organisation: pounds of `pounds` on average, `sure` at the lower end of the mean's interval, and `by_spell`."""

    item: str
    practice: Practice
    aim: Aim
    unit: float
    means: Means
    pounds: float
    sure: float
    by_spell: float | None


def practices(part: pa.Table, item: str, level: str) -> list[Practice]:
    """Of every organisation whose spells and sums are shown, by code. A mean of one spell has no interval."""
    rows = in_grouping(part, 0)
    spells, totals, squares = (numbers(rows, name) for name in (SPELLS, item, figure(item, SQUARES)))
    beyond = numbers(rows, figure(item, BEYOND)) if figure(item, BEYOND) in rows.column_names else np.full(spells.shape, np.nan)
    base = np.where(spells > 0, spells, np.nan)
    limits = mean_interval(totals, squares, base, confidence=0.95)
    found = [
        Practice(
            organisation=code, spells=count, total=total, mean=total / count, lower=max(low, 0.0), upper=high,
            beyond=None if np.isnan(over) else over,
        )
        for code, count, total, low, high, over in zip(
            texts(rows, level), base.tolist(), totals.tolist(), limits.lower.tolist(), limits.upper.tolist(), beyond.tolist(), strict=True
        )
        if code not in ("", UNKNOWN) and not np.isnan(count) and not np.isnan(total) and not np.isnan(low)
    ]  # fmt: skip
    return sorted(found, key=lambda each: each.organisation)


def hidden(part: pa.Table, item: str, level: str) -> int:
    """Organisations with spells of which the item is not shown."""
    codes = [code for code in texts(in_grouping(part, 0), level) if code not in ("", UNKNOWN)]
    return len(codes) - len(practices(part, item, level))


def aim(which: Pathway, item: str, found: Sequence[Practice], own: Mapping[str, float]) -> Aim | None:
    """What was said, else what is declared, else the least mean that a quarter of the organisations shown do not exceed; None where too few
    are shown for that."""
    if item in own:
        return Aim(quantity=own[item], basis="yours")
    if item in which.standards:
        standard = which.standards[item]
        return Aim(quantity=standard.quantity, basis="declared" if standard.is_verified else "declared, not verified")
    if len(found) < _FEWEST:
        return None
    return Aim(quantity=float(np.quantile([each.mean for each in found], 0.25)), basis=BEST_QUARTER)


def gap(item: str, practice: Practice, beside: Aim, unit: float, *, is_declared: bool) -> Gap:
    """`unit`: pounds of one. `is_declared`: the aim is the declared one, which is what `beyond` was reckoned by."""
    by_spell = practice.beyond * unit if is_declared and practice.beyond is not None else None
    return Gap(
        item=item, practice=practice, aim=beside, unit=unit, means=PRICES[item][1],
        pounds=max(0.0, practice.mean - beside.quantity) * practice.spells * unit,
        sure=max(0.0, practice.lower - beside.quantity) * practice.spells * unit,
        by_spell=by_spell,
    )  # fmt: skip


def critical_care_day(stay: pa.Table) -> float | None:
    """The nation's cost of a critical-care day of this pathway, as fed; None where it is hidden or nothing was fed."""
    rows = in_grouping(stay, 1)
    if not rows.num_rows:
        return None
    cost, days = float(numbers(rows, COST)[0]), float(numbers(rows, CRITICAL_CARE_DAYS)[0])
    return cost / days if cost > 0 and days > 0 else None


def net(gaps: Sequence[Gap], moved: Sequence[Moved], spells: float) -> float:
    """Payments alone: Σ max(0, actual − standard) × spells × the cost of one ± what is stopped and added."""
    return sum(each.pounds for each in gaps if each.means is Means.PAYMENT) + sum(each.worth(spells) for each in moved)


def parse_standards(written: Sequence[str]) -> dict[str, float]:
    """'critical_care_days=1' each. Raises PathwayError."""
    found: dict[str, float] = {}
    for each in written:
        item, _, quantity = each.partition("=")
        try:
            found[item.strip()] = float(quantity)
        except ValueError:
            raise PathwayError(f"--standard {each} is not written as ITEM=QUANTITY, such as critical_care_days=1") from None
        if item.strip() not in ITEMS or not found[item.strip()] >= 0:
            raise PathwayError(f"--standard {each}: items are {', '.join(ITEMS)}, and quantities 0 or more")
    return found


def parse_moved(written: Sequence[str], *, is_stopped: bool) -> list[Moved]:
    """'care at home=3@45': a name, the quantity a spell and the pounds of one. Raises PathwayError."""
    found: list[Moved] = []
    option = "--stop" if is_stopped else "--add"
    for each in written:
        name, _, rest = each.partition("=")
        quantity, _, pounds = rest.partition("@")
        try:
            made = Moved(name=name.strip(), quantity=float(quantity), pounds=float(pounds.removeprefix("£")), is_stopped=is_stopped)
        except ValueError:
            raise PathwayError(f'{option} "{each}" is not written as NAME=QUANTITY@POUNDS, such as "clinic=1.5@85"') from None
        if not made.name or not made.quantity >= 0 or not made.pounds >= 0:
            raise PathwayError(f'{option} "{each}": a name is needed, and a quantity and a price of 0 or more')
        found.append(made)
    return found


def part_of(item: str) -> str:
    return next((part for part, items in PARTS.items() if item in items), STAY)
