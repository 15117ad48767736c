"""Files of what is asked: the old go, what is asked stays, and the record of durations stays small."""

import errno
import os
from pathlib import Path

import pytest
from django.conf import settings

from farr.lab.model.durable.disk import DiskFull
from farr.portal.benchmarks.asking import shelf
from farr.portal.benchmarks.asking.durations import Durations
from farr.portal.benchmarks.asking.shelf import Shelf


def test_old_files_are_removed_and_what_is_asked_stays():
    made = Shelf(settings.FARR)
    turn, dead = made.begin("a" * 64, 1), made.begin("b" * 64, 1)
    assert turn is not None and dead is not None
    os.close(dead.lock)  # as its process's death would
    made.put("c" * 64, "{}")
    made.tell("c" * 64, 1)
    (made.folder / "took.jsonl").write_text("")
    for path in made.folder.iterdir():
        os.utime(path, (0, 0))
    made.sweep()
    assert {path.name for path in made.folder.iterdir()} == {f"{'a' * 64}.turn", "took.jsonl"}
    turn.end()


def test_the_record_of_durations_stays_small_and_bears_a_broken_line(tmp_path, monkeypatch):
    took = Durations(tmp_path / "took.jsonl")
    monkeypatch.setattr("farr.portal.benchmarks.asking.durations._LARGEST", 2_000)
    for at in range(300):
        took.note("a", at)
    assert (tmp_path / "took.jsonl").stat().st_size < 2_200
    with (tmp_path / "took.jsonl").open("a") as file:
        file.write('{"sort": "a", "sec')
    usual = took.usual("a")
    assert usual is not None and usual.most <= 299 and usual.half > 200


@pytest.mark.parametrize("step", ["truncate", "pwrite"])
def test_a_turn_that_a_full_disk_stops_is_nobodys(monkeypatch, step):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    made = Shelf(settings.FARR)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(shelf.os, step, full)
        with pytest.raises(DiskFull):
            made.begin("a" * 64, 1)
    assert made.all_running() == []
    turn = made.begin("a" * 64, 1)
    assert turn is not None
    turn.end()


def test_a_turn_is_locked_while_it_is_swept_away(monkeypatch):
    """Whoever begins at that moment does not begin with a file that is about to go: another would then begin beside them."""
    made, name, begun = Shelf(settings.FARR), "a" * 64, []
    dead = made.begin(name, 1)
    assert dead is not None
    os.close(dead.lock)
    os.utime(made.folder / f"{name}.turn", (0, 0))
    own = Path.unlink

    def meanwhile(path, **more):
        begun.append(made.begin(name, 2))
        own(path, **more)

    with monkeypatch.context() as sweeping:
        sweeping.setattr(Path, "unlink", meanwhile)
        made.sweep()
    assert begun == [None], "nobody has a turn whose file went"
    turn = made.begin(name, 3)
    assert turn is not None and made.begin(name, 4) is None
    turn.end()
