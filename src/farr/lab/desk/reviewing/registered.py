"""What may be asked freely: what registered measures and questions of contracting ask, and how complete records are.

The registry makes a measure's questions anew, from its declaration, and the gate compares. Two kinds of question hold more than a
declaration: what is standardised the nation's shares, which are taken from released tables alone, and a measure with choices the codes that
were chosen, of which only lists that Farr carries and single categories are registered.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType

import pyarrow as pa

from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.released import Released, table_sha256
from farr.lab.measures.measure import Measure
from farr.lab.measures.questions import NATIONAL, breakdown_questions, completeness_question, questions, reference_questions
from farr.lab.measures.reference import Reference, read_reference
from farr.lab.model.codelist import CodeList, codelist_names, load_codelist
from farr.lab.model.dimension import AS_WAS, LEVELS
from farr.lab.model.discover import discover
from farr.lab.model.errors import FarrError
from farr.lab.model.question import Question, QuestionError
from farr.lab.model.tables import TABLES
from farr.lab.planning.family import REFERENCE, Family, families, reference_of

_LEVELS = {*LEVELS, *AS_WAS.values()}
_CATEGORY = 3  # characters of a code of ICD-10 or OPCS-4 that is a code of the dimensions 'diagnosis' and 'procedure'
_Codes = tuple[tuple[str, str, tuple[str, ...]], ...]


class NotTheReference(FarrError):
    """Tables that are not the release of a measure's reference questions cannot be what it is standardised by."""


class RegisteredMeasures:
    """The registry of one desk. `measures` gives the declarations by name: those of the folder, whatever a desk was told besides. `ledger`
    has what was released: without one nothing is standardised."""

    def __init__(self, measures: Callable[[], Mapping[str, Measure]] | None = None, ledger: Ledger | None = None) -> None:
        self._measures = measures or _declared
        self._ledger = ledger
        self._references: dict[str, list[Reference]] = {}
        self._family_references: dict[str, list[Reference]] = {}
        self._chosen: dict[str, dict[_Codes, Measure]] = {}

    def put(self, question: Question) -> Iterator[Question]:
        """The questions of this name, about the same months, that a declaration puts at the levels that it is grouped by."""
        name, _, rest = question.name.partition(".")
        for level in _levels(question):
            for candidate in self._at(name, rest, level, question):
                if candidate.name == question.name:
                    yield replace(candidate, left_out=question.left_out)

    def refer(self, measure: Measure, asked: Sequence[Question], released: Sequence[Released]) -> Reference:
        """What a standardised ratio is standardised by, read from what the ledger has released of its reference questions; from now on its
        questions with these shares are registered. Raises NotTheReference, and FiguresError as read_reference does."""
        declared, identities = self._measures().get(measure.name), [each.manifest.question_identity for each in released]
        tables = [self._in_ledger(each) for each in released]
        if declared is None or not asked or identities != self._own(declared, asked[0]) or any(each is None for each in tables):
            raise NotTheReference(
                f"measure '{measure.name}' is standardised by the release of its own reference questions on this desk, and by no other"
            )
        reference = read_reference(declared, *(each for each in tables if each is not None))
        known = self._references.setdefault(measure.name, [])
        if reference not in known:
            known.append(reference)
        return reference

    def refer_family(self, asked: Question, released: Released) -> Reference:
        """What questions of a family are standardised by, read from what the ledger has released of its reference question; from now on
        those that rest on it are registered. Raises NotTheReference, and FiguresError as the family's `read` does."""
        family, table = families().get(asked.name.partition(".")[0]), self._in_ledger(released)
        is_own = any(each.identity == asked.identity == released.manifest.question_identity for each in self.put(asked))
        if family is None or family.read is None or table is None or not is_own or not asked.name.endswith(REFERENCE):
            raise NotTheReference(
                f"'{asked.name}' is standardised by the release of its own reference question on this desk, and by no other"
            )
        reference = family.read(asked.name, table)
        known = self._family_references.setdefault(asked.name, [])
        if reference not in known:
            known.append(reference)
        return reference

    def chosen(self, measure: Measure, codes: Mapping[str, CodeList]) -> Measure:
        """The measure for a choice of codes. Where the codes are registered, so are the questions that the measure of this name, as
        declared, puts for them. Raises as Measure.chosen does."""
        declared, exact = self._measures().get(measure.name), {name: _exactly(each) for name, each in codes.items()}
        if declared is not None and set(declared.choices) == exact.keys() and all(_is_registered(each) for each in exact.values()):
            which = tuple((name, exact[name].match, tuple(sorted(exact[name].codes))) for name in declared.choices)
            known = self._chosen.setdefault(measure.name, {})
            if declared.choices and which not in known:
                known[which] = declared.chosen(exact)
        return measure.chosen(codes)

    def _in_ledger(self, released: Released) -> pa.Table | None:
        """The table of a release as the ledger of this desk has it; None where it has no such release."""
        said = released.manifest
        found = None if self._ledger is None else self._ledger.earlier(
            identity=said.question_identity, agreement=said.agreement, policy=said.policy, store_versions=dict(said.store_versions),
            code_version=said.code_version,
        )  # fmt: skip
        if found is None or (found[0].release_id, found[0].table_sha256) != (said.release_id, table_sha256(released.table)):
            return None
        return found[1]

    @staticmethod
    def _own(declared: Measure, first: Question) -> list[str]:
        """The identities of the reference questions that a declared measure puts of the same months."""
        own = reference_questions(declared, period=first.period)
        return [replace(each, left_out=first.left_out).identity for each in own]

    def _at(self, name: str, rest: str, level: str, question: Question) -> Iterable[Question]:
        if name == "completeness":
            return [completeness_question(level=level, trend=question.period, table=TABLES[rest])] if rest in TABLES else []
        if name in families():
            return self._of_family(families()[name], level, question)
        declared = self._measures().get(name)
        measures = [] if declared is None else [declared, *self._chosen.get(name, {}).values()]
        return (each for measure in measures for each in self._of(measure, rest, level, question))

    def _of_family(self, family: Family, level: str, question: Question) -> Iterator[Question]:
        yield from family.questions(question.name, level, question.period)
        for reference in self._family_references.get(reference_of(question.name), []):
            if family.standardised is not None:
                yield from family.standardised(question.name, level, question.period, reference)

    def _of(self, measure: Measure, rest: str, level: str, question: Question) -> Iterator[Question]:
        period, monthly = question.period, rest.endswith("monthly")
        if rest.startswith("reference"):
            yield from reference_questions(measure, period=period)
            return
        for reference in (None, *self._references.get(measure.name, [])):
            try:
                if rest.startswith("by_"):
                    by = rest.removeprefix("by_").removesuffix(".population")
                    yield from breakdown_questions(measure, level=level, by=by, period=period, reference=reference)
                else:
                    judged = bool(question.estimates)
                    trend = period if monthly else None
                    yield from questions(measure, level=level, period=period, trend=trend, verdict=judged, reference=reference)
            except QuestionError:  # not made at this level, not broken down by that, or nothing without a reference
                continue


@cache
def _declared() -> Mapping[str, Measure]:
    return MappingProxyType(discover("farr.lab.measures.definitions", Measure))


def _levels(question: Question) -> Iterable[str]:
    """The levels that a question may be asked at: those that it is grouped by, and the nation."""
    names = dict.fromkeys(name for grouping in question.groupings for name in grouping.dimensions if name in _LEVELS)
    return [*names, NATIONAL]


def _exactly(codes: CodeList) -> CodeList:
    """The list itself, copied: of a class of somebody's own `contains` may say anything, and what is kept by reference may be changed."""
    said = {name: str.__str__(getattr(codes, name)) for name in ("name", "title", "version", "source", "licence", "match")}
    return CodeList(codes={str.__str__(code): str.__str__(name) for code, name in dict(codes.codes).items()}, **said)


def _is_registered(codes: CodeList) -> bool:
    """A list that Farr carries, or one category: any other set of codes is somebody's own cohort."""
    if codes.name in codelist_names():
        return load_codelist(codes.name) == codes
    return len(codes.codes) == 1 and codes.match == "prefix" and all(len(code) == _CATEGORY for code in codes.codes)
