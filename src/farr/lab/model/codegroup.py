"""Groupings of clinical codes: CSV files of ranges of ICD-10 categories, each range with the group it belongs to."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

import ibis
import ibis.expr.types as ir

from farr.lab.model.codelist import CodeListError

_REQUIRED = ("title", "version", "source", "licence")
_AFTER_ALL = "~"  # sorts after every letter and digit


@dataclass(frozen=True, kw_only=True)
class CodeRange:
    """The categories `first` to `last` (three characters each, both included) belong to `group`."""

    first: str
    last: str
    group: str
    clean_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class CodeGroups:
    """A grouping: ranges in order, none overlapping; `names` says what each group is called."""

    name: str
    title: str
    version: str
    source: str
    licence: str
    ranges: tuple[CodeRange, ...]
    names: dict[str, str]

    def group_of(self, code: ir.StringColumn) -> ir.StringValue:
        """The group of a code's first three characters; null for a code in no range, and for none."""
        return _searched(code, self.ranges)

    def clean_days(self, group: ir.StringColumn, default: int) -> ir.IntegerValue:
        """The clean period of a group in days, as the file says; `default` where it says nothing."""
        stated = {each.group: each.clean_days for each in self.ranges if each.clean_days is not None}
        by_days: dict[int, list[str]] = {}
        for name, days in sorted(stated.items()):
            by_days.setdefault(days, []).append(name)
        branches = [(group.isin(names), ibis.literal(days, "int32")) for days, names in sorted(by_days.items()) if days != default]
        return ibis.cases(*branches, else_=ibis.literal(default, "int32")) if branches else ibis.literal(default, "int32")


def _searched(code: ir.StringColumn, ranges: Sequence[CodeRange]) -> ir.StringValue:
    # Halving the ranges asks seven questions of a code where a plain list of cases would ask a hundred. Whole codes are compared
    # in the order of their text, for cutting out three characters again and again is most of the work.
    if len(ranges) == 1:
        only = ranges[0]
        within = (code >= only.first) & (code < only.last + _AFTER_ALL)
        return ibis.ifelse(within, ibis.literal(only.group), ibis.null("string"))
    middle = len(ranges) // 2
    return ibis.ifelse(code < ranges[middle].first, _searched(code, ranges[:middle]), _searched(code, ranges[middle:]))


@cache
def load_codegroups(name: str) -> CodeGroups:
    """Reads `codegroups/<name>.csv`: lines '# title: …', '# version: …', '# source: …', '# licence: …', then a header
    'first,last,group,name' (and 'clean_days' for episode groups) and the ranges in order. Raises CodeListError."""
    file = resources.files("farr.lab.model").joinpath("codegroups", f"{name}.csv")
    if not file.is_file():
        raise CodeListError(f"there is no grouping of codes '{name}'; known: {', '.join(codegroup_names())}")
    lines = file.read_text(encoding="utf-8").splitlines()
    stated = dict(line[1:].strip().split(": ", 1) for line in lines if line.startswith("#"))
    missing = [key for key in _REQUIRED if not stated.get(key)]
    if missing:
        raise CodeListError(f"grouping '{name}' does not state its {', '.join(missing)}; add lines such as '# {missing[0]}: …'")
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    ranges = tuple(_range(row) for row in rows)
    _check_order(name, ranges)
    return CodeGroups(
        name=name, ranges=ranges, names={row["group"]: row["name"] for row in rows}, **{key: stated[key] for key in _REQUIRED}
    )


def codegroup_names() -> list[str]:
    folder = resources.files("farr.lab.model").joinpath("codegroups")
    return sorted(entry.name.removesuffix(".csv") for entry in folder.iterdir() if entry.name.endswith(".csv"))


def _range(row: dict[str, str]) -> CodeRange:
    days = row.get("clean_days")
    return CodeRange(first=row["first"], last=row["last"], group=row["group"], clean_days=int(days) if days else None)


def _check_order(name: str, ranges: Sequence[CodeRange]) -> None:
    backwards = [each.first for each in ranges if each.first > each.last]
    wrong = backwards + [after.first for before, after in pairwise(ranges) if after.first <= before.last]
    if wrong or not ranges:
        raise CodeListError(f"grouping '{name}' has no ranges in order from {', '.join(wrong) or 'its start'}; sort them, none overlapping")
