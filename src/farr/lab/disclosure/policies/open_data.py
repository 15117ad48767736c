"""Published facts about no person."""

from farr.lab.disclosure.policy import Policy

POLICY = Policy(
    title="Open data",
    source="Open Government Licence v3: lists of organisations, list sizes and prices that are published already",
    why="Nothing here is about a person, so that figures are shown as they are. It never applies to a table with a person column.",
    unverified="Nothing.",
    threshold=0,
    personal=False,
)
