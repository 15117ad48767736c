"""A home whose first of two years may be destroyed: encrypted appointments of a few people, the mart of them, and what was published."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

from farr.lab.desk.home import code_version, read_key
from farr.lab.desk.publication.catalogue import Catalogue, write_catalogue
from farr.lab.desk.retention.destroy import Hands, destroy
from farr.lab.desk.retention.journal import CERTIFICATE
from farr.lab.disclosure.manifest import Manifest
from farr.lab.disclosure.mint import MINT
from farr.lab.disclosure.released import Released, publish, table_sha256
from farr.lab.model.agreement import AtRest
from farr.lab.model.period import FinancialYear, Month, Period
from farr.lab.model.tables.outpatients import OP_ATTENDANCE
from tests.chaos.place import TERMS, Place, agree, owner_key

OLD, KEPT = Period.parse("2022-04..2022-06"), FinancialYear.parse("2023-24").period
BEFORE, LAST = KEPT.first, Period(KEPT.last, KEPT.last)
ENCRYPTED = TERMS.model_copy(
    update={"datasets": ("op_attendance",), "period_first": str(OLD.first), "retention_years": 1, "at_rest": AtRest.ENCRYPTED}
)
_PEOPLE = 12


def prepare_two_years(place: Place) -> None:
    """Three months of the year that goes, one of them sent twice, and the whole of the next."""
    place.temporary.mkdir(parents=True)
    agree(place, ENCRYPTED)
    attend(place, OLD)
    attend(place, KEPT)
    attend(place, Period(OLD.last, OLD.last), people=_PEOPLE + 3)
    place.build()
    _publish(place)
    quarantine = place.home.quarantine(TERMS.id)
    quarantine.mkdir(parents=True)
    (quarantine / f"{_sha256_of(OLD)[:8]}.csv").write_text("row,column,rule,reason\n1,a,b,c\n")


def attend(place: Place, months: Period, people: int = _PEOPLE) -> None:
    """Loads months of appointments, one a person."""
    store, month_of = place.home.store(TERMS.id), OP_ATTENDANCE.month
    with store.staging(OP_ATTENDANCE.name) as folder:
        staged: dict[Month, list] = {}
        for month in months.months():
            staged[month] = [folder / f"{month}.parquet"]
            rows = [_appointment(month, number) for number in range(people)]
            table = pa.Table.from_pylist(rows, schema=OP_ATTENDANCE.schema.to_pyarrow()).drop_columns([month_of])
            pq.write_table(table, staged[month][0])
        named = [str(month) for month in staged]
        record = {"file": f"{months}.csv", "sha256": _sha256_of(months), "months": named, "rows_by_month": dict.fromkeys(named, people)}
        store.replace(OP_ATTENDANCE, staged, {**record, "frozen": False, "synthetic": True})


def destroy_the_first(place: Place) -> None:
    """As an operator does: again until there is a certificate."""
    if not (place.home.folder / "destroyed" / TERMS.id / f"{TERMS.id}-before-{BEFORE}" / CERTIFICATE).exists():
        hands = Hands(operator="A. Lee", witness="B. Shah", risk_owner=read_key(owner_key(place)), backups="None are kept of trials")
        destroy(place.home, TERMS.id, BEFORE, hands)


def write_again(place: Place) -> None:
    """The next writers of everything."""
    attend(place, LAST, people=_PEOPLE + 5)
    place.build()


def _appointment(month: Month, number: int) -> dict[str, object]:
    known = {
        "OPA_Ident": month.year * 100_000 + month.month * 1000 + number, "Der_Pseudo_NHS_Number": f"PERSON{number}",
        "Appointment_Date": date(month.year, month.month, 1 + number), "First_Attendance": "1", "Attendance_Status": "5",
        "Main_Specialty_Code": "100",
    }  # fmt: skip
    return {column.name: known.get(column.name) for column in OP_ATTENDANCE.columns}


def _sha256_of(months: Period) -> str:
    return f"{months.first.year}{months.first.month:02d}{months.last.month:02d}".ljust(64, "0")


def _publish(place: Place) -> None:
    home, table = place.home, pa.table({"grouping": pa.array([0], pa.int64())})
    for name, period in (("a" * 8, OLD), ("b" * 8, KEPT)):
        manifest = Manifest(
            release_id=name, name=name, question={"table": "op_appointment", "period": str(period)}, question_identity=name,
            agreement=TERMS.id, policy="hes_2018", checks=(), store_versions={}, code_version=code_version(), released_at="2024-05-01",
            table_sha256=table_sha256(table),
        )  # fmt: skip
        publish(Released(manifest=manifest, table=table, mint=MINT), home.published, home.release_key())
    catalogue = Catalogue(
        made_at="2024-05-01", agreement=TERMS.id, code_version=code_version(), is_synthetic=True, first_month=str(OLD.first),
        last_month=str(KEPT.last), store_versions={}, measures={}, entries=(),
    )  # fmt: skip
    write_catalogue(catalogue, home.published, home.release_key())
