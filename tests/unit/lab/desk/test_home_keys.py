"""The key that signs releases, where several ask for it first at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

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
