"""The `farr` command of the lab. A subcommand's module is imported when it is asked for: signing an agreement needs no engine."""

import os
from importlib import import_module
from typing import Annotated, Any

import typer

_HELP = "Farr: benchmarks from hospital activity, with nothing in them that points to a person."
_MODULES = {
    "agreement": "agreements",
    "pack": "packs",
    "check": "feeds",
    "ingest": "feeds",
    "months": "feeds",
    "check-store": "store",
    "build": "building",
    "completeness": "completeness",
    "measures": "benchmarks",
    "benchmark": "benchmarks",
    "report": "benchmarks",
    "verify": "benchmarks",
    "publish": "publication",
    "changes": "publication",
    "client": "clients",
    "serve": "publication",
    "ask": "publication",
    "protect": "protect",
    "docs": "docs",
    "destroy": "retention",
    "hold": "retention",
    "certificate": "retention",
    "review": "checking.review",
    "tariff": "contracting.tariff",
    "scenarios": "contracting.reprice",
    "reprice": "contracting.reprice",
    "publish-statements": "contracting.statements",
    "contract": "contracting.contract",
    "contracts": "contracting.contract",
    "project": "contracting.project",
    "mitigations": "contracting.project",
    "backtest": "contracting.backtest",
    "challenges": "contracting.challenge",
    "challenge": "contracting.challenge",
    "challenge-pack": "contracting.challenge_pack",
    "coding": "contracting.coding",
    "coding-indicators": "contracting.coding",
    "total-cost": "contracting.total_cost",
    "variation": "populations.variation",
    "opportunities": "opportunity.opportunities",
    "pathways": "opportunity.pathways",
    "pathway": "opportunity.pathways",
    "compare-feeds": "contracting.compare_feeds",
    "need": "populations.need",
    "admission-risk": "populations.admission_risk",
    "local-modification": "contracting.local_modification",
}
_WITH_SUBCOMMANDS = ("agreement", "pack", "client", "hold", "certificate", "review", "challenge-pack")


def app_of(subcommand: str | None) -> typer.Typer:
    """The application with this subcommand alone, or with all of them where it is None or unknown."""
    chosen = [subcommand] if subcommand in _MODULES else list(_MODULES)
    made = typer.Typer(help=_HELP, no_args_is_help=True, pretty_exceptions_enable=False)
    # With a callback an application of one command keeps that command's name.
    made.callback()(_lab)
    for name in chosen:
        module = import_module(f"{__name__}.{_MODULES[name]}")
        if name in _WITH_SUBCOMMANDS:
            made.add_typer(module.app if hasattr(module, "app") else getattr(module, name), name=name)
        else:
            made.command(name)(getattr(module, name.replace("-", "_")))
    return made


def _lab(
    engine: Annotated[
        str | None,
        typer.Option(
            "--engine", envvar="FARR_ENGINE", metavar="duckdb|spark", help="What computes; DuckDB, unless said.", show_default=False
        ),
    ] = None,
) -> None:
    if engine is not None:
        import_module("farr.lab.engine.engines.named").check_engine(engine)
        os.environ["FARR_ENGINE"] = engine


def __getattr__(name: str) -> Any:
    if name == "app":
        return app_of(None)
    raise AttributeError(name)
