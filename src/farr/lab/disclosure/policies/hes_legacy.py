"""Hospital Episode Statistics before September 2018."""

from farr.lab.disclosure.policy import Policy

POLICY = Policy(
    title="HES before September 2018",
    source="HES analysis guide (Health and Social Care Information Centre); agreements of 2017 to 2020 straddle both methods",
    why="Counts of 1 to 5 are hidden, and further cells so that they cannot be had by subtraction; other counts are exact.",
    unverified="How zeros, percentages and national counts were treated was not seen: zeros are shown and national counts get "
    "no exemption. The dominance settings (p% 10, (2, 0.9)) are ACRO's defaults.",
    threshold=5,
    secondary=True,
    minimum_contributors=6,
    p_percent=0.10,
    dominance_n=2,
    dominance_k=0.90,
)
