"""Two hundred trials of what befalls a store; ten thousand others: make chaos."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRIALS, SEED = 200, 20


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    out = tmp_path_factory.mktemp("chaos") / "outcomes.jsonl"
    command = [sys.executable, "-m", "tests.chaos", "--trials", str(TRIALS), "--seed", str(SEED), "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert out.exists(), done.stderr
    return [json.loads(line) for line in out.read_text().splitlines()], done


@pytest.mark.xdist_group("chaos")
def test_after_every_disturbance_the_store_is_one_of_its_versions_and_says_what_to_do(outcomes):
    found, done = outcomes
    wrong = [f"{each['name']}, {each['how']}: {'; '.join(each['wrong'])} (--seed {SEED} --trial {each['number']})" for each in found]
    assert [sentence for sentence, each in zip(wrong, found, strict=True) if each["wrong"]] == []
    assert (len(found), done.returncode) == (TRIALS, 0), done.stderr


@pytest.mark.xdist_group("chaos")
def test_every_kind_of_disturbance_was_met(outcomes):
    ends = Counter((each["name"].partition(", ")[2].partition(" others ")[0], each["ended"]) for each in outcomes[0])
    assert ends["killed", "killed"] >= 80
    assert ends["on a full disk", "refused"] >= 4
    assert ends["on damaged files", "refused"] >= 4
    assert ends["while", "done"] >= 8
    assert ends["with the clock set back", "refused"] >= 2
