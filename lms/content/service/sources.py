"""The content sources of a site: folders are read where they lie, remote repositories from the site's own clones."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lms.content.source.mirrors import Mirrors, Unfetched
from lms.content.source.tree import ContentTree, join, read_commit, read_tree
from lms.errors import Conflict, NotFound
from lms.platform.rules import Phrase, phrase
from lms.settings import ContentSource


@dataclass(frozen=True)
class ContentSources:
    """Reads and fetches. Reading never waits for a network."""

    origins: tuple[ContentSource, ...]
    mirrors: Mirrors

    def get(self, name: str) -> ContentSource:
        """The source of that name. Raises NotFound."""
        for source in self.origins:
            if source.name == name:
                return source
        raise NotFound("There is no content source %(name)s.", name=name)

    def read(self, rev: str = "", only: str = "") -> ContentTree:
        """All sources as one tree, at the last commits of their branches (files as they stand where no commit tracks them).

        rev: a revision (see `find_commit`), for the source called `only`, or else for every source that knows it. Raises NotFound or Conflict if a
        source cannot be read, or if none knows `rev`.
        """
        if only:
            self.get(only)
        known = 0
        missing: list[NotFound] = []
        trees: list[tuple[str, ContentTree]] = []
        for source in self.origins:
            tree = None
            if rev and only in ("", source.name):
                try:
                    tree = self.read_one(source, rev)
                    known += 1
                except NotFound as unknown:
                    missing.append(unknown)
            trees.append((source.name, tree or self.read_one(source)))
        if rev and not known:
            raise missing[0] if len(missing) == 1 else NotFound("There is no commit %(rev)s.", rev=rev)
        return join(trees)

    def read_one(self, source: ContentSource, rev: str = "", *, most_bytes: int | None = None) -> ContentTree:
        """One source. most_bytes: of all its files together. Raises NotFound or Conflict, which name it."""
        if not source.is_remote and not (rev or source.branch):
            return read_tree(source.path)
        return read_commit(self.repository(source), rev or source.branch, source.folder if source.is_remote else "", most_bytes=most_bytes)

    def repository(self, source: ContentSource) -> Path:
        """The folder of a source that lies on this machine, or the clone of a remote one. Raises Conflict before that was fetched."""
        if not source.is_remote:
            return source.path
        clone = self.mirrors.path(source)
        if not clone.is_dir():
            raise Conflict("The content source %(name)s has not been fetched yet.", name=source.name)
        return clone

    def fetch(self, only: str = "", *, tell: Callable[[str, Phrase | None], None]) -> list[Phrase]:
        """Bring the clones up to date; gives what went wrong, a sentence a source. tell: hears of every source how it went.

        A source that cannot be fetched keeps its former clone. Raises Unfetched where nothing that was asked for could be fetched.
        """
        wanted = [source for source in self.origins if source.is_remote and only in ("", source.name)]
        failed: list[Phrase] = []
        for source in wanted:
            try:
                self.mirrors.fetch(source)
                tell(source.name, None)
            except Unfetched as why:
                failed.append(phrase("%(name)s: %(why)s", name=source.name, why=why.why))
                tell(source.name, why.why)
        if failed and len(failed) == len(wanted):
            raise Unfetched(phrase("%(list)s The site stays as it was.", list=tuple(failed)))
        return failed
