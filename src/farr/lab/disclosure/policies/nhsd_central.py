"""NHS Digital's central suppression method."""

from farr.lab.disclosure.policy import Policy

POLICY = Policy(
    title="NHS Digital central suppression",
    source="codonPython, suppression.py, central_suppression_method (NHS Digital, BSD licence), commit 2918663",
    why="Counts of 1 to 7 are printed as 5 and the rest rounded to the nearest 5.",
    unverified="codonPython says nothing about persons, sums and means; these settings are those of hes_2018. Rows that the "
    "audit hides besides are printed as 5 too, so that nobody can tell them apart.",
    threshold=7,
    rounding_base=5,
    token=5,
    minimum_contributors=8,
    p_percent=0.10,
    dominance_n=2,
    dominance_k=0.90,
    maximum=5e9,
)
