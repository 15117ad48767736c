"""The house rules that a linter does not hold."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "farr"
PYTHON = sorted(SOURCE.rglob("*.py"))
FORBIDDEN_NAMES = {"utils", "helpers", "misc", "manager", "base", "internals", "util", "helper", "common"}
# Folders of declarations hold one file a thing, however many things there are.
REGISTRIES = {"feeds", "definitions", "norms", "policies", "codelists", "tables"}


def relative(path):
    return str(path.relative_to(ROOT))


def test_import_contracts_hold_without_exceptions():
    settings = (ROOT / "pyproject.toml").read_text()
    assert "ignore_imports" not in settings
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_strict_types_where_the_house_says():
    settings = (ROOT / "pyproject.toml").read_text()
    for room in ("model", "disclosure", "engine", "desk"):
        assert f'"src/farr/lab/{room}"' in settings


@pytest.mark.parametrize("path", PYTHON, ids=relative)
def test_files_are_small_and_functions_do_one_task(path):
    source = path.read_text()
    assert source.count("\n") <= 400, f"{relative(path)} is over 400 lines; split it"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno <= 50, f"{relative(path)}: {node.name} is too long"


def test_folders_are_small_and_names_say_something():
    for folder in {path.parent for path in PYTHON}:
        if folder.name not in REGISTRIES:
            files = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
            assert len(files) <= 15, f"{relative(folder)} has {len(files)} files"
    assert not {path.stem for path in PYTHON} & FORBIDDEN_NAMES


def test_every_module_says_what_it_is():
    for path in PYTHON:
        assert ast.get_docstring(ast.parse(path.read_text())), f"{relative(path)} has no docstring"


def test_safety_never_rests_on_assert_or_print():
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text())):
            assert not isinstance(node, ast.Assert), f"{relative(path)}: line {node.lineno} asserts"
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id
            assert called != "print", f"{relative(path)}: line {node.lineno} prints"


def test_every_error_of_farr_has_one_root():
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and path.name != "errors.py":
                bases = {ast.unparse(base) for base in node.bases}
                assert "Exception" not in bases, f"{relative(path)}: {node.name} must derive from FarrError"


def test_the_project_speaks_of_itself_alone():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    machine_path = re.compile(r"/" + r"(work/(main|steering|shared)|home/\w+|root)/")
    for name in listed:
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".sh", ".yaml", ".json", ""} and path.is_file():
            assert not machine_path.search(path.read_text(errors="replace")), f"{name} names a path of some machine"


def test_the_locked_versions_are_those_seen_to_work_together():
    lock = (ROOT / "uv.lock").read_text()
    for name, version in {
        "ibis-framework": "12.0.0",
        "duckdb": "1.5.5",
        "duckdb-extension-httpfs": "1.5.5",
        "sqlglot": "30.17.0",
        "pyarrow": "26.0.1",
        "deltalake": "1.6.6",
    }.items():
        assert f'name = "{name}"\nversion = "{version}"' in lock
