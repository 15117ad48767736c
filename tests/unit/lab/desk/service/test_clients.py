"""Clients: added, found by key, removed."""

import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.desk.commands.clients import add
from farr.lab.desk.home import HomeError
from farr.lab.desk.service.clients import ClientError, Clients
from farr.lab.model.agreement import encoded


@pytest.fixture
def clients(tmp_path) -> Clients:
    return Clients(tmp_path)


def public(key: Ed25519PrivateKey) -> str:
    return encoded(key.public_key().public_bytes_raw())


def test_a_client_is_found_by_its_key_until_it_is_removed(clients, tmp_path):
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    clients.add("portal", key, ("leeds", "york"))
    clients.add("notebook", other, ("york",))
    assert clients.by_key(public(key)).name == "portal" and clients.by_key(public(key)).agreements == ("leeds", "york")
    assert stat.S_IMODE((tmp_path / "clients.json").stat().st_mode) == 0o600
    clients.remove("portal")
    assert [client.name for client in Clients(tmp_path).all()] == ["notebook"]
    with pytest.raises(ClientError, match="not registered here; type: farr client add"):
        clients.by_key(public(key))


def test_no_private_key_is_kept(clients, tmp_path):
    key = Ed25519PrivateKey.generate()
    clients.add("portal", key, ("leeds",))
    assert encoded(key.private_bytes_raw()) not in (tmp_path / "clients.json").read_text()


@pytest.mark.parametrize("name", ["", "Portal", "a b", "../x", "-a", "x" * 64])
def test_a_name_is_short_and_plain(clients, name):
    with pytest.raises(ClientError, match="cannot be a client's name"):
        clients.add(name, Ed25519PrivateKey.generate(), ("leeds",))


def test_a_name_is_given_once(clients):
    clients.add("portal", Ed25519PrivateKey.generate(), ("leeds",))
    with pytest.raises(ClientError, match="already; remove it first"):
        clients.add("portal", Ed25519PrivateKey.generate(), ("leeds",))


def test_who_is_not_there_cannot_be_removed(clients):
    with pytest.raises(ClientError, match="no client 'portal'; known: none"):
        clients.remove("portal")


def test_a_damaged_file_lets_nobody_in(clients, tmp_path):
    for content in ("{", '[{"name": "portal"}]', "[1]"):
        (tmp_path / "clients.json").write_text(content)
        with pytest.raises(ClientError, match="cannot be read"):
            clients.by_key("any")


def test_a_refused_client_leaves_no_key_behind(rig, tmp_path):
    for name, agreement in (("Portal", "leeds"), ("portal", "leeds"), ("other", "nowhere")):
        with pytest.raises((ClientError, HomeError)):
            add(name, agreement=[agreement], out=tmp_path / "key.pem", home=rig.home.folder)
    assert not (tmp_path / "key.pem").exists()
    add("other", agreement=["leeds"], out=tmp_path / "key.pem", home=rig.home.folder)
    assert (tmp_path / "key.pem").exists()
