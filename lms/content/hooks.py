"""What a forge says when something was pushed: who may say it, and which branch it was."""

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256

SECRET_MIN = 16
HEADS = "refs/heads/"
NOTHING = "0" * 40


def is_genuine(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Whether the sender knows the secret: by a signature of the body (GitHub, Gitea, Forgejo) or by the secret itself (GitLab).

    Compared in constant time; a secret of less than 16 characters is none.
    """
    if len(secret) < SECRET_MIN:
        return False
    right = hmac.new(secret.encode(), body, sha256).hexdigest()
    signed = headers.get("X-Hub-Signature-256", "").removeprefix("sha256=") or headers.get("X-Gitea-Signature", "") or headers.get("X-Forgejo-Signature", "")
    if signed:
        return hmac.compare_digest(signed.lower().encode(), right.encode())
    token = headers.get("X-Gitlab-Token", "")
    return bool(token) and hmac.compare_digest(sha256(token.encode()).digest(), sha256(secret.encode()).digest())


def branch_pushed(body: bytes) -> tuple[str, bool] | None:
    """The branch that something was pushed to, and whether it is the repository's own; None for anything else, such as a tag or a branch's end."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or said.get("after") == NOTHING or said.get("deleted") is True:
        return None
    ref = said.get("ref")
    if not isinstance(ref, str) or not ref.startswith(HEADS):
        return None
    own = next((about["default_branch"] for key in ("repository", "project") if isinstance(about := said.get(key), dict) and "default_branch" in about), None)
    branch = ref.removeprefix(HEADS)
    return branch, branch == own


def concerns(body: bytes, branch: str) -> bool:
    """Whether a push is to this branch; '' means the repository's own."""
    pushed = branch_pushed(body)
    return pushed is not None and (pushed[0] == branch if branch else pushed[1])
