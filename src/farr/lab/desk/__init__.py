"""Where the rooms meet: load, build, benchmark, report, commands."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from farr.lab.desk.desk import Desk

__all__ = ["Desk"]


def __getattr__(name: str) -> Any:
    # `from farr.lab.desk import Desk` brings the engine with it; the commands that need none do not wait for it.
    if name == "Desk":
        from farr.lab.desk.desk import Desk  # noqa: PLC0415

        return Desk
    raise AttributeError(name)
