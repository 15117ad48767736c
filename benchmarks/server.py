"""A PostgreSQL cluster of its own: Debian's server, in a folder of its own, reached over a Unix socket there and by nothing else."""

import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from measured import Cost

# Chosen for a machine that does nothing else, and in PostgreSQL's favour: nothing is made safe against a crash.
SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "16GB",
    "checkpoint_timeout": "1h",
    "shared_buffers": "4GB",
    "effective_cache_size": "12GB",
    "work_mem": "1GB",
    "maintenance_work_mem": "2GB",
    "max_parallel_workers_per_gather": "2",
    "max_parallel_maintenance_workers": "2",
    "random_page_cost": "1.1",
}
_ACCOUNT = "postgres"
_TICKS = os.sysconf("SC_CLK_TCK")
_EVERY = 0.2  # seconds between two looks at the memory


def binaries() -> Path | None:
    """The folder of the newest server's programs; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    return Path(on_path).resolve().parent if on_path else None


@dataclass
class Server:
    """A running cluster. `run` gives what a file of SQL took: all processes of the cluster, and at most so much memory of them all
    together (shared pages once), looked at five times a second."""

    programs: Path
    folder: Path
    pid: int
    _peak: float = field(default=0.0, repr=False)

    def run(self, sql: str) -> Cost:
        script = self.folder / "run.sql"
        script.write_text(sql, encoding="utf-8")
        self._peak, done = 0.0, threading.Event()
        watch = threading.Thread(target=self._watch, args=(done,))
        watch.start()
        before, started = self._processor(), time.perf_counter()
        try:
            self.psql("-f", str(script))
        finally:
            seconds = time.perf_counter() - started
            done.set()
            watch.join()
        return Cost(seconds=seconds, processor=self._processor() - before, peak_mb=self._peak)

    def psql(self, *arguments: str) -> str:
        command = [str(self.programs / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", _ACCOUNT, "-h", str(self.folder)]
        ended = subprocess.run([*command, "-d", "postgres", *arguments], capture_output=True, text=True, check=False)
        if ended.returncode:
            raise RuntimeError(f"psql failed: {ended.stderr[-2000:]}")
        return ended.stdout.strip()

    def _processes(self) -> list[int]:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [self.pid, *map(int, children.read_text().split())]

    def _processor(self) -> float:
        # Of the server itself, of what it has waited for, and of the processes that still run.
        total = 0.0
        for number in self._processes():
            fields = _read(Path(f"/proc/{number}/stat")).rpartition(")")[2].split()
            own = fields[11:15] if number == self.pid else fields[11:13]
            total += sum(map(int, own)) / _TICKS
        return total

    def _watch(self, done: threading.Event) -> None:
        while True:
            held = sum(_proportional(number) for number in self._processes())
            self._peak = max(self._peak, held)
            if done.wait(_EVERY):
                return


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it has ended
        return ""


def _proportional(number: int) -> float:
    for line in _read(Path(f"/proc/{number}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


@contextmanager
def running(programs: Path, under: Path | None = None) -> Generator[Server]:
    """A new cluster, until the block ends; removed afterwards. As root it runs as the account `postgres`, for PostgreSQL refuses root."""
    as_account = ["runuser", "-u", _ACCOUNT, "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="farr-pg-", dir=under))
    data = folder / "data"
    if as_account:
        shutil.chown(folder, _ACCOUNT, _ACCOUNT)
    try:
        made = [*as_account, str(programs / "initdb"), "-D", str(data), "-U", _ACCOUNT, "--auth=trust", "--locale=C", "-E", "UTF8", "-N"]
        subprocess.run(made, check=True, capture_output=True)
        lines = {**SETTINGS, "unix_socket_directories": f"'{folder}'"}
        with (data / "postgresql.conf").open("a") as settings:
            settings.writelines(f"{name} = {value}\n" for name, value in lines.items())
        control = [*as_account, str(programs / "pg_ctl"), "-D", str(data), "-w"]
        subprocess.run([*control, "-l", str(data / "log"), "start"], check=True, stdout=subprocess.DEVNULL)
        try:
            yield Server(programs=programs, folder=folder, pid=int((data / "postmaster.pid").read_text().split()[0]))
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, stdout=subprocess.DEVNULL)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
