"""Roles: what the table gives, where, when; who may take over whose account."""

from datetime import date

import pytest

from lms.people.rules import TABLE, Grant, Permission, Role, covers, is_staff, may_take_over, paths_of, refuse_grant

TODAY = date(2026, 11, 22)
P = Permission


def test_the_table_names_every_role_and_every_permission_is_somebodys() -> None:
    assert set(TABLE) == set(Role)
    assert set().union(*TABLE.values()) == set(Permission)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_the_administrator_changes_people_units_and_roles(role: Role) -> None:
    assert not TABLE[role] & {P.EDIT_PEOPLE, P.EDIT_UNITS, P.GRANT_ROLES, P.SEE_AUDIT}


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.MANAGER, Role.TEAM_LEADER])
def test_who_only_looks_changes_nothing(role: Role) -> None:
    assert TABLE[role] - {Role.TEAM_LEADER: {P.SHARE_DEVICE, P.REMIND}, Role.MANAGER: {P.REMIND}}.get(role, set()) <= {P.SEE_PEOPLE, P.SEE_STANDING}


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        pytest.param(date(2026, 11, 1), True, id="first day"),
        pytest.param(date(2026, 11, 30), True, id="last day"),
        pytest.param(date(2026, 10, 31), False, id="day before"),
        pytest.param(date(2026, 12, 1), False, id="day after"),
    ],
)
def test_a_grant_holds_from_its_first_to_its_last_day(on: date, holds: bool) -> None:
    assert Grant(Role.OFFICER, "/1/", date(2026, 11, 1), date(2026, 11, 30)).holds(on) is holds
    assert Grant(Role.OFFICER, "/1/").holds(on)


def test_paths_leave_out_subtrees_of_subtrees_and_other_roles() -> None:
    grants = (Grant(Role.OFFICER, "/1/2/"), Grant(Role.MANAGER, "/1/"), Grant(Role.OFFICER, "/10/"), Grant(Role.JUDGE, "/"))
    assert paths_of(grants, P.SEE_PEOPLE, TODAY) == ("/1/", "/10/")
    assert paths_of(grants, P.RESET_SECRET, TODAY) == ("/1/2/", "/10/")
    assert covers(("/1/",), "/1/2/")
    assert not covers(("/1/",), "/10/")


ROOT = (Grant(Role.ADMINISTRATOR, "/"),)
PLANT = (Grant(Role.ADMINISTRATOR, "/1/"), Grant(Role.OFFICER, "/1/"))
OFFICER = (Grant(Role.OFFICER, "/1/"),)


@pytest.mark.parametrize(
    ("actor", "target", "may"),
    [
        pytest.param(OFFICER, (), True, id="officer, learner without roles"),
        pytest.param(OFFICER, (Grant(Role.LEARNER, "/"),), True, id="officer, learner"),
        pytest.param(OFFICER, (Grant(Role.TEAM_LEADER, "/1/2/"),), False, id="officer, team leader"),
        pytest.param(OFFICER, (Grant(Role.MANAGER, "/1/", until_on=date(2026, 11, 21)),), True, id="officer, role ended yesterday"),
        pytest.param(OFFICER, (Grant(Role.MANAGER, "/1/", until_on=TODAY),), False, id="officer, role ends today"),
        pytest.param(OFFICER, (Grant(Role.MANAGER, "/1/", from_on=date(2027, 1, 1)),), False, id="officer, role to come"),
        pytest.param(PLANT, (Grant(Role.MANAGER, "/1/2/"),), True, id="administrator of the plant, role inside"),
        pytest.param(PLANT, (Grant(Role.ADMINISTRATOR, "/"),), False, id="administrator of the plant, of the site"),
        pytest.param(PLANT, (Grant(Role.TEAM_LEADER, "/1/"), Grant(Role.TRAINER, "/2/")), False, id="one of two roles outside"),
        pytest.param(ROOT, (Grant(Role.ADMINISTRATOR, "/"),), True, id="administrator of the site"),
    ],
)
def test_nobody_climbs_by_taking_over_an_account(actor: tuple[Grant, ...], target: tuple[Grant, ...], may: bool) -> None:
    assert may_take_over(actor, target, TODAY) is may


def test_staff_is_who_holds_a_staff_role_now_or_later() -> None:
    assert not is_staff((Grant(Role.LEARNER, "/"),), TODAY)
    assert is_staff((Grant(Role.JUDGE, "/", until_on=TODAY),), TODAY)
    assert not is_staff((Grant(Role.JUDGE, "/", until_on=date(2026, 11, 21)),), TODAY)


@pytest.mark.parametrize(
    ("role", "from_on", "until_on", "fine"),
    [
        pytest.param(Role.INSPECTOR, TODAY, None, False, id="inspector for ever"),
        pytest.param(Role.INSPECTOR, TODAY, TODAY, True, id="inspector for a day"),
        pytest.param(Role.OFFICER, None, None, True, id="officer for ever"),
        pytest.param(Role.OFFICER, TODAY, date(2026, 11, 21), False, id="ends before it begins"),
    ],
)
def test_when_a_role_can_be_given(role: Role, from_on: date | None, until_on: date | None, fine: bool) -> None:
    assert (refuse_grant(role, from_on, until_on) is None) is fine
