"""The center's keys and certificates: made once, kept in files that only their owner may read.

The CA signs nothing but the server's certificate and can be kept off line, like the keys that open sealed personal
data and that sign catalogue releases. Stations pin the CA and know it by the one-time code of their enrolment.
"""

import datetime
import ipaddress
import os
import shutil
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kiosk.keys import StationKey

_YEARS = 20
"""Validity of CA and server certificate. Stations do not look at dates, because their clocks may be wrong."""

CA, CA_KEY = "ca.pem", "ca.key"
SERVER, SERVER_KEY = "server.pem", "server.key"
SEALING, SEALING_KEY = "sealing.pub", "sealing.key"
RELEASE, RELEASE_KEY = "release.pub", "release.key"

PAGE = """\
What is in this folder

  ca.key       signs certificates of the server. Needed only to make a new one: move it to a stick in a safe.
  sealing.key  opens the personal data that stations sealed. Needed only where requests are worked on.
  release.key  signs catalogue releases. Needed only by `kiosk center release`: move it to a stick in a safe.
  server.key   needed by the running center.
  ca.pem server.pem sealing.pub release.pub   public; stations get them when they enrol.

Keep copies of the first three in two places. Who has lost sealing.key can never open what was sealed for it. Who has
lost ca.key or release.key must enrol every station again. Nobody but the center's own user may read the .key files.
"""


class AuthorityError(Exception):
    """Keys or certificates cannot be made or read; the message is one line for a person."""


def demand_room(folder: Path) -> None:
    """Make sure that there are no keys in `folder` yet. Raises AuthorityError."""
    if any((folder / name).exists() for name in (CA, CA_KEY, SERVER, SERVER_KEY, SEALING_KEY, RELEASE_KEY)):
        raise AuthorityError(f"{folder}: has keys already; choose another folder with --folder")


def make(folder: Path, host: str, now: datetime.datetime) -> None:
    """Make all keys and certificates in `folder`, for a center at `host` (a name or an address), and the page.

    All of them or none; nothing that is there is ever overwritten. Raises AuthorityError.
    """
    demand_room(folder)
    fresh = folder.with_name(f"{folder.name}.new")
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700, parents=True)
        _make(fresh, host, now)
        fresh.rename(folder)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise AuthorityError(f"{error.filename or folder}: cannot be written: {error.strerror}") from None


def _make(folder: Path, host: str, now: datetime.datetime) -> None:
    ca_key, ca = _authority(now)
    server_key, server = _server(host, ca_key, ca, now)
    sealing, release = X25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    _write(folder / CA, ca.public_bytes(serialization.Encoding.PEM), 0o644)
    _write(folder / CA_KEY, _pem(ca_key), 0o600)
    _write(folder / SERVER, server.public_bytes(serialization.Encoding.PEM), 0o644)
    _write(folder / SERVER_KEY, _pem(server_key), 0o600)
    _write(folder / SEALING_KEY, _line(sealing.private_bytes_raw()), 0o600)
    _write(folder / SEALING, _line(sealing.public_key().public_bytes_raw()), 0o644)
    _write(folder / RELEASE_KEY, _line(release.private_bytes_raw()), 0o600)
    _write(folder / RELEASE, _line(release.public_key().public_bytes_raw()), 0o644)
    _write(folder / "README", PAGE.encode(), 0o644)


def raw_key(path: Path) -> bytes:
    """Return the key of 32 bytes that stands in `path` as `make` wrote it, public or private. Raises AuthorityError."""
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except OSError as error:
        raise AuthorityError(f"{path}: cannot be read: {error.strerror}; `kiosk center init` makes it") from None
    except ValueError:
        raise AuthorityError(f"{path}: is not a key; put it back from the backup") from None
    if len(key) != 32:
        raise AuthorityError(f"{path}: is not a key; put it back from the backup")
    return key


def private_key(path: Path) -> bytes:
    """Return the private key of 32 bytes in `path`, which nobody but its owner may read. Raises AuthorityError."""
    _owners_alone(path)
    return raw_key(path)


def signing_key(folder: Path, path: Path) -> StationKey:
    """Return the key in `path` if it is the release key of the center whose keys stand in `folder`.

    Stations take only what that one has signed. Raises AuthorityError.
    """
    key = StationKey(private_key(path))
    if key.public != raw_key(folder / RELEASE):
        raise AuthorityError(f"{path}: is not the release key that belongs to {folder / RELEASE}; nothing was signed")
    return key


def server_files(folder: Path) -> tuple[Path, Path]:
    """Return the files of the server's certificate and its key, which fit each other. Raises AuthorityError."""
    chain, key = folder / SERVER, folder / SERVER_KEY
    restore = "put it back from the backup (docs/keys.md)"
    try:
        certificates = x509.load_pem_x509_certificates(certificate(chain).encode("ascii"))
    except ValueError:
        raise AuthorityError(f"{chain}: is no certificate; {restore}") from None
    _owners_alone(key)
    try:
        private = serialization.load_pem_private_key(key.read_bytes(), password=None)
    except OSError as error:
        raise AuthorityError(f"{key}: cannot be read: {error.strerror}; {restore}") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise AuthorityError(f"{key}: is no key, or one with a password; {restore}") from None
    if private.public_key() != certificates[0].public_key():
        raise AuthorityError(f"{key}: does not belong to {chain}; put both back from one backup")
    return chain, key


def certificate(path: Path) -> str:
    """Return the certificate in `path`, PEM. Raises AuthorityError."""
    try:
        return path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise AuthorityError(f"{path}: cannot be read: {error}; `kiosk center init` makes it") from None


def _owners_alone(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise AuthorityError(f"{path}: cannot be read: {error.strerror}; put it back from the backup") from None
    if mode & 0o077:
        raise AuthorityError(f"{path}: others may read this key; run: chmod 600 {path}")


def _authority(now: datetime.datetime) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kiosk center CA")])
    certificate = (
        _builder(name, name, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def _server(
    host: str, ca_key: ec.EllipticCurvePrivateKey, ca: x509.Certificate, now: datetime.datetime
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kiosk center")])
    try:
        names: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_address(host))]
    except ValueError:
        names = [x509.DNSName(host)]
    certificate = (
        _builder(name, ca.subject, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    return key, certificate


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, now: datetime.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=365 * _YEARS))
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _line(key: bytes) -> bytes:
    return key.hex().encode() + b"\n"


def _write(path: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
