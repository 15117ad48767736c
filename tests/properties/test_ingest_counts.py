"""Whatever a file holds, every row of it is loaded or set aside, and no value of it is repeated in what is said about it."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from farr.lab.engine.errors import EngineFailed
from farr.lab.engine.load import loading
from farr.lab.ingest.feed import Feed, FeedError
from farr.lab.ingest.formats.tabular import batch_schema, batches, inspect_file
from farr.lab.ingest.recognise import recognise
from farr.lab.ingest.sides import clean_form
from farr.lab.ingest.validate import FAILED, validated
from farr.lab.model.discover import discover

FEEDS = {name: clean_form(feed) for name, feed in discover("farr.lab.ingest.feeds", Feed).items()}
HEADER = "Organisation_Level,Organisation_Code,Organisation_Name,Commissioner_Code,Region_Code"
GOOD = "practice,M84031,The Surgery,5D1,Y60"
MARK = "SECRET"

values = st.sampled_from(["practice", "M84031", "", " ", MARK, f"{MARK}!", f'"{MARK}', f'{MARK}"x', "é", "1e5", "\t"])
lines = st.one_of(st.just(GOOD), st.just(""), st.lists(values, min_size=0, max_size=8).map(",".join))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=st.lists(lines, min_size=1, max_size=12))
def test_rows_read_are_rows_loaded_and_rows_set_aside(body):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "mangled.csv"
        path.write_text("\n".join([HEADER, GOOD, *body]) + "\n", encoding="utf-8")
        try:
            facts = inspect_file(path)
            found = recognise(facts.columns, FEEDS)
            checks = validated(facts.columns, found.feed, found.mapping)
            lines_file = folder / "out" / "quarantine.csv"
            with loading(folder, batches(facts), batch_schema(facts.columns)) as opened:
                opened.take([(step.name, step.expression) for step in checks.steps])
                loaded = opened.count(checks.rows.filter(checks.rows[FAILED].length() == 0))
                rules = [(rule.column, rule.rule, rule.reason) for rule in checks.rules]
                opened.failures("checked", FAILED, rules, lines_file)
                read = opened.rows
        except (FeedError, EngineFailed) as error:
            assert MARK not in str(error)
            raise
        text = lines_file.read_text()
        aside = {line.split(",")[0] for line in text.splitlines()[1:]}
        assert read == 1 + len(body)
        assert read == loaded + len(aside)
        assert loaded >= 1
        assert MARK not in text
