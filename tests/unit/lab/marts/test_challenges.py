"""Every rule by which a bill is challenged says what whoever reads it must know, and is shown by a worked example."""

import pytest

from farr.lab.marts.challenging.challenge import ChallengeError, challenge, declared
from farr.lab.marts.definitions.spell_challenge import MART
from farr.lab.model.reach import Reach
from tests.spec.marts.challenges_of_spells import EXAMPLES

SHOWN = {name for example in EXAMPLES for _, name in example.expected}


@pytest.mark.parametrize("name", declared())
def test_a_challenge_says_why_whence_and_what_it_needs_and_is_shown(name):
    rule = challenge(name)
    for text in (rule.title, rule.why, rule.source, rule.evidence, rule.worth, *rule.exceptions):
        assert text.strip() and text.endswith((".", rule.title))
    assert rule.exceptions and rule.signed_off_by is None
    assert len(rule.title) <= 44  # a line of a table of 80 columns
    assert name in SHOWN


def test_a_challenge_that_is_not_known_is_said_to_be_so():
    with pytest.raises(ChallengeError, match="duplicate_spell"):
        challenge("no_such")


def test_the_mart_follows_people_from_month_to_month():
    assert MART.reach is Reach.PERSON


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.title)
def test_each_spell_of_the_examples_stands_once(example):
    spells = {key for key, _ in example.expected}
    standing = [key for (key, _), row in example.expected.items() if row["Stands_For_Spell"]]
    assert sorted(standing) == sorted(spells)
