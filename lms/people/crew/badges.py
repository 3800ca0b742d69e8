"""What a badge says: signed, so that nobody makes one for somebody else's number; it proves nothing."""

from itsdangerous import BadSignature, URLSafeSerializer


def badge_token(key: str, person_id: int) -> str:
    """What the QR code of a badge carries: whose it is. It proves nothing: the PIN does."""
    return _badges(key).dumps(person_id)


def find_badge(key: str, token: str) -> int | None:
    """Whose badge it is, if it is one of this site's."""
    try:
        person_id = _badges(key).loads(token)
    except BadSignature:
        return None
    return person_id if isinstance(person_id, int) else None


def _badges(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="badge")
