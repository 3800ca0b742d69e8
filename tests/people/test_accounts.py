"""Accounts and roles: slips, own secrets, who may reset whom, the last administrator."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.people.models import Account, Person, RoleGrant
from lms.people.rules import Grant, Role
from lms.people.secrets import Busy, Pool, make_secret, new_password, new_secret, secret_matches
from lms.people.service import change_secret, choose_language, close_account, end_role, grant_role, reopen_account, reset_secret, sign_out_everywhere
from lms.people.service.accounts import secret_kind_for
from lms.people.service.roles import count_administrators
from lms.people.service.slips import BATCH, Batch, count_for_slips, list_for_slips, make_slips
from lms.people.signed_in import find_signed_in
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from tests.conftest import NOW
from tests.make import make_learner, make_unit

TODAY = date(2026, 11, 22)
ROOT = (Grant(Role.ADMINISTRATOR, "/"),)
PIN_SECRET = make_secret("975310", "pin")
ACT: dict[str, Any] = {"actor_id": None, "actor_grants": ROOT, "paths": ("/",), "today": TODAY, "now": NOW}


def test_a_reset_sets_a_slip_ends_sessions_and_is_in_the_trail(db: Database) -> None:
    with db.writing() as session:
        person = make_learner(session)
        reset_secret(session, person_id=person.id, secret=PIN_SECRET, **ACT)
        account = session.get_one(Account, person.id)
        assert (account.must_change, account.epoch) == (True, 2)
        assert secret_matches(account.secret_hash, "975310")
        assert session.scalars(select(AuditEvent.action)).all() == ["secret_reset"]
        assert find_signed_in(session, person.id, 1, TODAY) is None


def test_a_reset_makes_the_account_that_is_missing(db: Database) -> None:
    with db.writing() as session:
        person = Person(full_name="Chưa Có", sort_key="1", created_at=NOW)
        session.add(person)
        session.flush()
        assert reset_secret(session, person_id=person.id, secret=PIN_SECRET, **ACT).must_change


def test_an_officer_resets_learners_of_the_own_subtree_only(db: Database) -> None:
    with db.writing() as session:
        own, foreign = make_unit(session), make_unit(session)
        learner, stranger = make_learner(session, unit=own), make_learner(session, unit=foreign)
        leader = make_learner(session, unit=own, roles=(Role.TEAM_LEADER,))
        officer: dict[str, Any] = ACT | {"actor_grants": (Grant(Role.OFFICER, own.path),), "paths": (own.path,), "secret": PIN_SECRET}
        reset_secret(session, person_id=learner.id, **officer)
        with pytest.raises(NotFound):
            reset_secret(session, person_id=stranger.id, **officer)
        with pytest.raises(NotAllowed):
            reset_secret(session, person_id=leader.id, **officer)


def test_staff_never_gets_a_pin(db: Database) -> None:
    with db.writing() as session:
        leader = make_learner(session, roles=(Role.TEAM_LEADER,))
        assert secret_kind_for(session, person_id=leader.id, today=TODAY) == "password"
        assert secret_kind_for(session, person_id=make_learner(session).id, today=TODAY) == "pin"
        with pytest.raises(Invalid):
            reset_secret(session, person_id=leader.id, secret=PIN_SECRET, **ACT)
        with pytest.raises(Invalid):
            change_secret(session, person_id=leader.id, secret=PIN_SECRET, today=TODAY, now=NOW)
        with pytest.raises(NotFound):
            change_secret(session, person_id=999_999, secret=PIN_SECRET, today=TODAY, now=NOW)
    assert new_secret(staff=True).kind == "password"
    assert len(new_password()) == 14


def test_a_first_staff_role_ends_sessions_and_asks_for_a_password(db: Database) -> None:
    with db.writing() as session:
        learner, leader = make_learner(session), make_learner(session, roles=(Role.TEAM_LEADER,))
        for person in (learner, leader):
            grant_role(session, person_id=person.id, role=Role.JUDGE, now=NOW)
        grant_role(session, person_id=make_learner(session).id, role=Role.LEARNER, now=NOW)
    with db.reading() as session:
        first, second = session.get_one(Account, learner.id), session.get_one(Account, leader.id)
        assert (first.epoch, first.must_change) == (2, True)
        assert (second.epoch, second.must_change) == (1, False)


def test_a_pin_and_a_staff_role_in_force_mean_a_password_first(db: Database) -> None:
    with db.writing() as session:
        person = make_learner(session)
        later = date(2026, 12, 1)
        session.add(RoleGrant(person_id=person.id, role=Role.OFFICER, from_on=later))
    with db.reading() as session:
        for on, must in ((TODAY, False), (later, True)):
            found = find_signed_in(session, person.id, 1, on)
            assert found
            assert found.must_change is must
            assert found.has_role(Role.OFFICER) is must
            assert found.staff
            assert found.get_id() == f"{person.id}.1.0"


def test_a_role_is_given_once_and_where_the_actor_may(db: Database) -> None:
    with db.writing() as session:
        own, foreign = make_unit(session), make_unit(session)
        person = make_learner(session, unit=own)
        given: dict[str, Any] = {"person_id": person.id, "role": Role.OFFICER, "now": NOW, "paths": (own.path,)}
        for unit_id in (foreign.id, None):
            with pytest.raises(NotFound):
                grant_role(session, unit_id=unit_id, **given)
        with pytest.raises(NotFound):
            grant_role(session, unit_id=own.id, **(given | {"person_id": 999_999}))
        with pytest.raises(Invalid):
            grant_role(session, unit_id=own.id, **(given | {"role": Role.INSPECTOR}))
        grant = grant_role(session, unit_id=own.id, until_on=TODAY, **given)
        with pytest.raises(Conflict):
            grant_role(session, unit_id=own.id, from_on=TODAY, **given)
        grant_role(session, unit_id=own.id, from_on=TODAY + timedelta(days=1), **given)
        assert grant.granted_by is None


def test_a_role_is_ended_never_deleted_nor_made_longer(db: Database) -> None:
    with db.writing() as session:
        own, foreign = make_unit(session), make_unit(session)
        person = make_learner(session, unit=own)
        grant = grant_role(session, person_id=person.id, role=Role.OFFICER, unit_id=own.id, from_on=TODAY + timedelta(days=9), now=NOW)
        end: dict[str, Any] = {"person_id": person.id, "grant_id": grant.id, "today": TODAY, "now": NOW, "actor_id": None}
        with pytest.raises(NotFound):
            end_role(session, last_on=TODAY, paths=(foreign.path,), **end)
        with pytest.raises(NotFound):
            end_role(session, last_on=TODAY, **(end | {"person_id": make_learner(session).id}))
        ended = end_role(session, last_on=TODAY, paths=(own.path,), **end)
        assert (ended.from_on, ended.until_on) == (TODAY, TODAY)
        with pytest.raises(Conflict):
            end_role(session, last_on=TODAY + timedelta(days=1), **end)


def make_administrator(session: Any) -> tuple[Person, RoleGrant]:
    person = make_learner(session, roles=(Role.ADMINISTRATOR,))
    return person, session.scalars(select(RoleGrant).where(RoleGrant.person_id == person.id)).one()


def test_the_last_administrator_stays(db: Database) -> None:
    with db.writing() as session:
        person, grant = make_administrator(session)
    end: dict[str, Any] = {"today": TODAY, "now": NOW, "actor_id": None, "last_on": TODAY}
    with pytest.raises(Conflict, match="administrator"), db.writing() as session:
        end_role(session, person_id=person.id, grant_id=grant.id, **end)
    with pytest.raises(Conflict, match="administrator"), db.writing() as session:
        close_account(session, person_id=person.id, **ACT)
    with db.writing() as session:
        second, _ = make_administrator(session)
        assert count_administrators(session, on=TODAY) == 2
        end_role(session, person_id=person.id, grant_id=grant.id, **end)
        assert count_administrators(session, on=TODAY + timedelta(days=1)) == 1
    with pytest.raises(Conflict, match="administrator"), db.writing() as session:
        close_account(session, person_id=second.id, **ACT)


def test_an_account_is_closed_and_opened_but_not_the_own(db: Database) -> None:
    with db.writing() as session:
        person, boss = make_learner(session), make_administrator(session)[0]
        close_account(session, person_id=person.id, **ACT)
        assert find_signed_in(session, person.id, 1, TODAY) is None
        reopen_account(session, person_id=person.id, **ACT)
        assert find_signed_in(session, person.id, 2, TODAY)
        with pytest.raises(Conflict):
            close_account(session, person_id=boss.id, **(ACT | {"actor_id": boss.id}))
        with pytest.raises(NotAllowed):
            close_account(session, person_id=boss.id, **(ACT | {"actor_grants": (Grant(Role.ADMINISTRATOR, "/1/"),)}))
        without = Person(full_name="Chưa Có", sort_key="1", created_at=NOW)
        session.add(without)
        session.flush()
        with pytest.raises(Conflict):
            reopen_account(session, person_id=without.id, **ACT)


def test_a_learner_leaves_before_anybody_administers_the_site(db: Database) -> None:
    with db.writing() as session:
        close_account(session, person_id=make_learner(session).id, **ACT)


def test_signing_out_everywhere_and_the_language(db: Database) -> None:
    with db.writing() as session:
        person = make_learner(session)
        sign_out_everywhere(session, person_id=person.id, now=NOW)
        choose_language(session, person_id=person.id, lang="zh", now=NOW)
        with pytest.raises(Invalid):
            choose_language(session, person_id=person.id, lang="fr", now=NOW)
    with db.reading() as session:
        found = find_signed_in(session, person.id, 2, TODAY)
        assert found
        assert found.lang == "zh"


def test_a_batch_reaches_learners_of_the_subtree_in_the_order_of_names(db: Database) -> None:
    with db.writing() as session:
        root, foreign = make_unit(session), make_unit(session)
        team = make_unit(session, parent=root)
        people = [make_learner(session, unit=team, sort_key="77") for _ in range(BATCH + 2)]
        signed_in = make_learner(session, unit=root)
        session.get_one(Account, signed_in.id).last_sign_in_at = NOW
        make_learner(session, unit=root, roles=(Role.MANAGER,))
        make_learner(session, unit=foreign)
        make_learner(session, unit=team, staff_code=None, phone=None)
        session.get_one(Account, make_learner(session, unit=team).id).active = False
        without = Person(full_name="Chưa Có", staff_code="CC", sort_key="78", created_at=NOW)
        session.add(without)
        session.flush()
        from_unit = {"unit_id": team.id, "person_id": without.id, "from_on": TODAY}
        session.execute(Person.metadata.tables["membership"].insert().values(position="", main=True, **from_unit))
    new, every = Batch(root.path, ("/",), TODAY), Batch(root.path, ("/",), TODAY, all_learners=True)
    with db.reading() as session:
        assert (count_for_slips(session, new), count_for_slips(session, every)) == (BATCH + 3, BATCH + 4)
        assert count_for_slips(session, Batch(root.path, (foreign.path,), TODAY)) == 0
        first, after = list_for_slips(session, new)
        second, end = list_for_slips(session, new, after=after)
        assert first + second == [one.id for one in people] + [without.id]
        assert end == ""
    with db.writing() as session:
        made = make_slips(session, new, secrets=dict.fromkeys([*second, signed_in.id], PIN_SECRET), actor_id=None, now=NOW)
        assert [slip.person_id for slip in made] == second
        assert [slip.epoch for slip in made] == [2, 2, 1]
        accounts = session.scalars(select(Account).where(Account.person_id.in_(second))).all()
        assert all(account.must_change for account in accounts)
        assert make_slips(session, new, secrets={}, actor_id=None, now=NOW) == []
        assert len(session.scalars(select(AuditEvent).where(AuditEvent.action == "secret_reset")).all()) == 3


def test_who_would_wait_behind_too_many_is_told_so_at_once() -> None:
    pool = Pool(1, 1)
    with pool.turn():
        assert pool._places.acquire(blocking=False)
        with pytest.raises(Busy), pool.turn():
            raise AssertionError
        pool._places.release()
    with pool.turn():
        pass


def test_a_broken_hash_fits_nothing() -> None:
    assert not secret_matches("no hash", "975310")
    assert not secret_matches(None, "nobody's secret")
