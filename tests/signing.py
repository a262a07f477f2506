"""A picture signed with a chain made here, and what can go wrong with its credentials."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from simulation.media import saved


def _certificates() -> tuple[bytes, bytes, bytes]:
    """Chain, key of the signer, and root, as PEM."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def name(words: str) -> x509.Name:
        parts = {
            NameOID.COUNTRY_NAME: "CA",
            NameOID.ORGANIZATION_NAME: "Kit test",
            NameOID.COMMON_NAME: words,
        }
        return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts.items()])

    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)

    def certificate(subject: str, key: Any, issuer_key: Any, *, root: bool) -> x509.Certificate:
        usage = x509.KeyUsage(not root, False, False, False, False, root, root, False, False)
        made = (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name("Kit test root"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + dt.timedelta(days=900))
            .add_extension(x509.BasicConstraints(root, None), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False)
            .add_extension(usage, True)
        )
        if not root:
            made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), True)
        return made.sign(issuer_key, hashes.SHA256())

    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    pem = serialization.Encoding.PEM
    root = certificate("Kit test root", root_key, root_key, root=True).public_bytes(pem)
    leaf = certificate("Kit test signer", key, root_key, root=False).public_bytes(pem)
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return leaf + root, secret, root


def write(folder: Path, image: Image.Image, address: str) -> dict[str, Path]:
    """One file for each state; `root` holds the certificate to rely on, `other_root` one of a stranger."""
    import c2pa

    chain, secret, root = _certificates()
    made = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    action = {"action": "c2pa.created", "digitalSourceType": made}
    manifest = {
        "claim_generator_info": [{"name": "kit-test", "version": "0"}],
        "format": "image/jpeg",
        "title": "test",
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [action]}}],
    }
    files = {name: folder / f"{name}.jpg" for name in ("plain", "signed", "remote")}
    files["plain"].write_bytes(saved(image, quality=90))
    for name, remote in (("signed", None), ("remote", address)):
        signer = c2pa.Signer.from_info(
            c2pa.C2paSignerInfo(alg=b"es256", sign_cert=chain, private_key=secret, ta_url=None)
        )
        builder = c2pa.Builder.from_json(json.dumps(manifest))
        if remote:
            builder.set_no_embed()
            builder.set_remote_url(remote)
        with files["plain"].open("rb") as source, files[name].open("w+b") as out:
            builder.sign(signer, "image/jpeg", source, out)
    whole = files["signed"].read_bytes()
    other = saved(ImageOps.grayscale(image).convert("RGB"))
    changed = {
        "pixel": _flipped(whole, len(whole) - 2000),
        "claim": _flipped(whole, whole.find(b"trainedAlgorithmicMedia")),
        "header": whole.replace(b"jumb", b"junk", 1),
        "cut": whole[: whole.find(b"jumb") + 400],
        "moved": other[:2] + _segments(whole) + other[2:],
        "again": saved(Image.open(files["signed"]), quality=85),
        "random": os.urandom(50_000),
        "empty": b"",
    }
    for name, data in changed.items():
        files[name] = folder / f"{name}.jpg"
        files[name].write_bytes(data)
    for name, trusted in (("root", root), ("other_root", _certificates()[2])):
        files[name] = folder / f"{name}.pem"
        files[name].write_bytes(trusted)
    return files


def _flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def _segments(data: bytes) -> bytes:
    """The parts of a JPEG that hold its manifest."""
    place, found = 2, b""
    while data[place + 1] != 0xDA:
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        if data[place + 1] == 0xEB:
            found += data[place : place + 2 + length]
        place += 2 + length
    return found
