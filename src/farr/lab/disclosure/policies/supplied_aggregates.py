"""Aggregates that arrive from a supplier, protected at the door."""

from farr.lab.disclosure.policy import Policy

POLICY = Policy(
    title="Supplied aggregates",
    source="Farr's own: the feed sets aside every row of 1 to 7 people, the range that NHS Digital hides in sub-national counts of "
    "hospital activity (change to disclosure control methodology for HES and ECDS, September 2018)",
    why="What arrives are counts and sums of at least eight people each, with nobody's record behind them. Whatever is added up of such "
    "rows, or taken off a sum of them, is again a sum of such rows: no figure of fewer than eight people can come of it, and rounding it "
    "would protect nothing. It never applies to a table with a person column.",
    unverified="Where a supplier does not say how many people a row is of, eight contacts or items are taken for eight people, though one "
    "person may have had them all. What one person's care costs within a row is not known, and so no rule on dominance can be held.",
    threshold=0,
    personal=False,
)
