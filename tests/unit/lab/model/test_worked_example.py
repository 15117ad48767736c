from datetime import date

import pytest

from farr.lab.model.example import ExampleError, read_table
from farr.lab.model.tables.sus import APC_SPELL


def test_a_drawn_table_has_every_column_and_nulls_where_nothing_is_drawn():
    rows = read_table(
        """
        Spell_Key | Admission_Date | RE30_Is_Index | Sex
        ----------|----------------|---------------|----
        1         | 2024-05-01     | yes           |
        2         |                | no            | 2
        """,
        APC_SPELL,
    )
    assert [row["Spell_Key"] for row in rows] == [1, 2]
    assert rows[0]["Admission_Date"] == date(2024, 5, 1)
    assert (rows[0]["RE30_Is_Index"], rows[1]["RE30_Is_Index"]) == (True, False)
    assert (rows[0]["Sex"], rows[1]["Admission_Date"]) == (None, None)
    assert set(rows[0]) == {column.name for column in APC_SPELL.columns}


def test_nothing_drawn_is_no_rows():
    assert read_table("", APC_SPELL) == []


@pytest.mark.parametrize(("text", "says"), [("Spell_Kye\n1", "Spell_Kye"), ("Spell_Key | Sex\n1 | 1 | 1", "row 1")])
def test_a_drawing_that_cannot_be_read_says_where(text, says):
    with pytest.raises(ExampleError, match=says):
        read_table(text, APC_SPELL)
