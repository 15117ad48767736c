"""Every declaration says why, where it comes from and how it is shown to work."""

from datetime import date
from pathlib import Path

import pytest

from farr.lab.disclosure.policy import Policy
from farr.lab.ingest.feed import Drop, Feed, Keep
from farr.lab.measures.measure import Measure
from farr.lab.measures.norm import Norm
from farr.lab.model.codelist import codelist_names
from farr.lab.model.dimension import LEVELS
from farr.lab.model.discover import discover
from farr.lab.model.tables import TABLES

ROOT = Path(__file__).parents[2]
FEEDS = discover("farr.lab.ingest.feeds", Feed)
MEASURES = discover("farr.lab.measures.definitions", Measure)
NORMS = discover("farr.lab.measures.norms", Norm)
POLICIES = discover("farr.lab.disclosure.policies", Policy)


def test_the_registries_hold_what_was_promised():
    assert {"apc_episode", "organisation", "registered_population", "hrg_trim_point", "commissioner_feature"} <= set(FEEDS)
    assert len(MEASURES) >= 30
    assert {"national", "region", "similar_ten", "quartiles", "deciles"} <= set(NORMS)
    assert {"hes_2018", "hes_legacy", "nhsd_central", "opensafely", "cms11"} <= set(POLICIES)


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_says_why_and_has_a_worked_example(name):
    measure = MEASURES[name]
    for text in (measure.title, measure.why, measure.definition, measure.source, measure.owner, measure.unit):
        assert text.strip()
    assert measure.review_date > date(2025, 1, 1)
    assert set(measure.levels) <= set(LEVELS)
    assert set(measure.codelists) <= set(codelist_names())
    assert (ROOT / "tests" / "spec" / "measures" / f"{name}.py").is_file()


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_column_has_a_rule_and_lands_in_the_table(name):
    feed = FEEDS[name]
    for column in feed.columns:
        assert column.meaning and column.source
        if isinstance(column.rule, Keep | Drop):
            assert column.rule.because
        if isinstance(column.rule, Keep):
            assert feed.table[column.name].type == column.type, f"{name}: {column.name}"


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_cites_its_source(name):
    assert POLICIES[name].source.strip()
    assert POLICIES[name].why.strip()


def test_every_table_names_a_policy_that_exists():
    assert {table.policy for table in TABLES.values()} <= set(POLICIES)
