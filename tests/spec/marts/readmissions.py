from farr.lab.model.example import Example

MART = "apc_spell"
_COLUMNS = (
    "APCE_Ident | Der_Pseudo_NHS_Number | Provider_Code | Admission_Date | Episode_Start_Date | Episode_End_Date | Discharge_Date"
    " | Admission_Method | Age | Discharge_Method"
)


def _flags(index: bool, readmitted: bool) -> dict[str, bool]:
    return {"RE30_Is_Index": index, "RE30_Is_Readmitted": readmitted}


def _one_month_apart(header: str, first: str, second: str) -> dict[str, str]:
    """Two stays of a person, ten days apart, the second an emergency, with further columns."""
    return {
        "apc_episode": f"""
            {_COLUMNS} | {header}
            1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 11 | 60 | 1 | {first}
            2 | P1 | RAA | 2024-05-15 | 2024-05-15 | 2024-05-20 | 2024-05-20 | 21 | 60 | 1 | {second}
        """
    }


EXAMPLES = (
    Example(
        title="an emergency on day 30 counts, to any provider; on day 31 it does not; a planned stay never does",
        tables={
            "apc_episode": f"""
                {_COLUMNS}
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 11 | 60 | 1
                2 | P1 | RBB | 2024-06-04 | 2024-06-04 | 2024-06-05 | 2024-06-05 | 21 | 60 | 1
                3 | P2 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 11 | 60 | 1
                4 | P2 | RAA | 2024-06-05 | 2024-06-05 | 2024-06-05 | 2024-06-05 | 21 | 60 | 1
                5 | P3 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 21 | 60 | 1
                6 | P3 | RAA | 2024-05-08 | 2024-05-08 | 2024-05-09 | 2024-05-09 | 11 | 60 | 1
            """
        },
        expected={
            1: _flags(True, True) | {"RE30_Is_Return": False},
            2: _flags(True, False) | {"RE30_Is_Return": True},
            3: _flags(True, False) | {"RE30_Is_Return": False},
            4: _flags(True, False) | {"RE30_Is_Return": True},
            5: _flags(True, False) | {"RE30_Is_Return": True},
            6: _flags(True, False) | {"RE30_Is_Return": False},
        },
    ),
    Example(
        title="a planned stay in between hides nothing: both discharges were followed",
        tables={
            "apc_episode": f"""
                {_COLUMNS}
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 21 | 60 | 1
                2 | P1 | RAA | 2024-05-08 | 2024-05-08 | 2024-05-09 | 2024-05-09 | 11 | 60 | 1
                3 | P1 | RAA | 2024-05-12 | 2024-05-12 | 2024-05-14 | 2024-05-14 | 21 | 60 | 1
            """
        },
        expected={1: _flags(True, True), 2: _flags(True, True), 3: _flags(True, False)},
    ),
    Example(
        title="of two stays on one day the later is a readmission of the earlier, not the reverse; overlaps are none",
        tables={
            "apc_episode": f"""
                {_COLUMNS}
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-01 | 2024-05-01 | 21 | 60 | 1
                2 | P1 | RBB | 2024-05-01 | 2024-05-01 | 2024-05-01 | 2024-05-01 | 21 | 60 | 1
                3 | P2 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-09 | 2024-05-09 | 21 | 60 | 1
                4 | P2 | RBB | 2024-05-04 | 2024-05-04 | 2024-05-05 | 2024-05-05 | 21 | 60 | 1
            """
        },
        expected={1: _flags(True, True), 2: _flags(True, False), 3: _flags(True, False), 4: _flags(True, False)},
    ),
    Example(
        title="no index: death, self-discharge, transfer, regular attender, and people who are not known",
        tables={
            "apc_episode": f"""
                {_COLUMNS} | Discharge_Destination | Patient_Classification
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 21 | 60 | 4 | 79 | 1
                2 | P2 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 21 | 60 | 2 | 19 | 1
                3 | P3 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 21 | 60 | 1 | 51 | 1
                4 | P4 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-01 | 2024-05-01 | 13 | 60 | 1 | 19 | 3
                5 |    | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 21 | 60 | 1 | 19 | 1
                6 | P2 | RAA | 2024-05-07 | 2024-05-07 | 2024-05-08 | 2024-05-08 | 21 | 60 | 1 | 19 | 1
            """
        },
        expected={**{key: _flags(False, False) for key in (1, 2, 3, 4, 5)}, 6: _flags(True, False)},
    ),
    Example(
        title="a child of three and under is excluded; one of four is not",
        tables={
            "apc_episode": f"""
                {_COLUMNS}
                1 | P1 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 21 | 3 | 1
                2 | P1 | RAA | 2024-05-08 | 2024-05-08 | 2024-05-09 | 2024-05-09 | 21 | 3 | 1
                3 | P2 | RAA | 2024-05-01 | 2024-05-01 | 2024-05-05 | 2024-05-05 | 21 | 4 | 1
                4 | P2 | RAA | 2024-05-08 | 2024-05-08 | 2024-05-09 | 2024-05-09 | 21 | 4 | 1
            """
        },
        expected={1: _flags(False, False), 2: _flags(False, False), 3: _flags(True, True), 4: _flags(True, False)},
    ),
    Example(
        title="maternity after another stay is no readmission",
        tables=_one_month_apart("Spell_Core_HRG", "FZ18", "NZ30"),
        expected={1: _flags(True, False), 2: _flags(False, False)},
    ),
    Example(
        title="cancer as primary diagnosis of either stay excludes it: D46 is in the list, D12 is not",
        tables=_one_month_apart("Diagnosis_01", "D126", "D469"),
        expected={1: _flags(True, False), 2: _flags(False, False)},
    ),
    Example(
        title="unbundled chemotherapy anywhere among the codes of any episode excludes the stay",
        tables=_one_month_apart("FCE_Unbundled_HRGs", "RD20A, SB12Z", "RD20A"),
        expected={1: _flags(False, False), 2: _flags(True, False)},
    ),
    Example(
        title="unbundled dialysis excludes the readmission",
        tables=_one_month_apart("FCE_Unbundled_HRGs", "", "LE01A"),
        expected={1: _flags(True, False), 2: _flags(False, False)},
    ),
    Example(
        title="an admission from another hospital is a transfer, not a readmission",
        tables=_one_month_apart("Source_of_Admission", "19", "51"),
        expected={1: _flags(True, False), 2: _flags(True, False)},
    ),
)
