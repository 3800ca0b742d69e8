"""What a site shows at present, read from its database and never written: to compare the working tree with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import SQLAlchemyError

from lms.content.catalogue import Catalogue, Item
from lms.content.service.loading import EMPTY, load_catalogue, load_published_items
from lms.platform.db import Database
from lms.settings import Settings

log = structlog.get_logger()


@dataclass(frozen=True)
class Published:
    """A publication with the items of its packages by id."""

    catalogue: Catalogue = EMPTY
    items: Mapping[str, Item] = field(default_factory=dict)


class PublishedSite:
    """Reads the present publication of a site."""

    def __init__(self, settings: Settings) -> None:
        self._db = Database(settings.url_of_database, pool_size=2)

    @classmethod
    def find(cls, settings: Settings) -> "PublishedSite | None":
        """The site of an instance; None where it has no database, which is not made either."""
        if settings.on_sqlite and not settings.database_url and not (settings.instance / "vean.db").is_file():
            return None
        return cls(settings)

    def look(self) -> Published | None:
        """The publication of now; None before the first one and where the database cannot be read."""
        try:
            with self._db.reading() as session:
                catalogue = load_catalogue(session)
                if not catalogue.publication_id:
                    return None
                return Published(catalogue, {item.id: item for item in load_published_items(session)})
        except SQLAlchemyError as failed:
            log.warning("preview: the site's database cannot be read", why=str(failed).splitlines()[0])
            return None

    def dispose(self) -> None:
        """Let go of the database."""
        self._db.dispose()
