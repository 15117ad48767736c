"""The label that made-up files carry in their Parquet metadata, from farr synth through de-identification into the store."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from farr.lab.ingest.feed import FeedError

LABEL_KEY = "farr"
SYNTHETIC = "SYNTHETIC: every person, number and event is invented (farr synth)"
_WORD = b"SYNTHETIC"


def is_labelled_synthetic(path: Path) -> bool:
    """Whether a Parquet file's own metadata says that its records are made up; other kinds of file cannot say so."""
    with path.open("rb") as file:
        if file.read(4) != b"PAR1":
            return False
    try:
        metadata = pq.read_metadata(path).metadata or {}
    except (pa.ArrowException, OSError):
        raise FeedError(f"{path} is a Parquet file that was cut short or damaged on its way; ask the sender for it again") from None
    return metadata.get(LABEL_KEY.encode(), b"").startswith(_WORD)
