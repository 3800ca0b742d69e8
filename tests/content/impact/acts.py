"""People who sit the sample quiz, and trees in which it is changed."""

from datetime import datetime

from lms.assessment.models import Attempt
from lms.assessment.offerings import Offering
from lms.assessment.service.papers import list_placed
from lms.content.catalogue import Catalogue
from lms.content.source.tree import ContentTree
from lms.people.models import Person
from lms.platform.db import Database
from tests.assessment.acts import save, start, submit
from tests.content.trees import BANK, COURSE, tree_with

KEY = "course:khoa-mau"
FIRE = "qaaaaaa5"
"""The number of the fire brigade; 114 (b) is right."""
FLIPPED = (BANK, "- ( ) 113\n- (x) 114", "- (x) 113\n- ( ) 114")
RETRAIN = (COURSE, "    why: Bản đầu tiên", "    why: Bản đầu tiên\n  - version: 2\n    kind: retrain\n    why: Luật mới")


def flipped(*more: tuple[str, str, str]) -> ContentTree:
    """The sample with another key of the item FIRE, and other edits."""
    return tree_with(FLIPPED, *more)


def sit(db: Database, catalogue: Catalogue, person: Person, now: datetime, *, wrong: tuple[str, ...] = (), hand_in: bool = True, percent: int = 100) -> Attempt:
    """All items answered rightly but `wrong` (left out), with so many percent to pass."""
    quiz = catalogue.quizzes["de-mau"]
    attempt = start(db, person, Offering(key=KEY, title=quiz.title, quiz=quiz, attempts_max=None, pass_percent=percent, back_url="/"), now)
    with db.reading() as session:
        placed = list_placed(session, attempt.paper)
    for one in placed:
        if one.item.id not in wrong:
            save(db, attempt, one.item.id, "".join(sorted(one.item.key)), now)
    return submit(db, attempt, now) if hand_in else attempt
