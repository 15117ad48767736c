from farr.lab.model.example import Example

MART = "organisation_current"
EXAMPLES = (
    Example(
        title="a merged organisation is today's successor, along the chain, whatever the date; a split keeps its code",
        tables={
            "organisation_successor": """
                Organisation_Code | Successor_Code | Succession_Date
                RAA               | RBB            | 2019-04-01
                RBB               | RCC            | 2030-04-01
                15E               | 15X            | 2020-04-01
                15E               | 15Y            | 2020-04-01
                A81001            | A81002         |
                A81002            | A81002         |
            """,
        },
        expected={
            "RAA": {"Current_Code": "RCC"},
            "RBB": {"Current_Code": "RCC"},
            "A81001": {"Current_Code": "A81002"},
        },
    ),
    Example(
        title="six links of a chain are followed; said twice, a succession is one",
        tables={
            "organisation_successor": """
                Organisation_Code | Successor_Code | Succession_Date
                A                 | B              |
                B                 | C              |
                C                 | D              | 2019-04-01
                C                 | D              | 2019-05-01
                D                 | E              |
                E                 | F              |
                F                 | G              |
                G                 | H              |
            """,
        },
        expected={
            "A": {"Current_Code": "G"},
            "B": {"Current_Code": "H"},
            "C": {"Current_Code": "H"},
            "D": {"Current_Code": "H"},
            "E": {"Current_Code": "H"},
            "F": {"Current_Code": "H"},
            "G": {"Current_Code": "H"},
        },
    ),
)
