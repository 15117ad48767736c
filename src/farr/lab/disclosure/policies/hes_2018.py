"""Hospital Episode Statistics from September 2018."""

from farr.lab.disclosure.policy import Policy

POLICY = Policy(
    title="HES from September 2018",
    source="NHS Digital, Change to disclosure control methodology for HES and ECDS from September 2018 (first part seen; "
    "the later part only in a copy)",
    why="Counts of 1 to 7 are hidden and the rest rounded to the nearest 5, so that small cells point to nobody.",
    unverified="The page's own table of counts was not seen: 1–7 and nearest 5 rest on codonPython, the 'n 1–7' sentence for "
    "means, and the SRHAD page that adopts the same rules. The dominance settings (p% 10, (2, 0.9)) are ACRO's defaults.",
    threshold=7,
    rounding_base=5,
    # The published rule leaves national counts alone. Farr does not: an exact national figure, safe in the release it stands in,
    # would undo a hidden row of another release that rounds it, until releases are audited together.
    national_exempt=False,
    minimum_contributors=8,
    p_percent=0.10,
    dominance_n=2,
    dominance_k=0.90,
)
