"""The sample course with a test that lets practise, and people who use it."""

from datetime import UTC, datetime

from flask.testing import FlaskClient

from lms.content.packages.compiler import compile_tree
from lms.content.service.loading import load_catalogue
from lms.content.service.publishing import publish_compiled
from lms.platform.db import Database
from tests.content.trees import FILES, QUIZ, tree_with

BEFORE_OPENING = datetime(2026, 11, 1, tzinfo=UTC)
CLOSED = datetime(2026, 11, 30, tzinfo=UTC)
"""The round of the sample contest, which may draw every item of the test, is open from the 20th to the 29th."""
LINE = "review_keys: when_no_tries_remain_or_passed"


def publish(db: Database, now: datetime, more: str = "rehearsal: [practice, mock]", *edits: tuple[str, str, str]) -> None:
    """Publish the sample with more lines in quiz.yml."""
    assert LINE.encode() in FILES[QUIZ]
    tree = tree_with((QUIZ, LINE, f"{LINE}\n{more}"), *edits)
    with db.writing() as session:
        report = publish_compiled(session, compile_tree(tree), tree, now=now, actor_id=None)
    assert not report.held, {name: str(why) for name, why in report.held.items()}
    with db.reading() as session:
        assert load_catalogue(session).quizzes["de-mau"].policy.rehearsal == ("practice", "mock") or "rehearsal" not in more


def hand_in(client: FlaskClient, key: str, answers: dict[str, str] | None = None) -> str:
    """Start what is offered, answer by item id, hand in; gives the address of the sitting."""
    started = client.post(f"/offerings/{key}")
    assert started.status_code == 303, started.text
    for n, (item, answer) in enumerate((answers or {}).items(), 1):
        save_id = f"00000000-0000-4000-8000-{n:012}"
        client.post(f"{started.location}/answers", json={"item": item, "answer": answer, "save_id": save_id, "seen": 0})
    client.post(f"{started.location}/submit")
    return str(started.location)
