# ruff: noqa: E501  (a drawn table is as wide as its columns)
from decimal import Decimal

from farr.lab.model.example import Example

MART = "local_care"
EXAMPLES = (
    Example(
        title="a line of a merged commissioner is its successor's, with the region; five-year bands fall into wide ones",
        tables={
            "organisation": """
                Organisation_Level | Organisation_Code | Commissioner_Code | Region_Code
                commissioner       | QWO               |                   | Y63
            """,
            "organisation_current": """
                Former_Code | Current_Code
                15E         | QWO
            """,
            "local_activity": """
                Source | Commissioner_Code | Care_Setting | Service          | Activity_Month | Age_Band | Sex | Unit     | Activity | Cost
                Trust  | 15E               | community    | district nursing | 2024-05        | 65-69    | 2   | contacts | 90.00    | 4000.00
                Trust  | 15E               | community    | therapies        | 2024-05        | 85+      | 1   | contacts | 20.00    | 900.00
                Trust  | 15E               | community    | block            | 2024-05        |          |     | block    |          | 50000.00
            """,
        },
        expected={
            "community/district nursing": {
                "Commissioner_Code": "QWO", "Commissioner_Code_As_Was": "15E", "Commissioner_Region_Code": "Y63", "Age_Group": "65-74",
                "Cost": Decimal("4000.00"),
            },
            "community/therapies": {"Age_Band": "85+", "Age_Group": "85+", "Activity": Decimal("20.00")},
            "community/block": {"Age_Group": None, "Activity": None, "Cost": Decimal("50000.00")},
        },
    ),
    Example(
        title="a line of a practice alone is of the commissioner of which it is listed as a member; of an unknown practice, of nobody",
        tables={
            "organisation": """
                Organisation_Level | Organisation_Code | Commissioner_Code | Region_Code
                commissioner       | 15E               |                   | Y59
                practice           | A81001            | 15E               | Y59
            """,
            "local_activity": """
                Source | Commissioner_Code | GP_Practice_Code | Care_Setting | Service | Activity_Month | Unit  | Activity | Cost
                EPD    |                   | A81001           | prescribing  | all     | 2024-05        | items | 900.00   | 7000.00
                EPD    |                   | A99999           | prescribing  | other   | 2024-05        | items | 400.00   | 3000.00
            """,
        },
        expected={
            "prescribing/all": {"Commissioner_Code": "15E", "GP_Practice_Code_As_Was": "A81001", "Commissioner_Region_Code": "Y59"},
            "prescribing/other": {"Commissioner_Code": None, "Commissioner_Region_Code": None},
        },
    ),
)  # fmt: skip
