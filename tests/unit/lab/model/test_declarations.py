import sys
from dataclasses import dataclass

import pytest
from ibis.common.exceptions import IbisError

from farr.lab.model.codelist import CodeListError, codelist_names, load_codelist
from farr.lab.model.discover import DeclarationError, discover
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question, QuestionError
from farr.lab.model.tables import TABLES
from farr.lab.model.tables.sus import APC_SPELL


@dataclass(frozen=True, kw_only=True)
class Thing:
    name: str = ""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    package = tmp_path / "things_declared"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "thing_kind.py").write_text(
        "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Thing:\n    name: str = ''\n"
    )
    yield package
    for name in [name for name in sys.modules if name.startswith(("things_declared", "thing_kind"))]:
        del sys.modules[name]


def test_the_file_names_what_it_declares(folder):
    (folder / "first.py").write_text("from thing_kind import Thing\nTHING = Thing()\n")
    from thing_kind import Thing as Kind  # made by the fixture

    assert {name: thing.name for name, thing in discover("things_declared", Kind).items()} == {"first": "first"}


def test_a_file_that_declares_nothing_is_an_error(folder):
    (folder / "empty.py").write_text("OTHER = 1\n")
    with pytest.raises(DeclarationError, match="empty declares 0"):
        discover("things_declared", Thing)


def test_every_table_describes_every_column():
    for table in TABLES.values():
        names = [column.name for column in table.columns]
        assert len(set(names)) == len(names), table.name
        assert all(column.meaning and column.source for column in table.columns), table.name
        assert set(table.key) <= set(names)
        assert table.person is None or table.person in names
        assert table.month is None or table[table.month].type == "string"


def test_every_code_list_states_where_it_comes_from():
    for name in codelist_names():
        codes = load_codelist(name)
        assert codes.codes, name
        assert codes.match in {"exact", "prefix"}


def test_an_unknown_code_list_names_the_known():
    with pytest.raises(CodeListError, match="no code list"):
        load_codelist("nothing_of_the_kind")


def question(**changes):
    spell = APC_SPELL.unbound
    settings = {
        "name": "stays",
        "table": APC_SPELL,
        "period": Period.parse("2024-04..2025-03"),
        "where": spell.Length_of_Stay >= 0,
        "aggregates": (Aggregate(name="numerator", kind=AggregateKind.COUNT, where=spell.Length_of_Stay == 0),),
        "groupings": (Grouping(dimensions=("provider",)), Grouping()),
        **changes,
    }
    return Question(**settings)


def test_a_question_has_one_identity_and_another_question_another():
    spell = APC_SPELL.unbound
    assert question().identity == question().identity
    assert question().identity != question(where=spell.Length_of_Stay >= 1).identity
    assert question().identity != question(period=Period.parse("2024-04")).identity
    assert question().sources == ("apc_spell",)


def test_grouping_by_a_person_cannot_be_asked():
    with pytest.raises(QuestionError, match="not a registered dimension"):
        Grouping(dimensions=("Der_Pseudo_NHS_Number",))


def test_a_question_must_ask_something_once():
    with pytest.raises(QuestionError, match="twice"):
        question(groupings=(Grouping(), Grouping()))
    with pytest.raises(QuestionError, match="asks for nothing"):
        question(aggregates=())


def test_an_expression_of_a_question_cannot_run():
    with pytest.raises(IbisError, match="unbound"):
        question().where.execute()
