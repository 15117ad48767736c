"""docs/portal-keys.md names every key, algorithm and use of cryptography that the portal's code has, and tells the life of each key."""

import ast
import re
from pathlib import Path

import pytest
import typer
from django.contrib.auth.hashers import Argon2PasswordHasher
from pydantic import BaseModel

from farr.lab.desk.commands import app as lab
from farr.portal import commands, installation, settings
from farr.portal.rotating import Rotated

ROOT = Path(__file__).parents[2]
PORTAL = ROOT / "src" / "farr" / "portal"
TEXT = (ROOT / "docs" / "portal-keys.md").read_text(encoding="utf-8")
WATCHED = ("cryptography", "hashlib", "hmac", "secrets", "ssl", "uuid", "random", "jwt", "argon2", "fido2", "django.contrib.auth.hashers",
           "django.contrib.auth.tokens", "django.core.signing", "django.utils.crypto", "farr.lab.model.signing",
           "farr.lab.model.showing.signed", "farr.lab.model.asking.client")  # fmt: skip
NO_CRYPTOGRAPHY = {"NotSigned", "ServiceRefused", "ServiceHeld"}
"""Errors of rooms that hold cryptography: whoever catches one uses none."""


def part(heading: str) -> str:
    return TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]


def used() -> dict[str, set[str]]:
    """By file, which of the watched modules it takes something of."""
    found: dict[str, set[str]] = {}
    for path in sorted(PORTAL.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and {each.name for each in node.names} - NO_CRYPTOGRAPHY:
                names = [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
            modules = {one for one in WATCHED for name in names if name == one or name.startswith(f"{one}.")}
            if modules:
                found.setdefault(str(path.relative_to(PORTAL)), set()).update(modules)
    return found


def algorithms() -> set[str]:
    """Names by which the code asks a library for an algorithm."""
    found = set()
    for path in PORTAL.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("cryptography.", "hashlib")):
                found |= {each.name for each in node.names}
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "hashlib":
                found.add(node.attr)
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ALGORITHMS":  # of tokens: JWT names them by texts
                found |= set(ast.literal_eval(node.value))
    return found - {"InvalidToken", "Encoding", "NoEncryption", "PrivateFormat", "load_pem_private_key"}  # errors, and how a key is written


def test_every_use_of_cryptography_is_in_the_inventory_and_nothing_else_is():
    rows = re.findall(r"^\| `([^`]+\.py)` \| ([^|]+) \| ([^|]+) \|$", part("Where the code uses it"), flags=re.MULTILINE)
    told = {file: set(re.findall(r"`([^`]+)`", takes)) for file, takes, _ in rows}
    assert told == used()
    assert all(len(why.strip()) > 10 for _, _, why in rows)


def test_every_algorithm_that_the_code_asks_for_is_in_the_inventory():
    table = part("Algorithms")
    asked = algorithms()
    assert {"Ed25519PrivateKey", "Fernet", "sha256"} <= asked
    assert [each for each in sorted(asked) if f"`{each}`" not in table] == []


def test_passwords_are_hashed_as_told():
    first = settings.PASSWORD_HASHERS[0]
    hasher = Argon2PasswordHasher
    assert first.endswith(hasher.__name__)
    memory, passes, lanes = hasher.memory_cost // 1024, hasher.time_cost, hasher.parallelism
    assert f"| Argon2id, {memory} MiB, {passes} passes, {lanes} lanes |" in TEXT


SECRET = re.compile(r"key|secret|password|certificate|authority|signatories|database|^folder$")


def secret_settings() -> set[str]:
    """Settings of portal.toml that name a key, or where one lies."""
    models = [
        each for each in vars(installation).values() if isinstance(each, type) and issubclass(each, BaseModel) and each is not BaseModel
    ]
    named = {name for each in models for name in each.model_fields if SECRET.search(name)}
    return named - {"folder", "breached_passwords", "password_words", "first_password_days"}  # no keys: lists, and a number of days


def test_every_key_that_a_setting_names_and_every_file_that_init_makes_is_told():
    headings = " ".join(re.findall(r"^### (.+)$", TEXT, flags=re.MULTILINE))
    told = set(re.findall(r"`([^`]+)`", headings))
    assert secret_settings() <= told
    made = set(re.findall(r'folder / "([a-z]+\.(?:txt|key|pem))"', Path(commands.__file__).read_text()))
    assert made == {"secret.txt", "factors.key", "audit.pem"} and made <= told


PHASES = ("Type", "Made", "Kept", "For", "Not for", "Period", "Exchange", "Compromised", "Destroyed")


@pytest.mark.parametrize("key", re.findall(r"^### (.+)$", TEXT, flags=re.MULTILINE))
def test_the_whole_life_of_each_key_is_told(key):
    life = TEXT.partition(f"### {key}\n")[2].partition("\n#")[0]
    assert tuple(re.findall(r"^- \*\*([^*]+)\*\*: \S", life, flags=re.MULTILINE)) == PHASES


def test_the_states_of_the_standard_are_all_told():
    told = re.findall(r"^\| ([a-z-]+) \| \S", part("Rules for every key"), flags=re.MULTILINE)
    assert [each for each in told if each != "state"] == [
        "pre-activation", "active", "suspended", "deactivated", "compromised", "destroyed",
    ]  # fmt: skip


def test_what_init_makes_is_the_users_alone_and_as_long_as_told(tmp_path):
    from cryptography.fernet import Fernet

    for name, content in (("one.key", Fernet.generate_key()), ("one.txt", installation.new_secret().encode())):
        commands._write_secret(tmp_path / name, content)
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
        with pytest.raises(FileExistsError):  # a key is never overwritten
            commands._write_secret(tmp_path / name, content)
    assert len(installation.new_secret()) >= 512 / 6 and installation.new_secret() != installation.new_secret()


def test_every_command_that_exchanges_or_destroys_a_key_is_there():
    told = re.findall(r"`farr portal rotate (\w+)", TEXT)
    assert set(told) == {each.value for each in Rotated}
    known = typer.main.get_command(commands.app)
    for group, name in set(re.findall(r"`farr (portal|audit) (\w+)", TEXT)):
        assert name in known.commands[group].commands, f"farr {group} {name}"
    of_lab = typer.main.get_command(lab).commands
    for group, name in set(re.findall(r"`farr (client|agreement) (\w+)", TEXT)):
        assert name in of_lab[group].commands, f"farr {group} {name}"
