from farr.lab.model.example import Example

MART = "op_appointment"
_FLAGS = ("Is_Attended", "Is_First", "Is_Follow_Up", "Is_Remote", "Is_Not_Attended", "Is_Cancelled_by_Patient", "Is_Cancelled_by_Provider")


def _only(*names: str) -> dict[str, bool]:
    return {name: name in names for name in _FLAGS}


EXAMPLES = (
    Example(
        title="attended, not attended or cancelled; first or follow-up; an administrative event (5) is nothing of these",
        tables={
            "op_attendance": """
                OPA_Ident | First_Attendance | Attendance_Status
                1 | 1 | 5
                2 | 2 | 6
                3 | 3 | 5
                4 | 4 | 3
                5 | 1 | 7
                6 | 2 | 2
                7 | 1 | 4
                8 | 5 | 5
                9 | 1 | 0
                10 |  |
            """
        },
        expected={
            1: _only("Is_Attended", "Is_First"),
            2: _only("Is_Attended", "Is_Follow_Up"),
            3: _only("Is_Attended", "Is_First", "Is_Remote"),
            4: _only("Is_Follow_Up", "Is_Remote", "Is_Not_Attended"),
            5: _only("Is_First", "Is_Not_Attended"),
            6: _only("Is_Follow_Up", "Is_Cancelled_by_Patient"),
            7: _only("Is_First", "Is_Cancelled_by_Provider"),
            8: _only(),
            9: _only("Is_First"),
            10: _only(),
        },
    ),
    Example(
        title="a procedure by its code or by an HRG that is not WF; consultants by main specialty; referred by a general practitioner",
        tables={
            "op_attendance": """
                OPA_Ident | First_Attendance | Core_HRG | Procedure_01 | Procedure_04 | Main_Specialty_Code | Referral_Source | Age
                1 | 1 | WF01A |      |      | 300 | 03 | 0
                2 | 1 | JC43A |      |      | 960 | 05 | 94
                3 | 1 |       | X622 |      | 560 |    | 95
                4 | 2 | WF01A |      | M452 | 101 | 03 |
                5 | 1 |       |      |      |     | 03 | 47
                6 | 5 | JC43A | X622 |      | 300 | 03 | 47
            """
        },
        expected={
            1: {"Has_Procedure": False, "Is_Consultant_Led": True, "Is_GP_Referred": True, "Age_Band": "00-04"},
            2: {"Has_Procedure": True, "Is_Consultant_Led": False, "Is_GP_Referred": False, "Age_Band": "90-94"},
            3: {"Has_Procedure": True, "Is_Consultant_Led": False, "Is_GP_Referred": False, "Age_Band": "95+"},
            4: {"Has_Procedure": True, "Is_Consultant_Led": True, "Is_GP_Referred": True, "Age_Band": None},
            5: {"Has_Procedure": False, "Is_Consultant_Led": False, "Is_GP_Referred": True, "Age_Band": "45-49"},
            6: {"Has_Procedure": False},
        },
    ),
)
