"""create_app: the one place where the parts meet."""

import os
from functools import partial

from flask import Flask

from lms.assessment import views as assessment_views
from lms.assessment.events import AttemptScored, AttemptVoided
from lms.assessment.exams import views as exam_views
from lms.assessment.exams.offerings import PREFIX as EXAM_PREFIX
from lms.assessment.exams.offerings import ExamSource, OpenExams
from lms.assessment.exams.pins import PinnedQuizzes, follow_published
from lms.assessment.guarding import GuardedByAll, GuardedItems
from lms.assessment.offerings import OfferingSources
from lms.assessment.quality.places import SourceLines
from lms.assessment.quality.service.keeping import JOB as QUALITY_JOB
from lms.assessment.quality.service.keeping import FiguresKeeper
from lms.assessment.service import impact as assessment_impact
from lms.assessment.service import lapse_due
from lms.assessment.service.corrector import CORRECT_JOB, Corrector
from lms.assessment.service.practised import forget_practice
from lms.assessment.settling import ResultRooms
from lms.assessment.supervision import views as supervision_views
from lms.certification import views as certification_views
from lms.certification.events import RecordsChanged
from lms.certification.matrix_keeper import JOB as MATRIX_JOB
from lms.certification.matrix_keeper import MatrixKeeper
from lms.certification.printer import JOB as PRINT_JOB
from lms.certification.printer import BatchPrinter
from lms.certification.reminder import JOB as REMIND_JOB
from lms.certification.reminder import Reminder
from lms.certification.service import impact as certification_impact
from lms.certification.service import intake
from lms.certification.service.keeping import kept_records
from lms.certification.service.statuses import JOB as STATUS_JOB
from lms.certification.service.statuses import StatusKeeper
from lms.clock import Clock, SystemClock
from lms.content import views as content_views
from lms.content.events import Published
from lms.content.freezing import KEY as FROZEN
from lms.content.freezing import FrozenByAll
from lms.content.impact.rooms import ImpactRooms
from lms.content.service.desk import ContentDesk
from lms.content.service.loading import CatalogueHolder
from lms.content.service.polling import SourcePoll
from lms.content.service.pools import PoolIds
from lms.content.service.sources import ContentSources
from lms.content.service.worker import PUBLISH_JOB, PublishWorker
from lms.content.source.mirrors import Mirrors
from lms.contests import views as contests_views
from lms.contests.announcer import JOB as NEWS_JOB
from lms.contests.announcer import Announcer
from lms.contests.freezing import OpenContests, OpenPools
from lms.contests.offerings import RoundSource
from lms.contests.service.entries import EntryKeeper
from lms.contests.service.moves import RoundMoves
from lms.contests.service.participation import Boards
from lms.contests.terms import PREFIX as ROUND_PREFIX
from lms.drafts import views as drafts_views
from lms.drafts.service.following import FOLLOW_JOB, LinkFollower
from lms.drafts.shelf import DraftShelf
from lms.errors import Invalid
from lms.home import views as home_views
from lms.learning import class_views
from lms.learning import views as learning_views
from lms.learning.events import AttendanceRecorded, LessonDone
from lms.learning.offering import PREFIX as COURSE_PREFIX
from lms.learning.offering import CourseOfferings
from lms.learning.rehearsal import views as rehearsal_views
from lms.learning.rehearsal.rules import MOCK, PRACTICE
from lms.learning.rehearsal.sources import MockSource, PracticeSource
from lms.learning.service import impact as learning_impact
from lms.library import views as library_views
from lms.library.book.shelf import Shelf
from lms.library.service import indexing
from lms.people import access, secrets
from lms.people import views as people_views
from lms.people.access import is_signed_in
from lms.people.crew import views as crew_views
from lms.people.device import find_device
from lms.people.importing import views as import_views
from lms.people.importing.service.runs import JOB as IMPORT_JOB
from lms.people.importing.service.runs import ImportRunner
from lms.people.joining import views as joining_views
from lms.people.joining.service.joining import forget_waiting
from lms.people.notices import views as notice_views
from lms.people.notices.sender import JOB as NOTICE_JOB
from lms.people.notices.sender import NoticeSender
from lms.people.privacy import views as privacy_views
from lms.people.privacy.keeping import RecordKeepers
from lms.people.rules import Permission
from lms.people.service.tries import forget_old_tries
from lms.people.signing import views as signing_views
from lms.people.signing.service.sessions import forget_old as forget_old_sessions
from lms.platform import health, i18n, limits, logs, security, sessions
from lms.platform import site as site_module
from lms.platform.audit_seals import AuditSealer
from lms.platform.db import Database
from lms.platform.sessions import KnownTokens
from lms.platform.site import Site
from lms.settings import Settings
from lms.web import assets
from lms.web import views as web_views
from lms.web.nav import NavEntry

csrf = KnownTokens()
NAV = [
    NavEntry("Home", "home.index", "home", is_signed_in),
    NavEntry("Courses", "learning.courses", "book", is_signed_in, ("rehearsal",)),
    NavEntry("Contests", "contests.index", "trophy", is_signed_in),
    NavEntry("People", "people.index", "people", partial(access.may, Permission.SEE_PEOPLE), ("units", "imports", "joining")),
    NavEntry("Class days", "classes.index", "calendar", partial(access.may, Permission.RECORD_CLASS)),
    NavEntry("Tests", "assessment.desk", "check", assessment_views.may_run, ("exams", "supervision")),
    NavEntry("Question quality", "assessment.quality", "chart", lambda: assessment_views.may_see_some_quality() and not assessment_views.may_run()),
    NavEntry("Certificates", "certificates.index", "certificate", is_signed_in),
    NavEntry("Certification", "certification.index", "shield", partial(access.may, Permission.SEE_STANDING)),
    NavEntry("Issuers", "certification.issuers_page", "key", partial(access.may, Permission.EDIT_UNITS)),
    NavEntry("Content", "content.check", "edit", partial(access.may, Permission.SEE_CONTENT_CHECK), ("drafts",)),
]


def create_app(settings: Settings, *, clock: Clock | None = None) -> Flask:
    """Put a site together from its settings. Raises Invalid if it has no keys yet."""
    if not settings.secret_key:
        raise Invalid("The site has no keys yet: run `lms init` (or ./run) first.")
    logs.configure(settings)
    app = Flask("lms", static_folder=None)
    logs.init_app(app)
    app.config["DEFAULT_LANG"] = settings.default_lang
    the_site = make_site(settings, clock)
    site_module.init_app(app, the_site)
    security.init_app(app, settings)
    sessions.init_app(app)
    csrf.init_app(app)
    i18n.init_app(app)
    secrets.size_pool(settings.sign_in_hashes, waiting=max(1, settings.threads - settings.sign_in_hashes - 2))
    limits.init_app(app, settings, find_device=find_device, sign_in="people.sign_in", paced=frozenset({"assessment.answer"}))
    access.init_app(app)
    assets.init_app(app)
    web_views.init_app(app, NAV, access.reader)
    for blueprint in (
        health.bp,
        *people_views.BLUEPRINTS,
        import_views.bp,
        signing_views.bp,
        joining_views.bp,
        privacy_views.bp,
        crew_views.bp,
        notice_views.bp,
        home_views.bp,
        content_views.bp,
        assessment_views.bp,
        supervision_views.bp,
        exam_views.bp,
        learning_views.bp,
        class_views.bp,
        rehearsal_views.bp,
        contests_views.bp,
        library_views.bp,
        *drafts_views.BLUEPRINTS,
    ):
        app.register_blueprint(blueprint)
    csrf.exempt(content_views.hooks.hook)
    csrf.exempt(notice_views.stop)
    certification_views.init_app(app)
    return app


def make_site(settings: Settings, clock: Clock | None = None) -> Site:
    """The site without its pages, as commands use it: settings, clock, database, events, jobs, and the rooms' parts."""
    the_site = Site(settings, clock or SystemClock(), Database(settings.url_of_database, pool_size=settings.threads + 2))
    the_site.db.info["events"] = the_site.events
    holder = CatalogueHolder(the_site.db)
    the_site.parts[CatalogueHolder] = holder
    the_site.db.info[FROZEN] = FrozenByAll((OpenContests(),))
    the_site.parts[ContentDesk] = desk = ContentDesk(ContentSources(settings.origins, Mirrors.of(settings, os.environ)), settings.zone)
    the_site.parts[SourceLines] = SourceLines(desk.sources)
    the_site.parts[ImpactRooms] = ImpactRooms(assessment_impact.find_sittings, certification_impact.find_resting, learning_impact.find_learners)
    the_site.parts[PoolIds] = pools = PoolIds()
    the_site.parts[PublishWorker] = worker = PublishWorker(the_site.db, the_site.clock, desk)
    the_site.parts[PinnedQuizzes] = pins = PinnedQuizzes()
    the_site.parts[GuardedItems] = guard = GuardedByAll((OpenPools(pools), OpenExams(pools, pins)))
    the_site.parts[DraftShelf] = DraftShelf()
    the_site.parts[RecordKeepers] = RecordKeepers((kept_records,))
    the_site.parts[LinkFollower] = follower = LinkFollower(the_site.db, desk.sources)
    the_site.events.subscribe(Published, follow_published)
    the_site.events.subscribe(Published, holder.on_published)
    the_site.events.subscribe(Published, indexing.on_published)
    the_site.parts[Shelf] = Shelf(settings.instance / "cache" / "books")
    the_site.parts[OfferingSources] = OfferingSources(
        {
            COURSE_PREFIX: CourseOfferings(pools),
            ROUND_PREFIX: RoundSource(settings.zone, pools),
            EXAM_PREFIX: ExamSource(settings.zone, pools, pins),
            PRACTICE: PracticeSource(pools, guard),
            MOCK: MockSource(pools, guard),
        },
        {ROUND_PREFIX: Permission.SEE_RANKING_DESK},
        frozenset({ROUND_PREFIX}),
    )
    the_site.parts[Boards] = Boards()
    the_site.parts[ResultRooms] = ResultRooms(ranked=(RoundMoves(),))
    entries = EntryKeeper(lambda: holder.current(the_site.clock.now()), the_site.clock)
    the_site.events.subscribe(AttemptScored, entries)
    the_site.events.subscribe(AttemptVoided, entries)
    the_site.events.subscribe(AttemptVoided, intake.on_attempt_voided)
    the_site.events.subscribe(LessonDone, intake.on_lesson_done)
    the_site.events.subscribe(AttendanceRecorded, intake.on_attendance)
    the_site.events.subscribe(AttemptScored, intake.AttemptIntake(lambda: holder.current(the_site.clock.now()), settings.zone))
    the_site.parts[StatusKeeper] = statuses = StatusKeeper(the_site.db, the_site.clock, settings.zone, lambda: holder.current(the_site.clock.now()))
    the_site.events.subscribe(RecordsChanged, statuses.on_changed)
    the_site.jobs.add(STATUS_JOB, statuses.run)
    the_site.jobs.add(MATRIX_JOB, MatrixKeeper(the_site.db, settings.zone).run)
    the_site.jobs.add(REMIND_JOB, Reminder(the_site.db, settings.zone, lambda: holder.current(the_site.clock.now())).run)
    the_site.jobs.add(PRINT_JOB, BatchPrinter(the_site.db, the_site.clock).run)
    the_site.jobs.add("platform.audit", AuditSealer(the_site.db, settings.secret_key).run)
    the_site.jobs.add("library.index", indexing.IndexKeeper(the_site.db))
    the_site.jobs.add("assessment.lapse", partial(lapse_due, the_site.db))
    the_site.jobs.add("assessment.practice", partial(forget_practice, the_site.db))
    the_site.jobs.add(QUALITY_JOB, FiguresKeeper(the_site.db, settings.zone, the_site.parts[SourceLines].find).run)
    the_site.jobs.add(CORRECT_JOB, Corrector(the_site.db, the_site.clock).run)
    the_site.jobs.add("content.poll", SourcePoll(the_site.db, desk.sources).run)
    the_site.jobs.add(PUBLISH_JOB, worker.run)
    the_site.jobs.add(FOLLOW_JOB, follower.run)
    the_site.jobs.add(NEWS_JOB, Announcer(the_site.db, lambda: holder.current(the_site.clock.now())).run)
    _add_people(the_site)
    return the_site


def _add_people(the_site: Site) -> None:
    """The jobs of people. Notices come last: what the other jobs have told goes out with the same tick, and sending keeps nothing else waiting."""
    db, settings = the_site.db, the_site.settings
    the_site.jobs.add("people.tries", partial(forget_old_tries, db))
    the_site.jobs.add("people.sessions", partial(forget_old_sessions, db))
    the_site.jobs.add("people.waiting", partial(forget_waiting, db))
    the_site.jobs.add(IMPORT_JOB, ImportRunner(db, the_site.clock, settings.zone, settings.identity_key).run)
    the_site.parts[NoticeSender] = notices = NoticeSender.of(db, the_site.clock, settings)
    the_site.jobs.add(NOTICE_JOB, notices.run)
