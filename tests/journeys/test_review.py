"""An analyst asks what nobody registered, and a checker decides: by the commands that they type."""

import json
import re
import shutil

import pytest

from farr.lab.desk import Desk
from farr.lab.disclosure.gate import Refused
from farr.lab.disclosure.review.held import Held
from farr.lab.disclosure.review.item import login
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.tables.sus import APC_SPELL

ASKED = (
    *("benchmark", "--organisation", "national", "--measure", "procedure_for_diagnosis", "--period", "2024-04..2025-03"),
    *("--choose", "diagnosis=K80 K81", "--choose", "procedure=J18"),
)
SAID = ("--why", "For the gallstones paper", "--asker", "A. Lee")
MODEL = {
    "name": "stay_by_age", "records": "apc_spell", "period": "2024-04..2025-03",
    "model": {
        "kind": "linear regression", "binary_outcome": False, "parameters": 2, "residual_dof": 4709.0, "design_rows": 4300,
        "largest_leverage": 0.03, "everybody": {"persons": 4711, "outcome": {"total": 9000.0, "top1": 60.0, "top2": 50.0}},
        "coefficients": [
            {"name": "intercept", "estimate": 1.5, "standard_error": 0.2, "column": "intercept"},
            {"name": "age", "estimate": 0.125, "standard_error": 0.01, "column": "continuous", "rests_on": 4600},
        ],
        "statistics": [{"name": "r_squared", "value": 0.31}],
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def place(country, does, tmp_path_factory):
    """A home of one's own, with two checkers: B. Shah, and A. Lee, who asks as well."""
    folder = tmp_path_factory.mktemp("review")
    home = shutil.copytree(country.home, folder / "home")
    for name, file in (("B. Shah", "shah.pem"), ("A. Lee", "lee.pem")):
        vouched = ("--as", "guardian", "--key", country.folder / "guardian.pem")
        does("review", "checker", "--name", name, "--out", folder / file, *vouched, home=home)
    return folder


@pytest.fixture(autouse=True)
def of_their_own(monkeypatch):
    """Whoever decides does so by an account of their own."""
    monkeypatch.setattr("farr.lab.desk.reviewing.deciding.login", lambda: "bshah")


def as_checker(place, who="B. Shah", file="shah.pem", reason="Groups are large and nothing nests"):
    return ("--checker", who, "--key", place / file, "--reason", reason)


def words(done) -> str:
    return " ".join((done.stdout + done.stderr).split())


def ids(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"review-[0-9a-f]{8}", text)))


def published(place) -> set[str]:
    return {path.parent.name for path in (place / "home" / "published").glob("*/manifest.json")}


def test_codes_of_ones_own_come_out_once_a_checker_approved_them(place, here, does, monkeypatch):
    home = place / "home"
    without = here(*ASKED, home=home)
    assert without.returncode == 2 and "no registered measure puts it" in words(without) and "--why" in words(without)
    assert "Nothing waits for review." in does("review", "list", home=home)
    held = here(*ASKED, *SAID, home=home)
    assert held.returncode == 2 and "held for review as review-" in words(held) and published(place) == set()
    waiting = ids(words(held))
    listed = does("review", "list", home=home)
    assert ids(listed) == waiting
    for part in ("Lee", "procedure"):  # names may be cut where the screen is narrow
        assert part in listed
    shown = does("review", "show", waiting[0], home=home)
    for part in ("For the gallstones paper", "'K80', 'K81'", "attacker audit", "What would be released", "hes_2018", "the nation"):
        assert part in shown
    with monkeypatch.context() as patched:
        patched.setattr("farr.lab.desk.reviewing.deciding.login", login)
        same = here("review", "approve", waiting[0], *as_checker(place), "--all-rows-seen", home=home)
    assert same.returncode == 2 and "logged in by another account" in words(same)
    own = here("review", "approve", waiting[0], *as_checker(place, "A. Lee", "lee.pem"), "--all-rows-seen", home=home)
    assert own.returncode == 2 and "was asked for by A. Lee, who cannot decide on it" in words(own)
    stolen = here("review", "approve", waiting[0], *as_checker(place, "B. Shah", "lee.pem"), "--all-rows-seen", home=home)
    assert stolen.returncode == 2 and "registered for 'A. Lee', not for 'B. Shah'" in words(stolen)
    for id in waiting:
        assert f"Approved {id}: it is release" in words(here("review", "approve", id, *as_checker(place), "--all-rows-seen", home=home))
    again = here(*ASKED, "--json", home=home)
    assert again.returncode == 0, again.stderr
    assert "Nothing waits" in does("review", "list", home=home) and "approved" in does("review", "list", "--all", home=home)
    assert "Groups are large and nothing nests" in does("review", "show", waiting[0], home=home)


def test_a_cut_of_age_in_python_is_refused_in_the_checkers_words(place, here):
    spell = APC_SPELL.unbound
    over = spell.Age >= 37
    question = Question(
        name="over_37", table=APC_SPELL, period=Period.parse("2024-04..2025-03"), where=over,
        groupings=(Grouping(dimensions=("provider",)),), aggregates=(Aggregate(name="spells", kind=AggregateKind.COUNT, where=over),),
    )  # fmt: skip
    desk = Desk.open(place / "home")
    with pytest.raises(Held) as held:
        desk.ask(question, why="To compare with another country", asker="A. Lee")
    figures = here("review", "refuse", held.value.id, *as_checker(place, reason="12 of them are from one home"), home=place / "home")
    assert figures.returncode == 2 and "without digits" in words(figures)
    done = here("review", "refuse", held.value.id, *as_checker(place, reason="Ask by age band"), home=place / "home")
    assert done.returncode == 0, done.stderr
    with pytest.raises(Refused, match="was refused by the output checker B. Shah: Ask by age band"):
        desk.ask(question, why="To compare with another country", asker="A. Lee")
    gone = here("review", "approve", held.value.id, *as_checker(place), home=place / "home")
    assert gone.returncode == 2 and "was refused before" in words(gone)


def test_a_model_from_a_file_is_checked_held_and_released(place, here, does):
    home, file = place / "home", place / "model.json"
    file.write_text(json.dumps(MODEL))
    checked = does("review", "model", file, home=home)
    assert checked.count("allowed") == 4 and "Checked and no more" in checked
    held = does("review", "model", file, *SAID, home=home)
    (id,) = ids(held)
    shown = does("review", "show", id, home=home)
    assert "linear regression 'stay_by_age'" in shown and "nobody but who handed it in counted these" in shown and "0.125" in shown
    before = published(place)
    assert "published at" in does("review", "approve", id, *as_checker(place), home=home)
    (release,) = published(place) - before
    assert "B. Shah" in (home / "published" / release / "manifest.json").read_text()
    assert here("verify", home / "published" / release, home=home).returncode == 0
    file.write_text(json.dumps({**MODEL, "model": {**MODEL["model"], "statistics": [{"name": "maximum", "value": 4711}]}}))
    refused = here("review", "model", file, *SAID, home=home)
    assert refused.returncode == 2 and "statistic 1 must not be shown" in words(refused) and "4711" not in words(refused)
