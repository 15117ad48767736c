"""The machine a trial runs on: a disk of its own with little room, and a clock that went back."""

import ctypes
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

_NEW_MOUNTS, _NEW_USER = 0x00020000, 0x10000000
_LARGE = 64 << 20


@dataclass(frozen=True, kw_only=True)
class SmallDisk:
    """`kind` says how it is made: a memory disk, or, where the machine lets nobody mount one, a limit on the size of a file."""

    kind: str
    folder: Path
    before: Callable[[], None] = lambda: None

    @contextmanager
    def room(self, left: int) -> Iterator[None]:
        """Leaves so many bytes of room inside the block."""
        if self.kind != "a memory disk":
            object.__setattr__(self, "before", lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (left, left)))
            yield
            return
        held = os.statvfs(self.folder)
        self._resize((held.f_blocks - held.f_bfree) * held.f_frsize + left)
        try:
            yield
        finally:
            self._resize(_LARGE)

    def _resize(self, size: int) -> None:
        _mount("-o", f"remount,size={size}", self.folder)


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    folder.mkdir(parents=True)
    if not _may_mount():
        yield SmallDisk(kind="a limit on the size of files", folder=folder)
        return
    _mount("-t", "tmpfs", "-o", f"size={_LARGE}", "farr-chaos", folder)
    try:
        yield SmallDisk(kind="a memory disk", folder=folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _mount(*arguments: object) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True, capture_output=True)


_MAY_MOUNT: dict[int, bool] = {}


def _may_mount() -> bool:
    """Whether this process may mount, in mounts of its own that end with it; found out once."""
    process = os.getpid()
    if process not in _MAY_MOUNT:
        _MAY_MOUNT[process] = _own_mounts()
    return _MAY_MOUNT[process]


def _own_mounts() -> bool:
    libc, user, group = ctypes.CDLL(None, use_errno=True), os.getuid(), os.getgid()
    if libc.unshare(_NEW_MOUNTS) == 0:
        return subprocess.run(["mount", "--make-rprivate", "/"], check=False, capture_output=True).returncode == 0
    if libc.unshare(_NEW_MOUNTS | _NEW_USER) != 0:
        return False
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    return subprocess.run(["mount", "--make-rprivate", "/"], check=False, capture_output=True).returncode == 0


def set_back(by: timedelta) -> None:
    """Sets back the clock that Farr's own code reads, in this process: every module's `datetime`."""

    class Behind(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) - by

    for name, module in list(sys.modules.items()):
        if name.startswith("farr.") and getattr(module, "datetime", None) is datetime:
            module.datetime = Behind
