"""A locked connection reaches the files it was given, and nothing else."""

import socket
from pathlib import Path

import duckdb
import pytest

from farr.lab.engine.at_rest.keys import Keys
from farr.lab.engine.duckdb import Limits, connect, present
from farr.lab.model.tables import TABLES


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "it's here" / "rows.parquet"
    path.parent.mkdir()
    duckdb.sql("copy (select 1 as a) to '{}' (format parquet)".format(str(path).replace("'", "''")))
    return path


FORBIDDEN = {
    "read a file": "select * from read_text('/etc/passwd')",
    "read a file as CSV": "from read_csv('/etc/passwd', header = false)",
    "read beside": "select * from read_parquet('{beside}')",
    "list a folder": "select * from glob('/etc/*')",
    "read the web": "select * from read_csv('https://example.org/x.csv')",
    "attach": "attach '{beside}' as other",
    "attach inside": "attach '{inside}' as other",
    "install": "install httpfs",
    "load": "load httpfs",
    "copy out": "copy (select 1) to '{beside}'",
    "copy inside": "copy (select 1) to '{inside}'",
    "export": "export database '{beside}'",
    "unlock": "set lock_configuration = false",
    "open up": "set enable_external_access = true",
    "take more memory": "set memory_limit = '64GB'",
    "allow a folder": "set allowed_directories = ['/']",
    "move the spill": "set temp_directory = '/tmp'",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_a_locked_connection_cannot(what, file, tmp_path):
    sql = FORBIDDEN[what].format(beside=tmp_path / "x.db", inside=str(file.parent).replace("'", "''") + "/x.db")
    before = sorted(tmp_path.rglob("*"))
    with connect(files=[file]) as connection:
        refuses(connection, sql)
    assert sorted(tmp_path.rglob("*")) == before


def refuses(connection, sql):
    answer = None
    with pytest.raises(duckdb.Error):
        answer = connection.execute(sql).fetchall()
    assert answer is None


# What the extension that brings the cipher could open, were it not for the lock.
WEB = {
    "read the web": "select * from read_csv('http://127.0.0.1:{port}/x.csv')",
    "read Parquet from the web": "select * from read_parquet('http://127.0.0.1:{port}/x.parquet')",
    "read text from the web": "select * from read_text('http://127.0.0.1:{port}/x')",
    "read a bucket": "select * from read_parquet('s3://bucket/x.parquet')",
    "read a hub": "select * from read_text('hf://datasets/a/b')",
    "write to the web": "copy (select 1) to 'http://127.0.0.1:{port}/x.csv'",
    "attach from the web": "attach 'http://127.0.0.1:{port}/x.db' as other",
    "keep a secret": "create persistent secret s (type s3, key_id 'a', secret 'b')",
    "point it elsewhere": "set s3_endpoint = '127.0.0.1:{port}'",
    "go through a proxy": "set http_proxy = '127.0.0.1:{port}'",
    "encrypt with less": "set force_mbedtls_unsafe = true",
    "spill in the clear": "set temp_file_encryption = false",
}


def test_with_the_cipher_loaded_it_reaches_no_network_and_no_other_file(file, tmp_path):
    beside, inside = tmp_path / "x.db", tmp_path / "elsewhere" / "x.db"
    with socket.create_server(("127.0.0.1", 0)) as listening, connect(files=[file], keys=Keys(), sealing=True) as connection:
        listening.settimeout(0)
        port = listening.getsockname()[1]
        for what, sql in {**FORBIDDEN, **WEB}.items():
            if what != "load":  # it is loaded already, and that changes nothing
                refuses(connection, sql.format(beside=beside, inside=inside, port=port))
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert not beside.exists()


def test_python_variables_are_no_tables():
    people = duckdb.sql("select 1 as a").arrow()
    with connect() as connection, pytest.raises(duckdb.CatalogException):
        connection.execute("select * from people")
    assert people is not None


def test_it_reads_what_it_was_given_and_leaves_no_spill(file, tmp_path):
    spill = tmp_path / "spill"
    spill.mkdir()
    with connect([], files=[file], limits=Limits(memory="200MB", threads=1, spill=spill)) as connection:
        assert connection.execute("select a from read_parquet($1)", [str(file)]).fetchall() == [(1,)]
        assert connection.execute("select current_setting('threads'), current_setting('memory_limit')").fetchone() == (1, "190.7 MiB")
        connection.execute("create temp table large as select md5(range::varchar) as a from range(9000000)")
        assert list(spill.rglob("*.tmp"))
    assert list(spill.iterdir()) == []
    with pytest.raises(duckdb.ConnectionException):
        connection.execute("select 1")


@pytest.mark.parametrize("name", TABLES)
def test_every_declared_table_can_be_presented_without_rows(name):
    with connect() as connection:
        present(connection, TABLES[name], [])
        answer = connection.execute(f"select * from {name}").to_arrow_table()
    assert answer.num_rows == 0
    assert answer.schema.equals(TABLES[name].schema.to_pyarrow())
