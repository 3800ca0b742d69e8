"""The catalogue for views; services take it as a parameter."""

from lms.content.catalogue import Catalogue
from lms.content.service.loading import CatalogueHolder
from lms.platform.site import now, site


def catalogue() -> Catalogue:
    """The current catalogue: one and the same object until another publication is current."""
    return site().part(CatalogueHolder).current(now())
