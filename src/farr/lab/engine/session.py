"""Session: the one way from records to figures. It takes a Question and gives a Sealed, which only the gate can read.

It holds the store, and opens a locked connection for each question that no attribute reaches and that ends with it. What fails
inside the database is told anew, without the database's own words: they quote the value they failed on.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from math import isfinite

import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from farr.lab.disclosure.sealed import Nested, Sealed
from farr.lab.disclosure.tables.leaning import secret_of
from farr.lab.disclosure.vault import Contents, deposit
from farr.lab.engine.allowed import check_estimates, check_question
from farr.lab.engine.at_rest.purge import rests_on_persons
from farr.lab.engine.cells import MONTH, NARROWED, UNKNOWN, laid_out, schema
from farr.lab.engine.duckdb import check_keys
from farr.lab.engine.engines.compiled import written
from farr.lab.engine.engines.embedded import Embedded
from farr.lab.engine.engines.engine import Engine
from farr.lab.engine.engines.nesting import Nesting
from farr.lab.engine.errors import EngineFailed, QuestionRefused, StoreError
from farr.lab.engine.estimate import estimated
from farr.lab.engine.integrity.content import Content, Digests, grouped_by, names_digest
from farr.lab.engine.store import Store
from farr.lab.model.agreement import Agreement, Terms
from farr.lab.model.dimension import DIMENSIONS, columns_of
from farr.lab.model.period import Month
from farr.lab.model.question import Estimator, Grouping, Question
from farr.lab.model.table import TableDeclaration, TableKind
from farr.lab.model.tables import TABLES
from farr.lab.model.tables.reference import ORGANISATION_CURRENT

# Persons are counted one by one, which takes memory by the person: by-month questions are therefore put a few months at a time.
_ROWS_AT_ONCE = 4_000_000
_BYTES_KEPT = 2_000_000_000  # of narrowed rows, in memory; more are narrowed anew for each grouping
_BYTES_A_ROW, _BYTES_A_SUM = 40, 8  # of a narrowed row, about, before it is known what is counted: as Together.bytes_a_row, with few codes
# Each sum takes a number a person and cell while a pass runs; counts take little, but a text of many is long.
_FIGURES_AT_ONCE, _NUMBERS_AT_ONCE = 192, 200_000_000


Beside = Mapping[str, Mapping[str, ir.BooleanValue]]
_NOTHING: Beside = {}


class Session:
    """Answers questions under one agreement's terms, on one store. `estimators` are those installed, by name; `engine` is what runs
    them, DuckDB unless said; `secret` gives that of the home, with which digests of records are made (see integrity/content.py)."""

    def __init__(
        self,
        store: Store,
        terms: Terms,
        estimators: Mapping[str, Estimator],
        code_version: str,
        *,
        engine: Engine | None = None,
        secret: Callable[[], bytes] = bytes,
    ) -> None:
        self._store = store
        self._terms = terms
        self._estimators = dict(estimators)
        self._code_version = code_version
        self._engine = engine or Embedded()
        self._lineages: dict[tuple[str, int], dict[str, int]] = {}  # what a version was built from does not change
        self._files: dict[tuple[str, int], dict[str, str]] = {}  # nor does what it is made of
        self._secret = secret
        self._successions: dict[int, dict[str, str]] = {}

    def ask(self, question: Question) -> Sealed:
        """The figures of the question, sealed. Versions are read once, and every part of the answer rests on them.

        Raises QuestionRefused for what may not be asked, AgreementError outside the agreement's datasets and period, StoreError
        where the table was never loaded or is damaged, EngineFailed where the database or an estimator failed.
        """
        return self.ask_many([question])[0]

    def ask_many(self, questions: Sequence[Question], beside: Beside = _NOTHING) -> list[Sealed]:
        """The figures of each question, sealed apart, in their order. Questions of a table are counted together, by each grouping once.
        `beside` are, by table and series (`count_series`), the conditions of all counts that were released before or may be soon: the gate
        releases nothing beside one that the answer was not compared with.

        Raises as `ask` does, before any is answered where it can be known before."""
        versions = {question.identity: self._version(question) for question in questions}
        sealed: dict[str, Sealed] = {}
        for asked in self._passes(questions):
            sealed |= self._answered(asked, versions[asked[0].identity], beside.get(asked[0].table.name, {}))
        return [sealed[question.identity] for question in questions]

    def basis(self, question: Question) -> dict[str, int]:
        """The versions of every table that an answer would rest on now. Raises as `ask` does where it may not be asked."""
        return self._basis(question, self._version(question))

    @cached_property
    def _nesting(self) -> Nesting:
        return Nesting(self._store, self._engine)

    @cached_property
    def _content(self) -> Content:
        return Content(self._store, self._secret())

    def _version(self, question: Question) -> int:
        self._check(question)
        version = self._store.version(question.table.name)
        if version is None:
            how = "farr build" if question.table.derived_from else "farr ingest FILE"
            raise StoreError(f"the table '{question.table.name}' was never loaded; type: {how}")
        _check_covered(Agreement(terms=self._terms), question.table, self._basis(question, version))
        return version

    def _answered(self, questions: Sequence[Question], version: int, beside: Mapping[str, ir.BooleanValue]) -> dict[str, Sealed]:
        counted = _counted(self._engine, self._store, questions, version)
        names = ", ".join(question.name for question in questions)
        code = f"question {names}: {questions[0].table.name}@{version}"
        if counted is None:
            self._store.check_declared(questions[0].table)  # what an earlier version of Farr built is named
            self._store.check_whole(questions[0].table.name)  # and so is a damaged file
            raise EngineFailed("the database could not answer; its own words are withheld, for they may quote a record", code)
        content = _content(self._content, questions, version, beside)
        if content is None:
            raise EngineFailed("the database could not say which records were read; its own words are withheld", code)
        nested = _nested(self._nesting, questions, version, beside)
        if nested is None:
            raise EngineFailed("the database could not say which cohorts lie within which; its own words are withheld", code)
        answers: dict[str, Sealed] = {}
        for question, tables in zip(questions, counted, strict=True):
            _check_finite(question, tables)
            for number, grouping in enumerate(question.groupings):
                _check_whole(question, grouping, tables[number])
            answer = estimated(question, pa.concat_tables(tables), self._estimators)
            if answer is None:
                raise EngineFailed("an estimator failed, or gave what is none of its verdicts; its own words are withheld", code)
            answers[question.identity] = self._sealed(question, version, answer, content, nested[question.identity])
        return answers

    def _check(self, question: Question) -> None:
        check_question(question)
        check_estimates(question, self._estimators)
        _check_columns(question)
        Agreement(terms=self._terms).check_period(question.period)

    def _sealed(self, question: Question, version: int, answer: pa.Table, content: Digests, nested: tuple[Nested, ...]) -> Sealed:
        return deposit(
            Contents(
                question=question,
                agreement=self._terms.id,
                agreement_policy=self._terms.policy,
                store_versions=self._basis(question, version),
                code_version=self._code_version,
                cells=answer,
                questions_agreed=self._terms.questions,
                months=self._records(question.table.name, version),
                content=content,
                content_scheme=self._content.scheme,
                nested=nested,
                succession=self._succession,
                secret=secret_of(self._secret()),
            )
        )

    def _succession(self, versions: Mapping[str, int]) -> Mapping[str, str] | None:
        """Which organisations had gone over into others, by the version that marts read; None where it is gone or damaged."""
        version = versions.get(ORGANISATION_CURRENT.name)
        if version is None:
            return {}
        if version not in self._successions:
            with suppress(StoreError, OSError, pa.ArrowException):
                tables = [pq.read_table(path) for path in self._store.files(ORGANISATION_CURRENT.name, version)]
                rows = [row for table in tables for row in table.to_pylist()]
                self._successions[version] = {row["Former_Code"]: row["Current_Code"] for row in rows}
        return self._successions.get(version)

    def _records(self, table: str, version: int) -> dict[str, str]:
        """By month, what tells its files from others."""
        if (table, version) not in self._files:
            held = self._store.files_by_month(table, version)
            self._files[table, version] = {str(month): names_digest(paths) for month, paths in held.items()}
        return self._files[table, version]

    def _passes(self, questions: Sequence[Question]) -> list[list[Question]]:
        """The questions sorted into passes: of one table, with no more figures and sums together than may be; and of the same months, where
        rows of all months would not fit in memory."""
        of_tables: dict[str, list[Question]] = {}
        for question in {each.identity: each for each in questions}.values():
            of_tables.setdefault(question.table.name, []).append(question)
        found: list[_Pass] = []
        for name, asked in of_tables.items():
            rows, held = self._store.rows(name), len(self._store.months(name))
            months = {month for question in asked for month in question.months}
            at_once = max(1, _NUMBERS_AT_ONCE // max(1, rows))
            sums = min(at_once, len({each for question in asked for each in _figures(question)[1]}))
            fits = rows // max(1, held) * len(months) * (_BYTES_A_ROW + _BYTES_A_SUM * sums) <= _BYTES_KEPT
            open_: dict[tuple[Month, ...], _Pass] = {}
            for question in asked:
                alike = () if fits else question.months
                if alike not in open_ or not open_[alike].takes(question, at_once):
                    open_[alike] = _Pass()
                    found.append(open_[alike])
                open_[alike].add(question)
        return [each.questions for each in found]

    def _basis(self, question: Question, version: int) -> dict[str, int]:
        key = (question.table.name, version)
        if key not in self._lineages:
            self._lineages[key] = _lineage(self._store, question.table, version)
        return {**self._lineages[key], question.table.name: version}


class _Pass:
    """Questions that are counted together."""

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self._figures: set[object] = set()
        self._sums: set[object] = set()

    def takes(self, question: Question, sums_at_once: int) -> bool:
        """Whether there is room for one more question."""
        figures, sums = _figures(question)
        return len(self._figures | figures) <= _FIGURES_AT_ONCE and len(self._sums | sums) <= sums_at_once

    def add(self, question: Question) -> None:
        figures, sums = _figures(question)
        self.questions.append(question)
        self._figures |= figures
        self._sums |= sums


def _figures(question: Question) -> tuple[set[object], set[object]]:
    """The figures that are asked for, and those of them that are sums."""
    key = question.where.op()
    counts = {(key, each.where.op()) for each in question.aggregates if each.value is None}
    sums = {(key, each.where.op(), each.value.op()) for each in question.aggregates if each.value is not None}
    return {*counts, *sums}, {*sums}


def _lineage(store: Store, table: TableDeclaration, version: int) -> dict[str, int]:
    """The versions that a mart was built from, and those that they were built from, as the records say."""
    reads = [load.get("reads", {}) for load in store.history(table.name) if load["version"] == version]
    found: dict[str, int] = {name: number for read in reads for name, number in read.items() if number is not None}
    for name, number in list(found.items()):
        if TABLES[name].kind is TableKind.MART:
            found |= {each: held for each, held in _lineage(store, TABLES[name], number).items() if each not in found}
    return found


def _check_covered(agreement: Agreement, table: TableDeclaration, basis: Mapping[str, int]) -> None:
    """Published facts about no person need no agreement. A mart needs it of the datasets that it was built from."""
    if table.person is None or table.name in agreement.terms.datasets:
        return
    first, *others = table.derived_from or (table.name,)
    for dataset in (first, *(name for name in others if name in basis)):
        agreement.check_dataset(dataset)


def _check_columns(question: Question) -> None:
    names = [*schema(question).names, *(estimate.name for estimate in question.estimates)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise QuestionRefused(f"question '{question.name}' would give two columns named {', '.join(twice)}; rename the figure")


def _check_finite(question: Question, counted: Sequence[pa.Table]) -> None:
    """Raises QuestionRefused where a sum came to infinity or to no number: one such row would hide, or show, all others."""
    for aggregate in question.aggregates:
        if aggregate.value is not None and not all(isfinite(total) for table in counted for total in table[aggregate.name].to_pylist()):
            raise QuestionRefused(
                f"the sum '{aggregate.name}' of question '{question.name}' is not a number; exclude rows that divide by zero"
            )


def _check_whole(question: Question, grouping: Grouping, counted: pa.Table) -> None:
    """Raises QuestionRefused where a code lies in two of its parent: its counts would not add up to the parent's."""
    for name in columns_of(grouping.dimensions):
        parent = DIMENSIONS[name].parent
        if parent is None:
            continue
        pairs = set(zip(counted[name].to_pylist(), counted[parent].to_pylist(), strict=True))
        parents = Counter(code for code, _ in pairs if code != UNKNOWN)
        split = sum(1 for count in parents.values() if count > 1)
        if split:
            raise QuestionRefused(
                f"{split} codes of {name} in '{question.table.name}' lie in more than one {parent}; give each its own in the "
                "organisation reference, and type: farr ingest FILE, then farr build"
            )


def _counted(engine: Engine, store: Store, questions: Sequence[Question], version: int) -> list[list[pa.Table]] | None:
    """For each question a table for each grouping; None where the database failed."""
    table, text = questions[0].table, written(questions, engine)
    asked, files = text.asked, store.files(table.name, version)
    every = store.months(table.name, version)
    held = [month for month in every if any(month in question.months for question in questions)]
    a_month = store.rows(table.name, version) // max(1, len(every))
    check_keys(files, store.keys)
    counted: dict[tuple[Grouping, tuple[Month, ...]], pa.Table] = {}
    try:
        with engine.answering(table, files, store.keys) as answering:
            fits = a_month * len(held) * asked.bytes_a_row <= _BYTES_KEPT
            answering.keep(NARROWED, text.rows(held), [MONTH, *asked.codes], text.codes(held), fits=fits)
            for (grouping, months), places in _alike(questions).items():
                batches = _batches(grouping, [month for month in held if month in months], held, a_month)
                counted[grouping, months] = pa.concat_tables([answering.run(text.cells(grouping, places, each)) for each in batches])
        return [
            [laid_out(asked, place, number, counted[grouping, question.months]) for number, grouping in enumerate(question.groupings)]
            for place, question in enumerate(questions)
        ]
    except Exception:  # whatever it is, it may quote a record: it ends here
        return None


def _content(content: Content, questions: Sequence[Question], version: int, beside: Mapping[str, ir.BooleanValue]) -> Digests | None:
    """Digests of what the questions and the conditions `beside` read, and of all that the table may be broken down by; of published
    facts none. None where the database failed."""
    table = questions[0].table
    if not rests_on_persons(table):
        return {}
    read = {name for question in questions for names in question.columns_read().values() for name in names}
    read |= {field.name for condition in beside.values() for field in condition.op().find(ops.Field)}
    try:
        return content.of(table, version, sorted({*read, *grouped_by(table)} - {table.month}))
    except Exception:  # whatever it is, it may quote a record: it ends here
        return None


def _nested(
    nesting: Nesting, questions: Sequence[Question], version: int, beside: Mapping[str, ir.BooleanValue]
) -> dict[str, tuple[Nested, ...]] | None:
    """By question, how the rows of its counts lie to those of each of the conditions `beside`. None where the database failed."""
    table, found = questions[0].table, dict[str, tuple[Nested, ...]]()
    conditions = {question.identity: question.conditions() for question in questions}
    if not rests_on_persons(table) or not beside:
        return dict.fromkeys(conditions, ())
    try:
        lies = nesting.of(table, version, [each for mine in conditions.values() for each in mine.values()], list(beside.values()))
    except Exception:  # whatever it is, it may quote a record: it ends here
        return None
    for identity, mine in conditions.items():
        found[identity] = tuple(
            Nested(figure=figure, series=series, within=within, around=around)
            for figure, one in mine.items() for series, other in beside.items() for within, around in [lies(one, other)]
        )  # fmt: skip
    return found


def _alike(questions: Sequence[Question]) -> dict[tuple[Grouping, tuple[Month, ...]], list[int]]:
    """The places of the questions that ask for a grouping of the same months: they are counted at once."""
    found: dict[tuple[Grouping, tuple[Month, ...]], list[int]] = {}
    for place, question in enumerate(questions):
        for grouping in question.groupings:
            found.setdefault((grouping, question.months), []).append(place)
    return found


def _batches(grouping: Grouping, months: Sequence[Month], narrowed: Sequence[Month], rows_a_month: int) -> Iterator[Sequence[Month] | None]:
    """The months to count at a time; None for all that rows were narrowed to."""
    at_once = max(1, _ROWS_AT_ONCE // max(1, rows_a_month)) if grouping.monthly else max(1, len(months))
    for start in range(0, max(1, len(months)), at_once):
        batch = months[start : start + at_once]
        yield None if batch == narrowed else batch
