"""What the engine says when it cannot. No message repeats a record's value, and none carries an engine's own error."""

from farr.lab.model.errors import FarrError


class StoreError(FarrError):
    """A table of the store that cannot be read or written; the message names it and says what to do."""


class QuestionRefused(FarrError):
    """A question, or a mart, that may not run; the message says which part and why."""


class EngineFailed(FarrError):
    """The database failed while it ran. `code` says at which step and on which table versions; the cause is withheld, because a
    database quotes the value it failed on."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(f"{message} [{code}]")
        self.code = code


class EngineMissing(FarrError):
    """An engine that there is not, or that is not installed here; the message says what to type."""
