# ruff: noqa: E501  (a drawn table is as wide as its columns)
from decimal import Decimal

from farr.lab.model.example import Example

MART = "spell_conflict"
_SPELL = "Spell_Key | Der_Pseudo_NHS_Number | Provider_Code_As_Was | Admission_Date | Episode_Count | Activity_Month"
_EPISODE = "APCE_Ident | Der_Pseudo_NHS_Number | Provider_Code | Admission_Date | Episode_Start_Date | Episode_End_Date | Episode_Number | FCE_HRG | Grand_Total | Episode_Status"

EXAMPLES = (
    Example(
        title="records that repeat another are copies and lie over nothing; episodes that share a night overlap, and those that meet on a day do not",
        tables={
            "apc_spell": f"""
                {_SPELL}
                10 | P1 | RAA | 2018-05-01 | 2 | 2018-05
                20 | P2 | RAA | 2018-05-01 | 2 | 2018-05
                30 | P3 | RAA | 2018-05-01 | 2 | 2018-05
                40 |    | RAA | 2018-05-01 | 1 | 2018-05
            """,
            "apc_episode": f"""
                {_EPISODE}
                10 | P1 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-03 | 1 | DZ11A | 1100.00 | 3
                11 | P1 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-03 | 1 | DZ11A | 1105.00 | 3
                20 | P2 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-04 | 1 | DZ11A |         | 3
                21 | P2 | RAA | 2018-05-01 | 2018-05-03 | 2018-05-06 | 2 | DZ11A | 1100.00 | 3
                30 | P3 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-03 | 1 | DZ11A |         | 3
                31 | P3 | RAA | 2018-05-01 | 2018-05-03 | 2018-05-06 | 2 | DZ11A | 1100.00 | 3
                40 |    | RAA | 2018-05-01 | 2018-05-01 | 2018-05-03 | 2 | DZ11A | 1100.00 | 3
            """,
        },
        expected={
            10: {"Copies": 1, "Copies_Paid": Decimal("1105.00"), "Has_Overlap": False, "Lacks_Episode": False},
            20: {"Copies": 0, "Copies_Paid": None, "Has_Overlap": True, "Lacks_Episode": False},
        },
    ),
    Example(
        title="an episode is missing where the highest number is more than there are: in the middle, at the beginning, or of a spell of one; not where numbers are unknown",
        tables={
            "apc_spell": f"""
                {_SPELL}
                10 | P1 | RAA | 2018-05-01 | 2 | 2018-05
                20 | P2 | RAA | 2018-05-01 | 1 | 2018-05
                30 | P3 | RAA | 2018-05-01 | 2 | 2018-05
                40 | P4 | RAA | 2018-05-01 | 1 | 2018-05
                50 | P5 | RAA | 2018-05-01 | 1 | 2018-05
            """,
            "apc_episode": f"""
                {_EPISODE}
                10 | P1 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-03 | 1 | DZ11A |         | 3
                11 | P1 | RAA | 2018-05-01 | 2018-05-04 | 2018-05-06 | 3 | DZ11A | 1100.00 | 3
                20 | P2 | RAA | 2018-05-01 | 2018-05-03 | 2018-05-06 | 2 | DZ11A | 1100.00 | 3
                30 | P3 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-03 |   | DZ11A |         | 3
                31 | P3 | RAA | 2018-05-01 | 2018-05-03 | 2018-05-06 |   | DZ11A | 1100.00 | 3
                40 | P4 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-03 | 1 | DZ11A | 1100.00 | 3
                50 | P5 | RAA | 2018-05-01 | 2018-05-01 | 2018-05-03 | 1 | DZ11A | 1100.00 | 3
                51 | P5 | RAA | 2018-05-01 | 2018-05-03 | 2018-05-06 | 2 | DZ11A |         | 1
            """,
        },
        expected={
            10: {"Copies": 0, "Has_Overlap": False, "Lacks_Episode": True},
            20: {"Copies": 0, "Has_Overlap": False, "Lacks_Episode": True},
        },
    ),
)
