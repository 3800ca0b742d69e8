"""An authenticator as phones have it, in software: makes a passkey (ES256) and signs challenges with it."""

import hashlib
import json
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One passkey for a host, as its owner confirms it with finger or PIN."""

    host: str
    origin: str
    credential_id: bytes = b"a passkey of a test"
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def name(self) -> str:
        """The id of the credential."""
        return bytes_to_base64url(self.credential_id)

    def make(self, challenge: str) -> dict[str, Any]:
        """The answer to the options of a registration."""
        numbers = self.key.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        public = cbor2.dumps({1: 2, 3: -7, -1: 1} | point)
        attested = b"\0" * 16 + struct.pack(">H", len(self.credential_id)) + self.credential_id + public
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._data(PRESENT | VERIFIED | ATTESTED) + attested})
        response = {"attestationObject": bytes_to_base64url(made), "clientDataJSON": bytes_to_base64url(self._client("webauthn.create", challenge))}
        return {"id": self.name, "rawId": self.name, "type": "public-key", "response": response}

    def sign(self, challenge: str, *, verified: bool = True) -> dict[str, Any]:
        """The answer to the options of a sign-in."""
        self.count += 1
        data = self._data(PRESENT | (VERIFIED if verified else 0))
        client = self._client("webauthn.get", challenge)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {"authenticatorData": data, "clientDataJSON": client, "signature": signature}
        return {"id": self.name, "rawId": self.name, "type": "public-key", "response": {key: bytes_to_base64url(value) for key, value in response.items()}}

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()
