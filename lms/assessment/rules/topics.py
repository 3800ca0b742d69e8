"""Topics of items in words: the content names them by slugs, and its banks are called after them."""

from collections.abc import Mapping

from lms.platform.rules import Phrase, phrase

TOPICS: Mapping[str, Phrase] = {
    "luat": phrase("Law"),
    "moi-nguy": phrase("Hazards"),
    "danh-gia-rui-ro": phrase("Risk assessment"),
    "bao-ho": phrase("Protective equipment and signs"),
    "chay-no": phrase("Fire and explosion"),
    "dien": phrase("Electricity and machines"),
    "so-cuu": phrase("First aid"),
    "quan-ly": phrase("Management"),
    "can-bo-an-toan": phrase("Work of the safety officer"),
    "bao-cao": phrase("Reporting"),
}


def topic_words(slug: str) -> Phrase | str:
    """The topic in words; one that we do not know as its slug reads."""
    return TOPICS.get(slug, slug.replace("-", " ")) if slug else phrase("Other")
