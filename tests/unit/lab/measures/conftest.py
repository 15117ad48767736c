"""A measure of each kind on small tables, and the answers to its questions as a gate that hides nothing would let them out."""

from datetime import date

import ibis
import pyarrow as pa
import pytest

from farr.lab.engine.allowed import check_question
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.age import AGE_GROUPS
from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.question import AggregateKind
from farr.lab.model.tables.sus import APC_SPELL

SPELL = APC_SPELL.unbound
EVERY = SPELL.Spell_Key.notnull()
DIED = (SPELL.Discharge_Method == "4").fill_null(False)


def measure_of(kind, **given):
    said = {
        "name": "trial", "title": "Trial", "theme": Theme.OUTCOMES, "why": "", "definition": "", "source": "", "owner": "", "unit": "",
        "review_date": date(2027, 1, 1), "signed_off_by": None, "table": APC_SPELL, "denominator": EVERY, "per": 100,
        "direction": Direction.HIGHER_IS_WORSE, "levels": ("provider", "commissioner", "practice", "national"),
        "breakdowns": ("specialty", "site", "sex"),
    }  # fmt: skip
    return Measure(kind=kind, **{**said, **given})


KINDS = {
    "proportion": measure_of(MeasureKind.PROPORTION, numerator=DIED),
    "rate": measure_of(MeasureKind.RATE_PER_HEAD, numerator=DIED, levels=("commissioner", "national")),
    "spend": measure_of(MeasureKind.RATE_PER_HEAD, value=SPELL.Grand_Total, levels=("commissioner", "national")),
    "mean": measure_of(MeasureKind.MEAN, value=SPELL.Length_of_Stay),
    "counts": measure_of(MeasureKind.RATIO, numerator=DIED, against=SPELL.Discharge_Method == "1"),
    "sums": measure_of(MeasureKind.RATIO, value=SPELL.Grand_Total, weight=SPELL.HRG_Weight, per=1),
    "direct": measure_of(MeasureKind.DIRECTLY_STANDARDISED, numerator=DIED, levels=("commissioner", "national")),
    "indirect": measure_of(MeasureKind.STANDARDISED_RATIO, numerator=DIED, strata=("casemix_group", "age_group")),
    "indirect per head": measure_of(MeasureKind.STANDARDISED_RATIO_PER_HEAD, numerator=DIED, levels=("commissioner", "national")),
}


@pytest.fixture
def kinds():
    return KINDS


@pytest.fixture
def answer():
    return answered


def answered(question, rows):
    """`rows`: of the question's table, as dictionaries. The released table, layout of `Released.table`, every status "shown"."""
    check_question(question)
    columns = {column.name: column.type for column in question.table.columns}
    held = pa.Table.from_pylist([{**dict.fromkeys(columns), **row} for row in rows], schema=question.table.schema.to_pyarrow())
    connection = ibis.duckdb.connect()
    connection.create_table(question.table.name, held)
    table = question.table.unbound
    within = table.filter(question.where.fill_null(False), table.Activity_Month.isin([str(month) for month in question.period.months()]))
    return _laid_out(question, within, connection)


def _laid_out(question, within, connection):
    found = []
    names = [name for grouping in question.groupings for name in _with_parents(grouping)]
    for number, grouping in enumerate(question.groupings):
        codes = {name: within[DIMENSIONS[name].column].fill_null("unknown") for name in _with_parents(grouping)}
        codes |= {"month": within.Activity_Month} if grouping.monthly else {}
        figures = {aggregate.name: _total(aggregate) for aggregate in question.aggregates}
        for row in connection.to_pyarrow(within.aggregate(by=codes, **figures)).to_pylist():
            statuses = {f"{aggregate.name}__status": "shown" for aggregate in question.aggregates}
            found.append({"grouping": number, "month": None, **dict.fromkeys(names), **row, **statuses})
    return pa.Table.from_pylist(found)


def _with_parents(grouping):
    names = []
    for name in grouping.dimensions:
        names.append(name)
        while DIMENSIONS[names[-1]].parent:
            names.append(DIMENSIONS[names[-1]].parent)
    return names


def _total(aggregate):
    where = aggregate.where.fill_null(False)
    if aggregate.kind is AggregateKind.COUNT:
        return where.sum().cast("float64")
    return ibis.ifelse(where, aggregate.value.cast("float64").fill_null(0.0), 0.0).sum()


def people(commissioner, patients, region="N"):
    """A row for each age group and sex; `patients` a month, for each of the twelve strata or one for all."""
    many = patients if isinstance(patients, list) else [patients] * 12
    strata = [(group, sex) for group in AGE_GROUPS for sex in ("1", "2")]
    return [
        {"GP_Practice_Code": "P", "Sex": sex, "Age_Group": group, "Patients": each, "Activity_Month": "2024-05",
         "Commissioner_Code": commissioner, "Commissioner_Region_Code": region}
        for (group, sex), each in zip(strata, many, strict=True)
    ]  # fmt: skip


def spells(count, **columns):
    return [{"Activity_Month": "2024-05", "Spell_Key": 1, "Discharge_Method": "1", **columns}] * count


@pytest.fixture
def make_people():
    return people


@pytest.fixture
def make_spells():
    return spells
