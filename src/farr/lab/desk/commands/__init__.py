"""The `farr` command of the lab."""

import typer

from farr.lab.desk.commands import agreements, benchmarks, docs, feeds

app = typer.Typer(
    help="Farr: benchmarks from hospital activity, with nothing in them that points to a person.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(agreements.app, name="agreement")
for command in (
    feeds.check,
    feeds.ingest,
    benchmarks.build,
    benchmarks.measures,
    benchmarks.benchmark,
    benchmarks.report,
    benchmarks.verify,
    docs.docs,
):
    app.command()(command)
