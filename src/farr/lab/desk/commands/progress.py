"""Progress of work that takes more than a moment, on standard error, so that output can be piped."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

_console = Console(stderr=True)


@contextmanager
def progress(what: str) -> Generator[Callable[[str], None]]:
    """Shows `what` and the seconds until the block ends; the function it gives says what is done now."""
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=_console, transient=True) as shown:
        task = shown.add_task(what, total=None)
        yield lambda now: shown.update(task, description=f"{what} {now}")
