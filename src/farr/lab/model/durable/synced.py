"""What must be on the disk before anything that rests on it."""

import os
from pathlib import Path


def to_disk(path: Path) -> None:
    """Waits until the file, or what the folder lists, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
