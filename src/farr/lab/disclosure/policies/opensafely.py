"""OpenSAFELY's rule for counts."""

from farr.lab.disclosure.policy import Policy

POLICY = Policy(
    title="OpenSAFELY counts",
    source="OpenSAFELY, Statistical disclosure control and ehrQL pull request 1746: 7 or fewer redacted, then nearest 5. "
    "The variant midpoint-6 is rounding=Rounding.MIDPOINT with rounding_base=6",
    why="Counts of 7 or fewer, zeros among them, are redacted and the rest rounded to the nearest 5.",
    unverified="ehrQL prints redacted counts as 0; here they are starred. The dominance settings (p% 10, (2, 0.9)) are ACRO's defaults.",
    threshold=7,
    zero_shown=False,
    rounding_base=5,
    minimum_contributors=8,
    p_percent=0.10,
    dominance_n=2,
    dominance_k=0.90,
)
