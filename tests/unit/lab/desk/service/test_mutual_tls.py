"""Between two machines both sides show certificates; certificates are made here, for this test alone."""

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from farr.lab.desk.service.server import ServiceError, with_mutual_tls
from farr.lab.model.asking.client import ServiceRefused, ask, over_tls
from farr.lab.model.request import BenchmarkRequest

REQUEST = BenchmarkRequest(organisation="C09", measure="made_up")
ASKED = {"agreement": "leeds", "purpose": "benchmarking", "user": "A. Analyst"}


@dataclass
class Authority:
    """A certificate authority in a folder; `issue` writes NAME.crt and NAME.key, signed by it."""

    folder: Path

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.folder.name)])
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.file = self._write("ca", self.key, self._builder(self.name, self.key).add_extension(x509.BasicConstraints(True, None), True))

    def issue(self, name: str) -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        loopback = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        return self._write(name, key, self._builder(subject, key).add_extension(loopback, False)), self.folder / f"{name}.key"

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        return (
            x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
            .add_extension(own, False).add_extension(issuer, False)
        )  # fmt: skip

    def _write(self, name: str, key: ec.EllipticCurvePrivateKey, builder: x509.CertificateBuilder) -> Path:
        certificate = builder.sign(self.key, hashes.SHA256())
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (self.folder / f"{name}.key").write_bytes(pem)
        (self.folder / f"{name}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return self.folder / f"{name}.crt"


@pytest.fixture
def authority(tmp_path) -> Authority:
    return Authority(tmp_path / "authority")


@pytest.fixture
def port(rig, authority, running):
    certificate, key = authority.issue("service")
    server = with_mutual_tls("127.0.0.1", 0, rig.service.respond, certificate=certificate, key=key, client_authority=authority.file)
    with running(server):
        yield server.server_address[1]


def test_a_client_with_the_right_certificate_is_answered(rig, authority, port):
    certificate, key = authority.issue("portal")
    found = ask(over_tls("127.0.0.1", port, certificate=certificate, key=key, authority=authority.file), REQUEST, rig.key, **ASKED)
    assert found["organisation"] and len(rig.desk.asked) == 1


def test_a_certificate_alone_is_not_enough(rig, authority, port):
    certificate, key = authority.issue("portal")
    connection = over_tls("127.0.0.1", port, certificate=certificate, key=key, authority=authority.file)
    connection.request("POST", "/benchmark", b"{}")
    assert connection.getresponse().status == 401
    connection.close()


def test_a_client_of_another_authority_is_not_heard(rig, authority, port, tmp_path):
    certificate, key = Authority(tmp_path / "other").issue("portal")
    with pytest.raises(ServiceRefused, match="does not answer"):
        ask(over_tls("127.0.0.1", port, certificate=certificate, key=key, authority=authority.file), REQUEST, rig.key, **ASKED)
    assert rig.desk.asked == [] and not rig.audit.exists()


def test_a_client_without_a_certificate_is_not_heard(rig, authority, port):
    context = ssl.create_default_context(cafile=str(authority.file))
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=10)
    with pytest.raises((OSError, http.client.HTTPException)):
        connection.request("POST", "/benchmark", rig.sign())
        connection.getresponse()
    assert rig.desk.asked == [] and not rig.audit.exists()


def test_a_client_without_tls_is_not_heard(rig, port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with pytest.raises((OSError, http.client.HTTPException)):
        connection.request("POST", "/benchmark", rig.sign())
        connection.getresponse()
    assert rig.desk.asked == []


def test_a_client_does_not_speak_to_a_service_of_another_authority(rig, authority, port, tmp_path):
    certificate, key = authority.issue("portal")
    other = Authority(tmp_path / "other").file
    with pytest.raises(ServiceRefused, match="SSLCertVerificationError"):
        ask(over_tls("127.0.0.1", port, certificate=certificate, key=key, authority=other), REQUEST, rig.key, **ASKED)


def test_older_tls_is_not_spoken(authority, port):
    certificate, key = authority.issue("portal")
    context = ssl.create_default_context(cafile=str(authority.file))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain, pytest.raises(OSError, match=r"(?i)version|EOF|reset"):
        context.wrap_socket(plain, server_hostname="127.0.0.1")


def test_one_that_never_shakes_hands_keeps_nobody_waiting(rig, authority, port):
    certificate, key = authority.issue("portal")
    with socket.create_connection(("127.0.0.1", port), timeout=10):
        connection = over_tls("127.0.0.1", port, certificate=certificate, key=key, authority=authority.file)
        connection.request("GET", "/health")
        assert connection.getresponse().status == 200
        connection.close()


def test_files_that_cannot_be_used_are_named(rig, authority, tmp_path):
    certificate, key = authority.issue("service")
    (tmp_path / "empty.crt").touch()
    for missing in (tmp_path / "empty.crt", tmp_path / "nowhere.crt"):
        with pytest.raises(ServiceError, match=missing.name):
            with_mutual_tls("127.0.0.1", 0, rig.service.respond, certificate=missing, key=key, client_authority=authority.file)
        with pytest.raises(ServiceRefused, match=missing.name):
            over_tls("127.0.0.1", 1, certificate=certificate, key=key, authority=missing)
