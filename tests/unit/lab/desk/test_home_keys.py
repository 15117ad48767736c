"""The key that signs releases, where several ask for it first at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from farr.lab.desk import home as home_module
from farr.lab.desk.home import Home

_ASKERS = 8


def test_those_who_ask_first_at_once_are_given_one_key(tmp_path):
    home, together = Home(tmp_path / "home"), Barrier(_ASKERS)

    def ask(_: int) -> str:
        together.wait()
        return home.public_key()

    with ThreadPoolExecutor(_ASKERS) as askers:
        assert len(set(askers.map(ask, range(_ASKERS)))) == 1
    assert (home.folder / "keys" / "release.pem").stat().st_mode & 0o777 == 0o600


def test_releases_are_of_the_code_that_computes_and_not_of_the_portal(tmp_path, monkeypatch):
    source = tmp_path / "farr"
    for part in ("lab", "portal"):
        (source / part).mkdir(parents=True)
        (source / part / "a.py").write_text("1")
    (source / "__init__.py").write_text("")
    monkeypatch.setattr(home_module.farr, "__file__", str(source / "__init__.py"))

    def said() -> str:
        return home_module.code_version.__wrapped__()

    first = said()
    (source / "portal" / "a.py").write_text("2")
    assert said() == first
    (source / "lab" / "a.py").write_text("2")
    assert said() != first
