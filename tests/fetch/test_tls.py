"""TLS: servers are verified, by name, before anything is asked."""

import contextlib
import shutil
import socket
import ssl
import subprocess
from pathlib import Path
from threading import Event

import pytest

from tests.fetch.conftest import Names, OpenDoor
from tests.fetch.wire import Script, Wire
from tracker.core.values import Request
from tracker.errors import FetchError

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a certificate for site.test that signs itself, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "certificate.pem", folder / "key.pem"
    ask = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    name = ["-subj", "/CN=site.test", "-addext", "subjectAltName=DNS:site.test"]
    files = ["-out", str(made), "-keyout", str(key)]
    subprocess.run(
        [openssl, *ask.split(), *name, *files], check=True, capture_output=True
    )
    return made, key


@pytest.fixture
def script(certificate: tuple[Path, Path]) -> Script:
    """Return a script that speaks TLS and answers one request."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)

    def answer(connection: socket.socket, over: Event) -> None:
        with (
            contextlib.suppress(OSError),
            context.wrap_socket(connection, server_side=True) as secured,
        ):
            secured.recv(4096)
            secured.sendall(ANSWER)
            over.wait(5)

    return answer


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine trust the certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))


@pytest.mark.usefixtures("trusted")
def test_a_server_with_a_trusted_certificate_is_read(
    open_door: OpenDoor, names: Names, script: Script
) -> None:
    names.known["site.test"] = [("127.0.0.1",)]
    with Wire(script, reads_first=False) as wire:
        document = open_door()(Request(f"https://site.test:{wire.port}/"))
    assert document.body == b"secret"


@pytest.mark.usefixtures("trusted")
def test_a_server_with_the_certificate_of_another_is_not_read(
    open_door: OpenDoor, names: Names, script: Script
) -> None:
    names.known["other.test"] = [("127.0.0.1",)]
    refused = pytest.raises(FetchError, match=r"cannot connect: .*Hostname mismatch")
    with Wire(script, reads_first=False) as wire, refused:
        open_door()(Request(f"https://other.test:{wire.port}/"))


def test_a_server_whose_certificate_nobody_trusts_is_not_read(
    open_door: OpenDoor, names: Names, script: Script
) -> None:
    names.known["site.test"] = [("127.0.0.1",)]
    refused = pytest.raises(FetchError, match=r"cannot connect: self-signed")
    with Wire(script, reads_first=False) as wire, refused:
        open_door()(Request(f"https://site.test:{wire.port}/"))
