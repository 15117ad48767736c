"""What stands on disk when a program is killed or the disk is full: files are replaced whole, and scratch folders go with their owner."""

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from farr.lab.model.errors import FarrError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# As the operating system, DuckDB and the writers of Delta and Parquet put it, some of which keep no number of the error.
_SAID = ("no space left", "os error 28", "disk quota exceeded", "file too large", "os error 27", "os error 122", "disk full")


class DiskFull(FarrError):
    """There is no room left where something was to be written; the message says where, and that the earlier state stands."""


def is_full(error: BaseException) -> bool:
    """Whether an error, of whichever library, says that the disk (or what the user may take of it) is full."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    return any(words in str(error).lower() for words in _SAID)


def disk_full(folder: Path) -> DiskFull:
    """What to say of it. The message repeats nothing of the error, which may quote a record."""
    return DiskFull(
        f"the disk that holds {folder} (or the temporary folder {tempfile.gettempdir()}) is full; what was complete before stays as it "
        "was; free some room, see how much there is with: df -h, and type the same command again"
    )


@contextmanager
def room_on(folder: Path) -> Generator[None]:
    """Turns the error of a full disk, whoever raised it, into DiskFull. Raised outside the handler: the cause may quote a record."""
    try:
        yield
        return
    except FarrError:
        raise
    except Exception as error:
        if not is_full(error):
            raise
    raise disk_full(folder)


def replace_file(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, and waits until it is on disk. Raises OSError, DiskFull where there is no room."""
    staging = path.with_name(f".{path.name}.new")
    with room_on(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with staging.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            staging.replace(path)
        except OSError:
            with suppress(OSError):
                staging.unlink(missing_ok=True)
            raise


@contextmanager
def one_at_a_time(folder: Path) -> Generator[None]:
    """Holds a folder, made where it is missing, until the block ends: whoever else would hold it, thread or process, waits. What is
    killed lets go."""
    with room_on(folder):
        folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextmanager
def scratch(parent: Path | None, prefix: str) -> Generator[Path]:
    """A new folder under `parent` (None: the temporary folder), private to its owner and removed in the end; those of this prefix
    whose owner was killed are removed first. The owner is known by its lock on the folder itself, which ends with the process."""
    root = Path(tempfile.gettempdir()) if parent is None else parent
    _clear_abandoned(root, prefix)
    folder, lock = _locked_folder(root, prefix)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _locked_folder(root: Path, prefix: str) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=root))
        # Between its making and its locking another program may take it for abandoned.
        try:
            lock = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:
            continue
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.is_dir():
            return folder, lock
        os.close(lock)


def _clear_abandoned(root: Path, prefix: str) -> None:
    for path in root.glob(f"{prefix}*"):
        with suppress(OSError):  # another user's, another program's at this moment, or one that is in use
            lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path)
            finally:
                os.close(lock)
