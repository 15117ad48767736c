"""Where the rooms meet: load, build, benchmark, report, commands."""

from farr.lab.desk.desk import Desk

__all__ = ["Desk"]
