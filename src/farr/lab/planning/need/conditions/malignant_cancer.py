"""Malignant cancer, but of the skin other than melanoma."""

from farr.lab.planning.need.condition import Condition

CONDITION = Condition(
    why="Need for diagnosis, treatment and care follows how many live with cancer.",
    unseen="Nearly everybody with cancer is seen in hospital, but some in outpatient clinics alone.",
)
