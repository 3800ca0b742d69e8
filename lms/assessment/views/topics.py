"""Topics of items in words: the content names them by slugs."""

from flask_babel import gettext, lazy_gettext

TOPICS = {
    "luat": lazy_gettext("Law"),
    "moi-nguy": lazy_gettext("Hazards"),
    "danh-gia-rui-ro": lazy_gettext("Risk assessment"),
    "bao-ho": lazy_gettext("Protective equipment and signs"),
    "chay-no": lazy_gettext("Fire and explosion"),
    "dien": lazy_gettext("Electricity and machines"),
    "so-cuu": lazy_gettext("First aid"),
    "quan-ly": lazy_gettext("Management"),
    "can-bo-an-toan": lazy_gettext("Work of the safety officer"),
    "bao-cao": lazy_gettext("Reporting"),
}


def topic_name(slug: str) -> str:
    """The topic in the reader's language; one that we do not know as its slug reads."""
    if not slug:
        return gettext("Other")
    return str(TOPICS.get(slug, slug.replace("-", " ")))
