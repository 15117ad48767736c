"""Needs: people seen in hospital with each condition, place by place, beside the nation, peers, and what one would expect of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.desk.desk import Desk
from farr.lab.desk.holdings.organisations import norm_facts
from farr.lab.desk.populations.comparing import beside_expected, shown
from farr.lab.desk.populations.people import people_of
from farr.lab.disclosure.gate import Refused
from farr.lab.disclosure.released import Released, derive
from farr.lab.measures.norm import NormError, Peers
from farr.lab.measures.released_rows import FiguresError
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Period
from farr.lab.model.request import BenchmarkRequest
from farr.lab.model.tables.people import PERSON_MONTH
from farr.lab.planning.need.condition import declared
from farr.lab.planning.need.questions import NEED, SEEN, nation_question, places_question

PER = 1000
NORM = "similar_ten"
Row = dict[str, Any]


class NeedError(FarrError):
    """Needs that cannot be looked at; the message says what to type."""


@dataclass(frozen=True, kw_only=True)
class Needs:
    """Derived from what was released, a table a condition (and `seen`: anybody seen in hospital). Columns: code, observed (people),
    person_years, expected, ratio with lower and upper (95%), rate and national (per 1,000 people a year), status; null where hidden.
    `refused`: conditions that cannot be shown, with the reason. `sentence` says who the people are."""

    level: str
    period: Period
    rows: Mapping[str, Released]
    refused: Mapping[str, str]
    sentence: str
    has_visits: bool


def latest_year(desk: Desk) -> Period:
    """The rolling year that ends with the last month of people's records, or what is held of it. Raises NeedError where none is."""
    held = desk.store.months(PERSON_MONTH.name)
    if not held:
        raise NeedError("what is known of people by month was not worked out yet; type: farr ingest FILE, then: farr build")
    return Period(max(held[0], held[-1].plus(-11)), held[-1])


def needs(desk: Desk, *, level: str, period: Period, said: Callable[[str], None] = lambda _: None) -> Needs:
    """People seen with each declared condition, of every place of a level. Raises NoPeople, QuestionError for a level that is none, and
    NeedError where nothing can be shown."""
    people = people_of(desk.store, level, period)
    rows, refused = dict[str, Released](), dict[str, str]()
    for name in (SEEN, *declared()):
        said(f"asking the gate about {name}")
        try:
            places, nation = (
                desk.released(places_question(name, level=level, period=period)),
                desk.released(nation_question(name, period=period)),
            )
            rows[name] = derive(f"{NEED}.{name}", partial(_compared, people, level, name), places, nation)
        except (Refused, FiguresError) as error:
            refused[name] = str(error)
    if not rows:
        raise NeedError(f"nothing of {period} can be shown ({next(iter(refused.values()))}); ask for a longer period, or a larger level")
    has_visits = bool(desk.store.months("ae_visit"))
    return Needs(level=level, period=period, rows=rows, refused=refused, sentence=people.sentence, has_visits=has_visits)


def peers_of(desk: Desk, level: str, codes: tuple[str, ...], code: str) -> tuple[set[str], str]:
    """The similar ten of a place, and why there are none."""
    norm = desk.norm(NORM)
    if not norm.is_made_at(level):
        return set(), "peers are known of commissioners and providers alone"
    try:
        request = BenchmarkRequest(organisation=code, measure="emergency_admissions", norm=NORM)
        facts = norm_facts(desk.store, level, norm, request)
        peers = Peers(level=level, codes=codes, region=("",) * len(codes), selected=codes.index(code), facts=facts)
        return {each for each, is_peer in zip(codes, norm.members(peers), strict=True) if is_peer}, ""
    except NormError as error:
        return set(), str(error)


def of_place(found: Needs, code: str, peers: set[str]) -> list[Row]:
    """The rows of one place, a condition each, with `condition`, and the rate of its peers: of those that are shown, put together."""
    rows: list[Row] = []
    for condition, released in found.rows.items():
        table = released.table.to_pylist()
        own = next((row for row in table if row["code"] == code), None)
        if own is None:
            continue
        others = [row for row in table if row["code"] in peers and row["observed"] is not None]
        years = sum(row["person_years"] for row in others)
        rate = PER * sum(row["observed"] for row in others) / years if years else None
        rows.append({**own, "condition": condition, "peers": rate, "peers_shown": len(others)})
    return rows


def _compared(people: Any, level: str, name: str, places: pa.Table, nation: pa.Table) -> pa.Table:
    found = beside_expected(people, level, places, nation, name)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = PER * found.observed / found.person_years
    return pa.table(
        {
            "code": pa.array(list(people.areas), pa.string()),
            "observed": shown(found.observed), "person_years": shown(found.person_years), "expected": shown(found.expected),
            "ratio": shown(found.ratio.ratio), "lower": shown(found.ratio.lower), "upper": shown(found.ratio.upper),
            "rate": shown(rate), "national": shown(np.full(len(people.areas), PER * found.national)),
            "status": pa.array(found.status, pa.string()),
        }
    )  # fmt: skip
