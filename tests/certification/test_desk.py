"""The desk: each person once, denominators that add up, a constant number of queries."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from lms.certification.models import Period
from lms.certification.service.assign import assign
from lms.certification.service.assignable import list_assignable
from lms.certification.service.candidates import list_candidates
from lms.certification.service.desk import Counts, read_desk, stand
from lms.certification.service.external import record_external
from lms.certification.service.marks import add_trigger, mark_period
from lms.certification.service.overview import summary
from lms.certification.service.own import own_standing
from lms.certification.service.register import read_register
from lms.content.catalogue import Catalogue
from lms.errors import Conflict, Invalid, NotFound
from lms.platform.db import Database
from tests.certification.make import G1, G4, NOW, TODAY, Company, assign_all, confirm_all, make_company, train
from tests.counting import count_queries


def external(session: object, company: Company, catalogue: Catalogue, **given: object) -> object:
    plain = {
        "catalogue": catalogue,
        "scheme": G1,
        "person_id": company.workers[0].id,
        "number": "12/2026/GCN",
        "body": "Trung tâm X",
        "from_on": date(2026, 3, 10),
        "until_on": None,
        "paths": company.paths,
        "actor_id": company.officer.id,
        "today": TODAY,
        "now": NOW,
    }
    return record_external(session, **plain | given)  # type: ignore[arg-type]


def test_every_assigned_person_of_the_subtree_is_counted_once_by_the_worst_scheme(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        assign_all(session, [*company.workers, company.stranger])
        assign_all(session, company.workers[:1], G1)
        train(session, company.workers[0])
        train(session, company.workers[1])
        confirm_all(session, company, catalogue, company.workers[:2])
    with db.reading() as session:
        desk = read_desk(session, catalogue=catalogue, paths=company.paths, scheme=None, as_of=TODAY)
        one = read_desk(session, catalogue=catalogue, paths=company.paths, scheme=G4, as_of=TODAY)
        counts = summary(session, catalogue, company.paths, TODAY)
    assert desk.counts == Counts(valid=1, never=2)
    assert (one.counts, one.counts.total) == (Counts(valid=2, never=1), 3)
    assert counts == {G1: Counts(never=1), G4: Counts(valid=2, never=1)}
    assert [row.name[-1] for row in one.rows] == ["0", "1", "2"]
    assert stand(catalogue, one, one.rows[0], as_of=TODAY).shown == "recorded"
    assert stand(catalogue, one, one.rows[2], as_of=TODAY).shown == "none"


def test_the_desk_of_a_past_day_shows_the_people_and_assignments_of_that_day(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        assign_all(session, company.workers[:2], from_on=date(2026, 6, 1))
        assert list_assignable(session, paths=company.paths, scheme=G4, on=TODAY, page=1, size=50)[1] == 2
    with db.reading() as session:
        assert read_desk(session, catalogue=catalogue, paths=company.paths, scheme=G4, as_of=date(2026, 5, 31)).counts.total == 0
        assert read_desk(session, catalogue=catalogue, paths=company.paths, scheme=G4, as_of=date(2026, 6, 1)).counts.total == 2


def test_the_desk_as_we_knew_it_leaves_out_what_was_recorded_later(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        assign_all(session, company.workers[:1], G1)
        external(session, company, catalogue)
    with db.reading() as session:
        wanted = {"catalogue": catalogue, "paths": company.paths, "scheme": G1, "as_of": date(2026, 4, 1)}
        assert read_desk(session, **wanted).counts == Counts(valid=1)  # type: ignore[arg-type]
        assert read_desk(session, known_at=NOW - timedelta(days=1), **wanted).counts == Counts(never=1)  # type: ignore[arg-type]


def test_assigning_twice_is_once_and_never_over_the_border(db: Database, company: Company, catalogue: Catalogue) -> None:
    plain = {
        "catalogue": catalogue,
        "scheme": G4,
        "from_on": TODAY,
        "reason": "việc mới",
        "paths": company.paths,
        "actor_id": company.officer.id,
        "now": NOW,
        "today": TODAY,
    }
    ids = [worker.id for worker in company.workers]
    with db.writing() as session:
        assert assign(session, person_ids=ids, **plain) == 3  # type: ignore[arg-type]
        assert assign(session, person_ids=ids, **plain) == 0  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            assign(session, person_ids=[company.stranger.id], **plain)  # type: ignore[arg-type]
        with pytest.raises(Invalid):
            assign(session, person_ids=[], **plain)  # type: ignore[arg-type]


def test_candidates_the_complete_first_with_what_the_others_lack(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        assign_all(session, company.workers[:1])
        train(session, company.workers[1])
        train(session, company.stranger)
    with db.reading() as session:
        found = list_candidates(session, scheme=catalogue.schemes[G4], paths=company.paths, as_of=TODAY)
    assert [(one.person_id, one.training.value) for one in found] == [(company.workers[1].id, "awaiting_issue"), (company.workers[0].id, "not_started")]


def test_queries_do_not_grow_with_people(db: Database, catalogue: Catalogue) -> None:
    seen = []
    for size in (2, 20):
        with db.writing() as session:
            company = make_company(session, size, codes=(f"A{size}", f"B{size}"))
            assign_all(session, company.workers)
            for worker in company.workers:
                train(session, worker)
            confirm_all(session, company, catalogue, company.workers[: size // 2])
        with db.reading() as session, count_queries(db) as counted:
            read_desk(session, catalogue=catalogue, paths=company.paths, scheme=None, as_of=TODAY)
            list_candidates(session, scheme=catalogue.schemes[G4], paths=company.paths, as_of=TODAY)
            read_register(session, paths=company.paths, scheme=G4, from_on=date(2026, 1, 1), until_on=TODAY, page=1)
            own_standing(session, catalogue, company.workers[0].id, TODAY)
        seen.append(len(counted))
    assert seen[0] == seen[1] <= 24


def test_a_certificate_from_elsewhere_becomes_a_period_counted_by_the_scheme(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        external(session, company, catalogue)
    with db.reading() as session:
        [one] = own_standing(session, catalogue, company.workers[0].id, TODAY)
    assert (one.scheme.slug, one.needed, one.standing.value, one.standing.until_on) == (G1, False, "valid", date(2028, 3, 10))
    assert one.current is not None
    assert (one.current.issuer, one.current.document, one.training.value) == ("Trung tâm X", None, "complete")


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"from_on": TODAY + timedelta(days=1)}, id="in the future"),
        pytest.param({"from_on": date(2016, 6, 30)}, id="before the law"),
        pytest.param({"until_on": date(2026, 3, 9)}, id="ends before it begins"),
        pytest.param({"until_on": date(2028, 3, 11)}, id="longer than the scheme allows"),
    ],
)
def test_dates_that_contradict_each_other_are_refused(db: Database, company: Company, catalogue: Catalogue, given: dict[str, object]) -> None:
    with pytest.raises(Invalid), db.writing() as session:
        external(session, company, catalogue, **given)


def test_a_certificate_from_before_birth_is_refused(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        session.get_one(type(company.workers[0]), company.workers[0].id).birth_on = date(2026, 4, 1)
    with pytest.raises(Invalid), db.writing() as session:
        external(session, company, catalogue)


def test_the_same_certificate_is_entered_once_whoever_shows_it(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        external(session, company, catalogue)
    for worker in company.workers[:2]:
        with pytest.raises(Conflict), db.writing() as session:
            external(session, company, catalogue, person_id=worker.id, number="12/2026/gcn ")


def decide(session: object, company: Company, period_id: int, kind: str, **given: object) -> object:
    plain = {"cause": "evidence", "note": "", "paths": company.paths, "actor_id": company.officer.id, "today": TODAY, "now": NOW}
    return mark_period(session, period_id=period_id, kind=kind, **plain | given)  # type: ignore[arg-type]


def test_marks_follow_each_other_only_as_they_make_sense(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        train(session, company.workers[0])
        [document] = confirm_all(session, company, catalogue, company.workers[:1])
    period_id = document.period_id
    with db.writing() as session:
        for kind in ("suspended", "reinstated", "suspended", "revoked"):
            refused = "reinstated" if kind == "suspended" else "suspended" if kind == "reinstated" else None
            if refused:
                with pytest.raises(Conflict):
                    decide(session, company, period_id, refused)
            decide(session, company, period_id, kind)
        for kind in ("suspended", "reinstated", "revoked"):
            with pytest.raises(Conflict):
                decide(session, company, period_id, kind)
        with pytest.raises(Invalid):
            decide(session, company, period_id, "superseded")
        with pytest.raises(Invalid):
            decide(session, company, period_id, "revoked", cause="whim")
        with pytest.raises(NotFound):
            decide(session, company, 999, "revoked")
        with pytest.raises(NotFound):
            decide(session, company, period_id, "revoked", paths=(company.other.path,))


def test_a_trigger_calls_a_trained_person_back(db: Database, company: Company, catalogue: Catalogue) -> None:
    plain = {
        "catalogue": catalogue,
        "person_id": company.workers[0].id,
        "scheme": G1,
        "kind": "job_change",
        "on": TODAY,
        "why": "",
        "paths": company.paths,
        "actor_id": company.officer.id,
        "today": TODAY,
        "now": NOW,
    }
    with db.writing() as session:
        external(session, company, catalogue)
        add_trigger(session, **plain)  # type: ignore[arg-type]
        with pytest.raises(Conflict):
            add_trigger(session, **plain)  # type: ignore[arg-type]
        for given, error in (({"kind": "x"}, Invalid), ({"on": TODAY + timedelta(days=1)}, Invalid), ({"person_id": company.stranger.id}, NotFound)):
            with pytest.raises(error):
                add_trigger(session, **plain | given)  # type: ignore[arg-type]
    with db.reading() as session:
        [one] = own_standing(session, catalogue, company.workers[0].id, TODAY)
    assert (one.standing.value, len(one.triggers)) == ("retrain_required", 1)


def test_of_two_certificates_entered_at_once_the_second_is_told_to_look_again(db: Database, company: Company, catalogue: Catalogue) -> None:
    def faster(session: Session, *_rest: object) -> None:
        mine = next((one for one in session.new if isinstance(one, Period)), None)
        if mine is not None:
            other = {column.name: getattr(mine, column.key) for column in Period.__table__.columns if column.name != "id"} | {"hours": "{}"}
            session.connection().execute(insert(Period.__table__), other)  # type: ignore[arg-type]

    with pytest.raises(Conflict, match="Somebody else"), db.writing() as session:
        event.listen(session, "before_flush", faster)
        external(session, company, catalogue)
