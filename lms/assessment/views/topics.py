"""Topics of items in the reader's language."""

from lms.assessment.rules.topics import topic_words
from lms.platform.i18n import say


def topic_name(slug: str) -> str:
    """The topic in the reader's language; one that we do not know as its slug reads."""
    return say(topic_words(slug))
