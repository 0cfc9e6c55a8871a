"""An authority for stamps (RFC 3161) on loopback, with OpenSSL behind it; it may answer wrongly."""

from __future__ import annotations

import subprocess
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _certificate(
    subject: str, issuer: str, own: Any, signed_by: Any, extension: Any
) -> x509.Certificate:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(extension, critical=True)
        .sign(signed_by, hashes.SHA256())
    )


def made_authority(folder: Path) -> Path:
    """Make keys and certificates in this folder; returns that of the root."""
    folder.mkdir()
    root, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    basic = x509.BasicConstraints(ca=True, path_length=None)
    pem = serialization.Encoding.PEM
    for name, certificate in (
        ("ca.pem", _certificate("Wortel", "Wortel", root, root, basic)),
        ("tsa.pem", _certificate("Stempel", "Wortel", own, root, usage)),
    ):
        (folder / name).write_bytes(certificate.public_bytes(pem))
    plain = serialization.NoEncryption()
    key = own.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    (folder / "tsa.key").write_bytes(key)
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))
    return folder / "ca.pem"


def stamped(folder: Path, query: bytes) -> bytes:
    """The answer of the authority in this folder."""
    (folder / "query").write_bytes(query)
    subprocess.run(
        ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return (folder / "reply").read_bytes()


def with_another_digest(query: bytes) -> bytes:
    place = query.index(b"\x04\x20") + 2
    return query[:place] + bytes([query[place] ^ 1]) + query[place + 1 :]


def with_another_nonce(query: bytes) -> bytes:
    place = query.index(b"\x04\x20") + 34
    assert query[place] == 2
    last = place + 1 + query[place + 1]
    return query[:last] + bytes([query[last] ^ 1]) + query[last + 1 :]


class Authority:
    """The server; `how` says in which way it answers, and `asked` has the queries."""

    def __init__(self, folder: Path, foreign: Path) -> None:
        self.folder, self.foreign = folder, foreign
        self.how, self.asked = "", list[bytes]()
        self.over = threading.Event()
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"]))
                authority.asked.append(query)
                if authority.how == "silent":
                    authority.over.wait(20)
                    return
                status = 500 if authority.how == "500" else 200
                body = authority.answer(query, folder, foreign)
                self.send_response(status)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/tsr"

    def answer(self, query: bytes, folder: Path, foreign: Path) -> bytes:
        match self.how:
            case "nonce":
                return stamped(folder, with_another_nonce(query))
            case "digest":
                return stamped(folder, with_another_digest(query))
            case "foreign":
                return stamped(foreign, query)
            case "words":
                return b"<html>moment</html>"
            case _:
                return stamped(folder, query)

    def close(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
