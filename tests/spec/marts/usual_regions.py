from farr.lab.model.example import Example

MART = "commissioner_usual_region"
EXAMPLES = (
    Example(
        title="the region most of a commissioner's records were fed with, all feeds and its predecessors together; ties go by the alphabet",
        tables={
            "organisation_current": """
                Former_Code | Current_Code
                OLD         | NEW
            """,
            "apc_episode": """
                APCE_Ident | Commissioner_Code | Region_Code
                1 | NEW | A
                2 | NEW | A
                3 | OLD | B
                4 | TIE | D
                5 |     | A
                6 | NIL |
            """,
            "op_attendance": """
                OPA_Ident | Commissioner_Code | Region_Code
                1 | NEW | B
            """,
            "ae_attendance": """
                AEA_Ident | Commissioner_Code | Region_Code
                1 | OLD | B
                2 | TIE | C
            """,
        },
        expected={"NEW": {"Region_Code": "B"}, "TIE": {"Region_Code": "C"}},
    ),
)
