"""Where sealed rows lie. Only the engine's session puts in, and only the gate takes out (held by an import contract)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import pyarrow as pa

from farr.lab.disclosure.sealed import Nested, Sealed, SealedError
from farr.lab.model.question import Question


@dataclass(frozen=True, kw_only=True)
class Contents:
    """True figures of one question, with what the gate needs to judge them. `questions_agreed` is how many different questions the
    agreement allows; None: it has no limit. `months` tells by month which files were read: the same text, the same records.
    `content` tells by column and month what stands there: the same text in another store, of the same `content_scheme`, the same values;
    of a month that is not held, nothing. Without a scheme it is not known. `nested` are the question's counts of cohorts that lie within or
    around those of other series. `succession` gives, for versions of the store's tables, today's code by that of each organisation that has
    gone over into another, as these have it; None where that can no longer be read. Which rows are hidden hangs on the
    `secret`, which only the installation knows.

    `cells` has a row per cell of every grouping:
    - `grouping` int64: index into question.groupings; `month` string: null where the grouping is not monthly;
    - a string column for each dimension of any grouping and for each ancestor of such (Dimension.parent, followed up): the
      code, 'unknown' where the record has none, null where the row's grouping has neither the dimension nor a descendant of it;
    - for each aggregate `a`: `a` (int64 count, float64 sum) and `a__persons` int64, distinct people among the rows counted
      (null throughout for a table without a person column); for sums also `a__top1` and `a__top2` float64, the two
      largest contributions of one person;
    - for each estimate `e`: `e` string, null outside its grouping.
    """

    question: Question
    agreement: str
    agreement_policy: str
    store_versions: dict[str, int]
    code_version: str
    cells: pa.Table
    questions_agreed: int | None = None
    months: Mapping[str, str] = field(default_factory=dict[str, str])
    content: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    content_scheme: str = ""
    nested: tuple[Nested, ...] = ()
    succession: Callable[[Mapping[str, int]], Mapping[str, str] | None] = lambda _: None
    secret: bytes = field(default=b"", repr=False)


_vault: WeakKeyDictionary[Sealed, Contents] = WeakKeyDictionary()


def deposit(contents: Contents) -> Sealed:
    sealed = Sealed(contents.question.name)
    _vault[sealed] = contents
    return sealed


def withdraw(sealed: Sealed) -> Contents:
    """The contents, once: a sealed result is released or lost."""
    contents = _vault.pop(sealed, None)
    if contents is None:
        raise SealedError(f"{sealed!r} has already been released or refused; ask the question again")
    return contents
