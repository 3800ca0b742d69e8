"""Digests of compiled content: SHA-256 over a canonical JSON."""

import hashlib
import json


def digest_json(*values: object) -> str:
    """The digest of values that JSON can hold; keys are sorted, so their order does not matter."""
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode()).hexdigest()
