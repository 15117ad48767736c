from farr.lab.model.example import Example

EXAMPLE = Example(
    title="Two of six were cancelled by the patient; one not yet held is left out",
    tables={
        "op_appointment": """
            OPA_Ident | Is_Attended | Is_Not_Attended | Is_Cancelled_by_Patient | Is_Cancelled_by_Provider | Activity_Month
            1         | no          | no              | yes                     | no                       | 2024-05
            2         | yes         | no              | no                      | no                       | 2024-05
            3         | yes         | no              | no                      | no                       | 2024-05
            4         | no          | yes             | no                      | no                       | 2024-05
            5         | no          | no              | yes                     | no                       | 2024-05
            6         | no          | no              | no                      | yes                      | 2024-05
            7         | no          | no              | no                      | no                       | 2024-05
        """
    },
    expected={"numerator": 2, "denominator": 6, "value": 33.33},
)
