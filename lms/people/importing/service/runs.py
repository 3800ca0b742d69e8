"""The job that checks, applies and undoes sheets: one process a sheet, in short transactions, taken up again where a process died."""

import json
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from lms.clock import Clock, local_date, to_ms
from lms.errors import Conflict, SiteError
from lms.people.importing.models import PeopleImport, PeopleImportRow
from lms.people.importing.service.applying import apply_batch
from lms.people.importing.service.checking import Check, add_leavers, begin_check, check_batch
from lms.people.importing.service.rows import paths_of_import
from lms.people.importing.service.sheets import forget_old
from lms.people.importing.service.undoing import undo_batch
from lms.people.importing.service.units import list_names
from lms.people.notices.rules import Topic
from lms.people.notices.service.telling import tell_one
from lms.platform.audit import record
from lms.platform.db import Database
from lms.platform.phrases import to_stored
from lms.platform.rules import Phrase, phrase

log = structlog.get_logger()
JOB = "people.imports"
LEASE = timedelta(seconds=60)
TRIES = 3
BUSY = ("checking", "applying", "undoing")
ENDS = {"checking": "checked", "applying": "applied", "undoing": "undone"}
FAILED_WORDS = phrase("The sheet %(file)s could not be worked through. Its page says why.")
DONE_WORDS = {
    "checking": phrase("The sheet %(file)s is checked: look at what it would change."),
    "applying": phrase("The sheet %(file)s is applied."),
    "undoing": phrase("What the sheet %(file)s had changed is undone."),
}


class Lost(Conflict):
    """Another process has taken the sheet over."""


@dataclass(frozen=True)
class ImportRunner:
    """Works through the sheets of a site that wait."""

    db: Database
    clock: Clock
    zone: ZoneInfo
    identity_key: str

    def run(self, now: datetime) -> int:
        """Do everything that waits, and forget what is old; gives how many sheets. Called by the job queue."""
        with self.db.writing() as session:
            done = forget_old(session, now=now)
        while (claimed := self._claim()) is not None:
            self._do(*claimed)
            done += 1
        return done

    def _claim(self) -> tuple[int, str, str] | None:
        now, claim = self.clock.now(), secrets.token_hex(16)
        with self.db.writing() as session:
            free = or_(PeopleImport.lease_until.is_(None), PeopleImport.lease_until < now)
            sheet = session.scalar(select(PeopleImport).where(PeopleImport.state.in_(BUSY), free).order_by(PeopleImport.id).limit(1).with_for_update())
            if sheet is None:
                return None
            sheet.tries += 1
            if sheet.tries > TRIES:
                _fail(sheet, phrase("It was interrupted %(n)s times.", n=TRIES))
                return sheet.id, "", claim
            sheet.claim, sheet.lease_until = claim, now + LEASE
            return sheet.id, sheet.state, claim

    def _do(self, sheet_id: int, state: str, claim: str) -> None:
        """One sheet to the end of its step, whatever happens."""
        try:
            if state == "checking":
                self._check(sheet_id, claim)
            elif state:
                self._work(sheet_id, claim, state)
        except Lost:
            log.warning("a sheet of people was taken over", sheet=sheet_id)
        except SiteError as refused:
            self._give_up(sheet_id, claim, Phrase(refused.message, refused.params))
        except Exception:
            log.exception("a sheet of people failed", sheet=sheet_id)
            self._give_up(sheet_id, claim, phrase("A fault of the program; its log says more. What is applied stays; nothing is half done."))

    def _today(self) -> date:
        return local_date(self.clock.now(), self.zone)

    def _check(self, sheet_id: int, claim: str) -> None:
        after: int | None = 0
        check: Check | None = None
        while after is not None:
            with self.db.writing() as session:
                sheet = self._mine(session, sheet_id, claim)
                if check is None:
                    check = begin_check(session, sheet, today=self._today(), identity_key=self.identity_key)
                after = check_batch(session, sheet, check, after=after)
                sheet.done = sheet.total if after is None else after
                if after is None:
                    add_leavers(session, sheet)
                    self._end(session, sheet, "checking")

    def _work(self, sheet_id: int, claim: str, state: str) -> None:
        """Apply or undo, batch by batch."""
        check: Check | None = None
        more = 1
        while more:
            with self.db.writing() as session:
                sheet = self._mine(session, sheet_id, claim)
                if check is None:
                    check = Check(list_names(session, paths=paths_of_import(sheet), on=sheet.effect_on), self._today(), self.identity_key)
                now = self.clock.now()
                more = apply_batch(session, sheet, check, now=now) if state == "applying" else undo_batch(session, sheet, now=now)
                sheet.done += more
                if not more:
                    self._end(session, sheet, state)

    def _end(self, session: Session, sheet: PeopleImport, state: str) -> None:
        now = self.clock.now()
        sheet.state, sheet.lease_until, sheet.claim = ENDS[state], None, ""
        _tell(session, sheet, DONE_WORDS[state], now)
        if state == "checking":
            return
        if state == "applying":
            sheet.applied_at = now
            _keep_mapped_only(session, sheet)
        action = "people_sheet_applied" if state == "applying" else "people_sheet_undone"
        record(session, now=now, actor_id=sheet.made_by, action=action, subject_kind="people_import", subject_id=sheet.id, detail=_counts(session, sheet.id))

    def _mine(self, session: Session, sheet_id: int, claim: str) -> PeopleImport:
        """The sheet with a lease that goes on. Raises Lost."""
        sheet = session.scalar(select(PeopleImport).where(PeopleImport.id == sheet_id, PeopleImport.claim == claim).with_for_update())
        if sheet is None:
            raise Lost("Another process has taken this sheet over.")
        sheet.lease_until = self.clock.now() + LEASE
        return sheet

    def _give_up(self, sheet_id: int, claim: str, why: Phrase) -> None:
        with self.db.writing() as session:
            sheet = session.scalar(select(PeopleImport).where(PeopleImport.id == sheet_id, PeopleImport.claim == claim).with_for_update())
            if sheet is not None:
                _fail(sheet, why)
                _tell(session, sheet, FAILED_WORDS, self.clock.now())


def _tell(session: Session, sheet: PeopleImport, words: Phrase, now: datetime) -> None:
    """Tell whoever handed the sheet in; a command waits for it anyway."""
    if sheet.made_by is not None:
        said = Phrase(words.message, {"file": sheet.file_name})
        tell_one(session, sheet.made_by, Topic.DESK, f"sheet:{sheet.id}:{to_ms(now)}", said, now=now, address=f"/people/import/{sheet.id}")


def _fail(sheet: PeopleImport, why: Phrase) -> None:
    """What was applied so far can still be undone; a check begins anew."""
    sheet.state = "failed" if sheet.state == "checking" else "applied"
    sheet.why, sheet.claim, sheet.lease_until = json.dumps(to_stored(why)), "", None


def _counts(session: Session, sheet_id: int) -> dict[str, object]:
    rows = session.execute(
        select(PeopleImportRow.state, PeopleImportRow.outcome, func.count())
        .where(PeopleImportRow.import_id == sheet_id, PeopleImportRow.outcome != "")
        .group_by(PeopleImportRow.state, PeopleImportRow.outcome)
    )
    return {f"{state}_{outcome}": count for state, outcome, count in rows}


def _keep_mapped_only(session: Session, sheet: PeopleImport) -> None:
    """Of a sheet that is applied, columns that nobody needed are forgotten."""
    keys = json.loads(sheet.keys)
    if all(keys):
        return
    wanted = select(PeopleImportRow.n, PeopleImportRow.cells).where(PeopleImportRow.import_id == sheet.id, PeopleImportRow.line > 0)
    for rows in session.execute(wanted.execution_options(yield_per=2000)).partitions():
        values = [{"import_id": sheet.id, "n": n, "cells": _less(cells, keys)} for n, cells in rows]
        session.execute(update(PeopleImportRow), values)


def _less(cells: str, keys: list[str]) -> str:
    return json.dumps([cell if key else "" for key, cell in zip(keys, json.loads(cells), strict=False)], ensure_ascii=False)
