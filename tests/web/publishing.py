"""What a lab would have published: ten commissioners and their practices of a made-up measure, signed by the tests' lab."""

from pathlib import Path

import pyarrow as pa

from farr.lab.desk.contracting.kind import kinds
from farr.lab.desk.contracting.repricing import Repriced
from farr.lab.desk.contracting.stated.contract import contract_statement
from farr.lab.desk.contracting.statement import Taken, statement_of
from farr.lab.desk.showing.cards import measure_card, norm_card
from farr.lab.desk.showing.overview import overview_of
from farr.lab.desk.showing.page import page_of
from farr.lab.measures.norm import Norm
from farr.lab.model.discover import discover
from farr.lab.model.period import Period
from farr.lab.model.request import BenchmarkRequest
from farr.lab.model.showing.page import Contents, Listed
from farr.lab.model.showing.signed import (
    CONTENTS,
    ahead_about,
    contents_about,
    overview_about,
    overview_path,
    page_path,
    statement_about,
    statement_path,
    statements_about,
    statements_path,
    write_signed,
)
from farr.lab.model.showing.statement import Statement, StatementCard, Statements
from farr.lab.planning.scenario import scenario
from tests.unit.lab.desk.conftest import make_benchmark, released
from tests.unit.lab.desk.contracting.contracts import made_contracts
from tests.web.installing import AGREEMENT, PURPOSE, lab_key

MADE_AT = "2025-05-01T09:00:00+00:00"
MEASURE, LEVEL = "made_up", "commissioner"
CODES = tuple(f"C{at:02d}" for at in range(10))
REGION, YEAR = "Y01", "2023-10..2024-09"
PRACTICES = {f"P{at:05d}": f"Surgery {at}" for at in range(2000)}
"""Two hundred of each commissioner; their pages are asked for."""
_FIGURES = ("spells", "increase", "decrease", "net", "paid", "net_share")


def publish(folder: Path) -> None:
    """Writes pages/ under `folder`: contents, and of each commissioner an overview and a page."""
    pages, key = folder / "pages", lab_key()

    def write(name: str, content: bytes) -> None:
        (pages / name).parent.mkdir(parents=True, exist_ok=True)
        (pages / name).write_bytes(content)

    norms = discover("farr.lab.measures.norms", Norm)
    made = {code: make_page(code) for code in CODES}
    for code, page in made.items():
        overview = make_overview(code)
        write(page_path(LEVEL, code, MEASURE, "national"), write_signed(page, ahead_about(LEVEL, code, MEASURE, "national"), key))
        write(overview_path(LEVEL, code, "national"), write_signed(overview, overview_about(LEVEL, code, "national"), key))
    for code in CODES:
        statements = (make_contract(code), make_statement(code))
        listed = make_statements(*statements)
        write(f"../statements/{statements_path(LEVEL, code)}", write_signed(listed, statements_about(LEVEL, code), key))
        for each in statements:
            about = statement_about(LEVEL, code, each.kind, each.name)
            write(f"../statements/{statement_path(LEVEL, code, each.kind, each.name)}", write_signed(each, about, key))
    contents = Contents(
        made_at=MADE_AT, agreement=AGREEMENT, purposes=(PURPOSE,), is_synthetic=True, first_month="2023-01", last_month="2024-12",
        levels={LEVEL: ("Commissioner", "commissioners"), "practice": ("Practice", "practices")},
        organisations=_organisations(), measures=(measure_card(make_benchmark().measure),),
        norms=tuple(norm_card(each) for each in norms.values()), ahead=("national",), periods={"practice": {MEASURE: YEAR}},
    )  # fmt: skip
    write(CONTENTS, write_signed(contents, contents_about(), key))


def _organisations() -> tuple[Listed, ...]:
    commissioners = [Listed(code=code, name=f"Place {at}", level=LEVEL, parent=REGION) for at, code in enumerate(CODES)]
    practices = [
        Listed(code=code, name=name, level="practice", parent=CODES[at % len(CODES)]) for at, (code, name) in enumerate(PRACTICES.items())
    ]
    return (*commissioners, *practices)


def make_page(code: str, level: str = LEVEL):
    """The page of a commissioner, as the lab makes it; or as it answers one of another level."""
    at = CODES.index(code) if level == LEVEL else 9
    name = f"Place {at}" if level == LEVEL else PRACTICES[code]
    request = BenchmarkRequest(organisation=code, measure=MEASURE, level=level)
    page = page_of(make_benchmark(selected=at, name=name), request, made_at=MADE_AT)
    return page.model_copy(update={"agreement": AGREEMENT, "organisation": code, "organisation_name": name, "level": level,
                                   "is_synthetic": True, "request": request})  # fmt: skip


def make_overview(code: str, level: str = LEVEL):
    """The overview of one measure."""
    page = make_page(code, level)
    return overview_of(
        [page.summary], [], organisation=code, organisation_name=page.organisation_name, level=level,
        norm=discover("farr.lab.measures.norms", Norm)["national"], agreement=AGREEMENT, made_at=MADE_AT, is_synthetic=True,
    )  # fmt: skip


SCENARIO = "no_excess_days"


def make_statement(code: str) -> Statement:
    """What a scenario would have changed for a commissioner: the fifth is hidden, and the tenth loses most."""
    rows = [_changed(each, None if at == 4 else -1000.0 * at, paid=100_000.0) for at, each in enumerate(CODES)]
    rows = [*rows, _changed(None, -36_000.0, paid=1_000_000.0)]
    parts = [{**_changed(code, -1000.0, paid=None), "part": "D"}, {**_changed(code, None, paid=None), "part": "E"}]
    taken = Taken(found=_repriced(rows, None), parted={"hrg_chapter": (_repriced(parts, "hrg_chapter"), {"D": "Respiratory system"})})
    names = {each: f"Place {at}" for at, each in enumerate(CODES)}
    made = statement_of(taken, code, names, made_at=MADE_AT, is_synthetic=True)
    return made.model_copy(update={"agreement": AGREEMENT})


def make_contract(code: str) -> Statement:
    """The year to date of a commissioner's contracts: above plan, the fifth's hidden."""
    at = CODES.index(code)
    contracts = made_contracts(code, LEVEL, hidden=at == 4)
    made = contract_statement(contracts, name=f"Place {at}", made_at=MADE_AT, is_synthetic=True)
    return made.model_copy(update={"agreement": AGREEMENT})


def make_statements(*statements: Statement) -> Statements:
    """The list of an organisation's statements, as publication writes it."""
    made = statements[0]
    cards = [
        StatementCard(kind=each.kind, name=each.name, title=each.title, period_title=each.period_title, finding=each.finding,
                      kind_title=kinds()[each.kind].title)
        for each in statements
    ]  # fmt: skip
    return Statements(
        made_at=MADE_AT, agreement=AGREEMENT, is_synthetic=True, organisation=made.organisation, organisation_name=made.organisation_name,
        level=LEVEL, cards=tuple(cards),
    )  # fmt: skip


def _repriced(rows: list[dict[str, object]], by: str | None) -> Repriced:
    schema = pa.schema(
        [("code", pa.string()), ("part", pa.string()), *((name, pa.float64()) for name in _FIGURES), ("status", pa.string())]
    )
    period = Period.parse("2024-01..2024-12")
    return Repriced(scenario=scenario(SCENARIO), level=LEVEL, by=by, period=period, rows=released(f"scenario.{SCENARIO}", rows, schema))


def _changed(code: str | None, net: float | None, *, paid: float | None) -> dict[str, object]:
    return {
        "code": code, "part": None, "spells": None if net is None else 40.0, "increase": None if net is None else 0.0,
        "decrease": None if net is None else -net, "net": net, "paid": paid,
        "net_share": None if net is None or paid is None else net / paid, "status": "suppressed" if net is None else "rounded",
    }  # fmt: skip
