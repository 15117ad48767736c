"""Sites of a merged provider: their codes say whose they were, so that they add up to the provider as it was."""

from collections import Counter
from dataclasses import replace

import pyarrow as pa
import pytest

from farr.lab.model.dimension import columns_of
from farr.lab.model.question import Aggregate, AggregateKind, Grouping
from tests.registered import release

from .conftest import SPELL, proportion, sealed_of

NAMES = ("provider_region", "provider", "provider_as_was", "site")
# RAA was merged into RBB.
SITES = {("Y1", "RBB", "RAA", "RAA01"): 27, ("Y1", "RBB", "RAA", "RAA02"): 4,
         ("Y1", "RBB", "RBB", "RBB01"): 197, ("Y1", "RBB", "RBB", "RBB02"): 5}  # fmt: skip


def asked(name, *groupings):
    spells = Aggregate(name="spells", kind=AggregateKind.COUNT, where=SPELL.Age < 200)
    return replace(proportion(), name=name, aggregates=(spells,), groupings=tuple(Grouping(dimensions=each) for each in groupings))


def cells(question):
    rows = []
    for number, grouping in enumerate(question.groupings):
        wide, counted = columns_of(grouping.dimensions), Counter()
        for codes, count in SITES.items():
            counted[tuple(code if name in wide else None for name, code in zip(NAMES, codes, strict=True))] += count
        rows += [
            {"grouping": number, **dict(zip(NAMES, codes, strict=True)), "spells": count, "spells__persons": count}
            for codes, count in counted.items()
        ]
    used = columns_of([name for grouping in question.groupings for name in grouping.dimensions])
    texts, counts = [("month", pa.string()), *((name, pa.string()) for name in used)], ("grouping", "spells", "spells__persons")
    return pa.Table.from_pylist(rows, schema=pa.schema([*texts, *((name, pa.int64()) for name in counts)]))


@pytest.mark.parametrize("before", [True, False], ids=["beside the provider as it was", "alone"])
def test_a_hidden_site_is_no_difference_of_the_provider_as_it_was_and_its_other_sites(rig, legacy, before):
    by_site, as_was = asked("by site", ("provider", "site"), ("provider",), ()), asked("as it was", ("provider_as_was",), ())
    if before:
        release(sealed_of(as_was, cells(as_was), policy="hes_legacy"), rig.ledger)
    table = release(sealed_of(by_site, cells(by_site), policy="hes_legacy"), rig.ledger).table
    shown = {row["site"]: row["spells"] for row in table.to_pylist() if row["site"]}
    assert shown["RAA02"] is None and shown["RBB02"] is None
    assert (shown["RAA01"], shown["RBB01"]) == ((None, None) if before else (27, 197))
