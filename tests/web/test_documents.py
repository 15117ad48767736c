"""The documents of security and of the API say what is there: every test they name exists, and every endpoint is named."""

import ast
import re
from pathlib import Path

from farr.portal.api.endpoints import Chosen, api
from farr.portal.settings import API_CALLS_A_MINUTE, SESSION_COOKIE_AGE, SESSION_IDLE_SECONDS

ROOT = Path(__file__).parents[2]
SECURITY = (ROOT / "docs" / "portal-security.md").read_text(encoding="utf-8")
API = (ROOT / "docs" / "portal-api.md").read_text(encoding="utf-8")


def test_every_test_that_the_list_names_exists():
    named = re.findall(r"`((?:[a-z_]+/)*test_[a-z_]+\.py)::(test_[a-z_0-9]+)`", SECURITY)
    assert len(named) > 60
    for path, name in named:
        file = ROOT / "tests" / (path if "/" in path else f"web/{path}")
        assert file.is_file(), path
        found = {node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)}
        assert name in found, f"{path} has no {name}"


def test_every_item_is_said_once_and_in_order():
    met = SECURITY.partition("## Not met")[0]
    items = [tuple(map(int, each)) for each in re.findall(r"^\| (\d+)\.(\d+)\.(\d+) \|", met, flags=re.MULTILINE)]
    assert len(items) > 70 and items == sorted(set(items))
    others = re.findall(r"^\| (\d+\.\d+\.\d+) \|", SECURITY.partition("## Not met")[2], flags=re.MULTILINE)
    assert len(others) == len(set(others)) and not {tuple(map(int, each.split("."))) for each in others} & set(items)


def test_every_endpoint_and_choice_is_told():
    for path in api.get_openapi_schema()["paths"]:
        assert f"`{path.removeprefix('/api/v1')}`" in API, path
    assert all(f"| `{name}` |" in API for name in Chosen.model_fields)


def test_the_numbers_that_are_told_are_those_that_hold():
    assert f"more than {API_CALLS_A_MINUTE} calls" in API and "120 calls a minute" in SECURITY and API_CALLS_A_MINUTE == 120
    assert (SESSION_IDLE_SECONDS, SESSION_COOKIE_AGE) == (1800, 8 * 3600)
    assert "half an hour" in SECURITY and "eight hours" in SECURITY


def test_passwords_are_hashed_by_argon2():
    from farr.portal import settings

    assert settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
