"""Known: tables that print nothing which an earlier release did not print, as the nation alone after all its regions and the nation."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from farr.lab.disclosure.attack.knowledge import TOLERANCE
from farr.lab.disclosure.history.months import Months
from farr.lab.disclosure.history.sheet import Sheet

Ends = Mapping[tuple[str | None, ...], tuple[float, float]]


def says_nothing_new(new: Sequence[Sheet], left: Mapping[str, Any], released: Sequence[Sequence[Sheet]]) -> bool:
    """Whether one and the same earlier release left no more of every figure of each grouping, over the very months, than the new sheets
    would. `left`, by figure, is what print would leave of it, shape (rows, 2); `released`: the sheets of each release of the same figures.

    Then whoever holds the earlier releases learns nothing, so that nothing needs to be looked at that was looked at then."""
    groups: dict[tuple[tuple[str, ...], Months], list[Sheet]] = defaultdict(list)
    for sheet in new:
        groups[sheet.dimensions, sheet.months].append(sheet)
    before = [{(sheet.series, sheet.dimensions, sheet.months): sheet for sheet in sheets if not sheet.assumed} for sheets in released]
    return all(any(all(_is_in(sheet, left, sheets) for sheet in group) for sheets in before) for group in groups.values())


def _is_in(sheet: Sheet, left: Mapping[str, Any], before: Mapping[tuple[str, tuple[str, ...], Months], Sheet]) -> bool:
    earlier = before.get((sheet.series, sheet.dimensions, sheet.months))
    if earlier is None:
        return False
    ends: Ends = dict(zip(earlier.codes, zip(earlier.low.tolist(), earlier.high.tolist(), strict=True), strict=True))
    nothing = (0.0, 0.0)  # of a code that is not there
    then = np.array([ends.get(codes, nothing) for codes in sheet.codes], dtype=float).reshape(-1, 2)
    now = left[sheet.figure][sheet.rows]
    return bool(np.all(then[:, 0] >= now[:, 0] - TOLERANCE) and np.all(then[:, 1] <= now[:, 1] + TOLERANCE))
