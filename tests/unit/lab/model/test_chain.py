import errno
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from farr.lab.model.durable.chain import Chain, ChainError, Place
from farr.lab.model.durable.disk import DiskFull


@pytest.fixture
def chain(tmp_path):
    chain = Chain(tmp_path / "chain.jsonl")
    for number in range(4):
        chain.append({"entry": number})
    return chain


def rewrite(chain, change):
    lines = chain.path.read_text().splitlines()
    chain.path.write_text("\n".join(change(lines)) + "\n")


def test_an_untouched_chain_verifies(chain):
    assert chain.verify() == 4
    assert [link.content["entry"] for link in chain.links()] == [0, 1, 2, 3]


def edited(lines):
    line = json.loads(lines[1])
    line["content"] = {"entry": 9}
    return [lines[0], json.dumps(line), *lines[2:]]


@pytest.mark.parametrize(
    "change",
    [edited, lambda lines: [lines[0], *lines[2:]], lambda lines: [lines[1], lines[0], *lines[2:]], lambda lines: [*lines, "{not json"]],
    ids=["edited", "line removed", "reordered", "garbage at the end"],
)
def test_tampering_is_found(chain, change):
    rewrite(chain, change)
    with pytest.raises(ChainError, match="line"):
        chain.verify()


def test_writers_at_once_take_turns(tmp_path):
    path = tmp_path / "chain.jsonl"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: Chain(path).append({"entry": number}), range(40)))
    assert Chain(path).verify() == 40


def test_long_lines_are_followed_too(tmp_path):
    chain = Chain(tmp_path / "chain.jsonl")
    for size in (10, 200_000, 65_536, 10, 0):
        chain.append({"entry": "x" * size})
    assert chain.verify() == 5


def test_a_reader_goes_on_from_where_it_was(chain):
    places = [place for _, place in chain.follow(Place())]
    chain.append({"entry": 4})
    assert [link.content["entry"] for link, _ in chain.follow(places[-1])] == [4]
    assert chain.read(places[1]).content == {"entry": 2}


def test_a_line_changed_under_a_reader_is_noticed(chain):
    places = [place for _, place in chain.follow(Place())]
    rewrite(chain, edited)
    with pytest.raises(ChainError):
        chain.read(places[0])


def test_a_record_cut_behind_a_reader_is_noticed(chain):
    places = [place for _, place in chain.follow(Place())]
    rewrite(chain, lambda lines: lines[:2])
    with pytest.raises(ChainError, match="was cut after line 4"):
        list(chain.follow(places[-1]))
    chain.path.unlink()
    with pytest.raises(ChainError, match="was cut after line 4"):
        list(chain.follow(places[-1]))


def test_a_reader_never_meets_half_a_line_of_a_writer_at_work(tmp_path):
    path = tmp_path / "chain.jsonl"

    def write(number):
        Chain(path).append({"entry": "x" * 100_000 * (number % 3)})

    def read(_):
        return sum(1 for _ in Chain(path).follow(Place()))

    with ThreadPoolExecutor(8) as pool:
        writing = [pool.submit(write, number) for number in range(30)]
        seen = list(pool.map(read, range(30)))
        for each in writing:
            each.result()
    assert max(seen) <= 30 and Chain(path).verify() == 30


def test_what_a_killed_writer_left_of_a_line_is_no_line(chain):
    whole = chain.path.read_bytes()
    chain.path.write_bytes(whole + b'{"number": 5, "content": {"ent')
    assert chain.verify() == 4
    assert chain.append({"entry": 4}).number == 5
    assert chain.path.read_bytes().startswith(whole)
    assert [link.content["entry"] for link in chain.links()] == [0, 1, 2, 3, 4]


def test_a_line_that_finds_no_room_leaves_none(chain, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "no room")

    whole = chain.path.read_bytes()
    with monkeypatch.context() as patched, pytest.raises(DiskFull):
        patched.setattr("farr.lab.model.durable.chain.os.fsync", full)
        chain.append({"entry": 4})
    assert chain.path.read_bytes() == whole


def test_a_chain_knows_when_it_was_last_written(tmp_path, chain):
    assert Chain(tmp_path / "none.jsonl").last_written_at() is None
    written = chain.last_written_at()
    assert written is not None
    assert timedelta(0) <= datetime.now(UTC) - written < timedelta(minutes=5)
