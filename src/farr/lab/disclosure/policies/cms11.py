"""The cell size suppression policy of the Centers for Medicare & Medicaid Services."""

from farr.lab.disclosure.policy import Policy

POLICY = Policy(
    title="CMS cell size suppression",
    source="ResDAC, CMS Cell Size Suppression Policy, version of 26 January 2024 (resdac.org/node/1506): no cell of 1 to 10 admissions, "
    "discharges, patients or services is reported, nor can be derived from percentages, formulas or excluded cases; zero may be shown",
    why="Counts of 1 to 10 are hidden, and further cells so that they cannot be had from others; other counts are exact.",
    unverified="ResDAC's page was read in a copy; neither the data use agreement that it explains nor the page of HHS was seen. What holds "
    "for sums and means was not seen: eleven contributors are taken from the count of patients, and the dominance settings (p% 10, "
    "(2, 0.9)) are ACRO's defaults. National counts get no exemption.",
    threshold=10,
    secondary=True,
    minimum_contributors=11,
    p_percent=0.10,
    dominance_n=2,
    dominance_k=0.90,
)
