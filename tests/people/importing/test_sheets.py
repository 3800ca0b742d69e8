"""Sheets from the first look to the undo: what changes, what is left alone, and that nothing is half done."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import event, func, select, update

from lms.errors import Conflict, Invalid, NotFound
from lms.people.importing.models import PeopleImport, PeopleImportRow, SheetForm
from lms.people.importing.service.rows import MASK, cells_of
from lms.people.importing.service.runs import LEASE, ImportRunner
from lms.people.importing.service.sheets import (
    ask,
    forget_old,
    get_row,
    get_sheet,
    leave_out,
    leave_out_all,
    map_columns,
    mend_row,
    throw_away,
)
from lms.people.models import Account, Membership, Person
from lms.people.rules import Grant, Role
from lms.people.secrets import make_secret
from lms.people.service import edit_person, move_person
from lms.people.service.accounts import reset_secret
from lms.platform.audit import AuditEvent
from tests.conftest import NOW
from tests.counting import count_queries
from tests.make import make_learner, make_unit
from tests.people.importing.conftest import HEADERS, TODAY, Desk

AN = ("NV1", "Nguyễn Văn An", "0912345678", "Tổ hàn", "thợ hàn")
BE = ("NV2", "Trần Thị Bé", "0987654321", "Tổ điện", "thợ điện")


def _works(desk: Desk, code: str) -> list[tuple[int, str, date, date | None]]:
    with desk.site.db.reading() as session:
        mine = select(Membership).join(Person, Person.id == Membership.person_id).where(Person.staff_code == code).order_by(Membership.from_on, Membership.id)
        return [(one.unit_id, one.position, one.from_on, one.until_on) for one in session.scalars(mine)]


def _people(desk: Desk) -> int:
    with desk.site.db.reading() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def test_a_dry_run_changes_nothing_and_applying_enters_people(desk: Desk) -> None:
    before = _people(desk)
    sheet_id = desk.checked([AN, BE, ("NV3", "", "x", "Tổ hàn", "")])
    assert desk.states(sheet_id) == ["new", "new", "error"]
    assert _people(desk) == before
    desk.ask(sheet_id, "applying")
    assert _people(desk) == before + 2
    an = desk.person("NV1")
    assert (an.full_name, an.phone, an.search_text) == ("Nguyễn Văn An", "0912345678", "nguyen van an nv1 0912345678")
    assert _works(desk, "NV1") == [(desk.one.id, "thợ hàn", TODAY, None)]
    assert desk.sheet(sheet_id).state == "applied"
    with desk.site.db.reading() as session:
        trail = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == str(an.id), AuditEvent.subject_kind == "person")).all()
    assert [one.action for one in trail] == ["person_created"]
    assert json.loads(trail[0].detail) == {"import": sheet_id, "unit": desk.one.id}
    assert trail[0].actor_id == desk.boss.id


def test_the_same_sheet_again_changes_nothing(desk: Desk) -> None:
    desk.applied([AN, BE])
    assert desk.states(desk.checked([AN, BE])) == ["unchanged", "unchanged"]


def test_changes_moves_and_corrections_and_their_undo(desk: Desk) -> None:
    desk.applied([AN, BE], effect_on=date(2026, 11, 1))
    before = [(desk.person(code).phone, desk.person(code).full_name, _works(desk, code)) for code in ("NV1", "NV2")]
    sheet_id = desk.applied([("NV1", "Nguyễn Văn Ân", "0911111111", "DIEN", ""), ("NV2", "Trần Thị Bé", "", "", "tổ trưởng")])
    assert desk.states(sheet_id) == ["changed", "changed"]
    assert (desk.person("NV1").full_name, desk.person("NV1").phone) == ("Nguyễn Văn Ân", "0911111111")
    assert _works(desk, "NV1") == [
        (desk.one.id, "thợ hàn", date(2026, 11, 1), TODAY - timedelta(days=1)),
        (desk.two.id, "", TODAY, None),
    ]
    assert _works(desk, "NV2")[-1] == (desk.two.id, "tổ trưởng", TODAY, None)
    assert "nguyen van an" in desk.person("NV1").search_text
    desk.ask(sheet_id, "undoing")
    assert [(desk.person(code).phone, desk.person(code).full_name, _works(desk, code)) for code in ("NV1", "NV2")] == before
    assert [row.outcome for row in desk.rows(sheet_id)] == ["undone", "undone"]
    assert desk.sheet(sheet_id).state == "undone"


def test_a_wrong_unit_is_put_right_on_the_same_day_and_back(desk: Desk) -> None:
    desk.applied([AN])
    sheet_id = desk.applied([("NV1", "Nguyễn Văn An", "", "Tổ điện", "thợ hàn")])
    assert _works(desk, "NV1") == [(desk.two.id, "thợ hàn", TODAY, None)]
    desk.ask(sheet_id, "undoing")
    assert _works(desk, "NV1") == [(desk.one.id, "thợ hàn", TODAY, None)]


def test_undoing_takes_new_people_away_whom_nothing_else_knows(desk: Desk) -> None:
    before = _people(desk)
    sheet_id = desk.applied([AN, BE])
    with desk.site.db.writing() as session:
        reset_secret(
            session,
            person_id=desk.person("NV2").id,
            secret=make_secret("975310", "pin"),
            actor_id=desk.boss.id,
            actor_grants=(Grant(Role.ADMINISTRATOR, "/"),),
            paths=("/",),
            today=TODAY,
            now=NOW,
        )
    desk.ask(sheet_id, "undoing")
    assert [row.outcome for row in desk.rows(sheet_id)] == ["undone", "kept"]
    assert _people(desk) == before + 1
    with desk.site.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account).where(Account.person_id == desk.person("NV2").id)) == 1
        actions = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_kind == "people_import").order_by(AuditEvent.id)).all()
    assert actions == ["people_sheet_read", "people_sheet_applied", "people_sheet_undone"]


def test_undoing_leaves_alone_what_was_changed_since(desk: Desk) -> None:
    desk.applied([AN, BE], effect_on=date(2026, 11, 1))
    changed = desk.applied([("NV1", "Nguyễn Văn An", "0911111111", "", ""), ("NV2", "Trần Thị Bé", "", "Tổ hàn", "")])
    with desk.site.db.writing() as session:
        edit_person(session, person_id=desk.person("NV1").id, full_name="Nguyễn Văn An", staff_code="NV1", phone="0922222222", now=NOW, actor_id=None)
        move_person(session, person_id=desk.person("NV2").id, unit_id=desk.company.id, on=date(2026, 12, 1), now=NOW, actor_id=None)
    desk.ask(changed, "undoing")
    assert [row.outcome for row in desk.rows(changed)] == ["kept", "kept"]
    assert desk.person("NV1").phone == "0922222222"
    assert _works(desk, "NV2")[-1][0] == desk.company.id


def test_whoever_is_missing_from_the_whole_list_of_a_unit_leaves_and_comes_back(desk: Desk) -> None:
    desk.applied([AN, BE], effect_on=date(2026, 11, 1))
    sheet_id = desk.checked([BE], unit=desk.company, leavers=True)
    rows = desk.rows(sheet_id)
    assert [(row.state, row.line) for row in rows] == [("unchanged", 2), ("leaver", 0)]
    assert rows[1].person_id == desk.person("NV1").id
    desk.ask(sheet_id, "applying")
    assert _works(desk, "NV1")[-1][3] == TODAY
    desk.ask(sheet_id, "undoing")
    assert _works(desk, "NV1")[-1][3] is None


def test_a_person_named_in_a_bad_row_is_no_leaver(desk: Desk) -> None:
    desk.applied([AN, BE], effect_on=date(2026, 11, 1))
    sheet_id = desk.checked([BE, ("NV1", "Nguyễn Văn An", "", "Tổ hàn", "x" * 130)], unit=desk.company, leavers=True)
    assert "leaver" not in desk.states(sheet_id)


def test_leavers_need_a_unit(desk: Desk) -> None:
    with pytest.raises(Invalid):
        desk.checked([AN], leavers=True)


def test_twice_in_a_sheet_is_an_error_of_the_later_row(desk: Desk) -> None:
    sheet_id = desk.checked([AN, ("NV1", "Nguyễn Văn An", "", "Tổ hàn", ""), ("NV7", "Lê Chi", "0912345678", "Tổ hàn", "")])
    assert desk.states(sheet_id) == ["new", "error", "error"]
    assert '"line": 2' in desk.rows(sheet_id)[1].problems


def test_a_row_is_mended_in_place_and_checked_again(desk: Desk) -> None:
    sheet_id = desk.checked([AN, ("NV1", "Lê Thị Chi", "0900000001", "Tổ sơn", "")])
    with desk.site.db.writing() as session:
        sheet = get_sheet(session, sheet_id=sheet_id, person_id=desk.boss.id, paths=("/",))
        still = mend_row(session, sheet, n=2, fields={"unit": "Tổ hàn"}, paths=("/",), today=TODAY, identity_key="k")
        assert still.state == "error"
        mended = mend_row(session, sheet, n=2, fields={"staff_code": "NV9"}, paths=("/",), today=TODAY, identity_key="k")
        assert mended.state == "new"
    desk.ask(sheet_id, "applying")
    assert desk.person("NV9").full_name == "Lê Thị Chi"
    with desk.site.db.writing() as session, pytest.raises(Conflict):
        mend_row(
            session, get_sheet(session, sheet_id=sheet_id, person_id=desk.boss.id, paths=("/",)), n=2, fields={}, paths=("/",), today=TODAY, identity_key="k"
        )


def test_rows_are_left_out_one_by_one_or_all(desk: Desk) -> None:
    sheet_id = desk.checked([AN, BE, ("NV3", "", "", "", "")])
    with desk.site.db.writing() as session:
        sheet = get_sheet(session, sheet_id=sheet_id, person_id=desk.boss.id, paths=("/",))
        leave_out(session, sheet, n=1)
        assert leave_out_all(session, sheet, "error") == 1
        with pytest.raises(NotFound):
            get_row(session, sheet, n=99)
    desk.ask(sheet_id, "applying")
    assert desk.states(sheet_id) == ["skipped", "new", "skipped"]
    assert desk.person("NV2")
    with desk.site.db.reading() as session:
        assert session.scalar(select(Person.id).where(Person.staff_code == "NV1")) is None


def test_a_national_id_is_kept_as_a_digest_only(desk: Desk) -> None:
    headers = (*HEADERS, "Số CCCD")
    sheet_id = desk.checked([(*AN, "001099012345"), (*BE, "1099099999")], headers=headers)
    stored = desk.rows(sheet_id)
    assert [cells_of(row)[-1] for row in stored] == [f"{MASK}2345", f"{MASK}9999"]
    assert all("001099012345" not in json.dumps([row.cells, row.plan, row.problems]) for row in stored)
    desk.ask(sheet_id, "applying")
    assert desk.person("NV1").national_id_last == "2345"
    assert desk.states(desk.checked([(*AN, "001 099 012 345")], headers=headers)) == ["unchanged"]
    assert desk.states(desk.checked([("", "Nguyễn Văn An", "0999999999", "", "", "001099012345")], headers=headers)) == ["changed"]
    assert desk.states(desk.checked([(*AN, "001099000000")], headers=headers)) == ["error"]


def test_a_masked_national_id_survives_mending(desk: Desk) -> None:
    sheet_id = desk.checked([("NV1", "An", "x", "Tổ hàn", "", "001099012345")], headers=(*HEADERS, "CCCD"))
    with desk.site.db.writing() as session:
        sheet = get_sheet(session, sheet_id=sheet_id, person_id=desk.boss.id, paths=("/",))
        fields = {"phone": "0912345678", "national_id": f"{MASK}2345"}
        row = mend_row(session, sheet, n=1, fields=fields, paths=("/",), today=TODAY, identity_key="test-identity-key")
        assert (row.state, row.identity_last) == ("new", "2345")
    desk.ask(sheet_id, "applying")
    assert desk.person("NV1").national_id_last == "2345"


def test_columns_are_mapped_once_and_remembered(desk: Desk) -> None:
    headers = ("Số hiệu", "Người", "Điện thoại", "Tổ", "Lương")
    sheet_id = desk.hand_in([AN], headers=HEADERS)
    with desk.site.db.writing() as session:
        session.execute(update(PeopleImport).where(PeopleImport.id == sheet_id).values(headers=json.dumps(headers), state="mapping"))
    with desk.site.db.writing() as session:
        sheet = get_sheet(session, sheet_id=sheet_id, person_id=desk.boss.id, paths=("/",))
        for keys in (
            ["staff_code", "full_name"],
            ["staff_code", "full_name", "phone", "unit", "nothing"],
            ["staff_code", "staff_code", "full_name", "unit", ""],
            ["staff_code", "", "phone", "unit", ""],
            ["", "full_name", "", "unit", ""],
        ):
            with pytest.raises(Invalid):
                map_columns(session, sheet, keys, paths=("/",), actor_id=desk.boss.id, now=NOW)
        map_columns(session, sheet, ["staff_code", "full_name", "phone", "unit", ""], paths=("/",), actor_id=desk.boss.id, now=NOW)
    desk.run()
    assert desk.states(sheet_id) == ["new"]
    again = desk.hand_in([("NV5", "Lê Chi", "", "Tổ hàn", "9.000.000")], headers=headers)
    assert json.loads(desk.sheet(again).keys) == ["staff_code", "full_name", "phone", "unit", ""]
    desk.run()
    desk.ask(again, "applying")
    assert cells_of(desk.rows(again)[0])[-1] == ""
    with desk.site.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(SheetForm)) == 2


@pytest.mark.parametrize(
    ("unit", "state"),
    [
        ("HAN", "new"),
        ("tổ  HÀN", "new"),
        ("Công ty / Tổ hàn", "new"),
        ("Công ty > tổ điện", "new"),
        ("Tổ sơn", "error"),
        ("Khác / Tổ hàn", "error"),
        ("Kho", "error"),
    ],
)
def test_units_by_code_name_or_path(desk: Desk, unit: str, state: str) -> None:
    with desk.site.db.writing() as session:
        for parent in (desk.one, desk.two):
            make_unit(session, parent=parent, name="Kho")
    assert desk.states(desk.checked([("NV1", "An", "", unit, "")])) == [state]


def test_a_column_with_unit_codes(desk: Desk) -> None:
    headers = ("Mã NV", "Họ và tên", "Mã đơn vị")
    assert desk.states(desk.checked([("1", "An", "han"), ("2", "Bé", "NO")], headers=headers)) == ["new", "error"]


def test_a_subtree_is_a_fence(desk: Desk) -> None:
    with desk.site.db.writing() as session:
        make_learner(session, unit=desk.two, staff_code="NV2", full_name="Trần Thị Bé")
    desk.paths = (desk.one.path,)
    sheet_id = desk.checked([AN, ("NV2", "Trần Thị Bé", "", "", ""), ("NV3", "Lê Chi", "", "Tổ điện", "")], unit=desk.one)
    assert desk.states(sheet_id) == ["new", "error", "error"]
    with pytest.raises(NotFound):
        desk.hand_in([AN], unit=desk.two)


def test_somebody_elses_sheet_is_not_there(desk: Desk) -> None:
    sheet_id = desk.hand_in([AN])
    with desk.site.db.reading() as session:
        for paths in ((desk.one.path,), ()):
            with pytest.raises(NotFound):
                get_sheet(session, sheet_id=sheet_id, person_id=desk.boss.id + 1, paths=paths)
        assert get_sheet(session, sheet_id=sheet_id, person_id=desk.boss.id + 1, paths=("/",)).id == sheet_id


def test_what_was_changed_since_the_check_is_not_applied(desk: Desk) -> None:
    desk.applied([AN], effect_on=date(2026, 11, 1))
    sheet_id = desk.checked([("NV1", "Nguyễn Văn An", "0911111111", "", ""), BE])
    with desk.site.db.writing() as session:
        edit_person(session, person_id=desk.person("NV1").id, full_name="Nguyễn Văn An", staff_code="NV1", phone="0933333333", now=NOW, actor_id=None)
    desk.ask(sheet_id, "applying")
    assert [row.outcome for row in desk.rows(sheet_id)] == ["stale", "applied"]
    assert desk.person("NV1").phone == "0933333333"
    desk.ask(sheet_id, "checking")
    assert next((row.state, row.outcome) for row in desk.rows(sheet_id)) == ("changed", "")
    desk.ask(sheet_id, "applying")
    assert desk.person("NV1").phone == "0911111111"


def test_a_leaver_who_left_meanwhile_is_left_behind(desk: Desk) -> None:
    desk.applied([AN, BE], effect_on=date(2026, 11, 1))
    sheet_id = desk.checked([BE], unit=desk.company, leavers=True)
    with desk.site.db.writing() as session:
        session.execute(update(Membership).where(Membership.person_id == desk.person("NV1").id).values(until_on=date(2026, 11, 5)))
    desk.ask(sheet_id, "applying")
    assert desk.rows(sheet_id)[1].outcome == "stale"
    assert _works(desk, "NV1")[-1][3] == date(2026, 11, 5)


def test_a_race_for_one_number_costs_only_its_row(desk: Desk) -> None:
    """Somebody takes a phone number between the look at the people and the insert of a batch."""
    sheet_id = desk.checked([AN, BE])
    db = desk.site.db
    taken: list[int] = []

    def take(connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO person ") and not taken:
            taken.append(1)
            row = "INSERT INTO person (full_name, phone, sort_key, search_text, lang, demo, created_at) VALUES ('X', '0912345678', '', '', 'vi', false, 0)"
            connection.exec_driver_sql(row)  # type: ignore[attr-defined]

    event.listen(db.engine, "before_cursor_execute", take)
    try:
        desk.ask(sheet_id, "applying")
    finally:
        event.remove(db.engine, "before_cursor_execute", take)
    assert taken
    assert {row.outcome for row in desk.rows(sheet_id)} == {"applied"}
    assert desk.person("NV1").phone == "0912345678"


def test_a_process_that_died_is_taken_up_where_it_stood(desk: Desk) -> None:
    rows = [(f"NV{n}", f"Người {n}", "", "Tổ hàn", "") for n in range(1, 1201)]
    sheet_id = desk.checked(rows)
    with desk.site.db.writing() as session:
        ask(get_sheet(session, sheet_id=sheet_id, person_id=desk.boss.id, paths=("/",)), "applying", paths=("/",))
    runner = ImportRunner(desk.site.db, desk.site.clock, desk.site.settings.zone, "k")
    calls = []

    class Died(BaseException):
        pass

    def die(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO person "):
            calls.append(statement)
            if len(calls) > 1:
                raise Died

    event.listen(desk.site.db.engine, "before_cursor_execute", die)
    try:
        with pytest.raises(Died):
            runner.run(desk.site.clock.now())
    finally:
        event.remove(desk.site.db.engine, "before_cursor_execute", die)
    done = sum(row.outcome == "applied" for row in desk.rows(sheet_id))
    assert 0 < done < 1200
    desk.run()
    assert desk.sheet(sheet_id).state == "applying"
    desk.site.clock.set(NOW + LEASE + timedelta(seconds=1))  # type: ignore[attr-defined]
    desk.run()
    assert desk.sheet(sheet_id).state == "applied"
    with desk.site.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person).where(Person.staff_code.startswith("NV"))) == 1200


def test_what_dies_every_time_stops_and_says_so(desk: Desk) -> None:
    sheet_id = desk.hand_in([AN])
    with desk.site.db.writing() as session:
        session.execute(update(PeopleImport).where(PeopleImport.id == sheet_id).values(tries=3))
    desk.run()
    sheet = desk.sheet(sheet_id)
    assert sheet.state == "failed"
    assert "interrupted" in sheet.why
    desk.ask(sheet_id, "checking")
    assert desk.states(sheet_id) == ["new"]


def test_a_fault_stops_the_sheet_and_is_told(desk: Desk) -> None:
    sheet_id = desk.hand_in([AN])
    with desk.site.db.writing() as session:
        session.execute(update(PeopleImportRow).where(PeopleImportRow.import_id == sheet_id).values(cells="no json"))
    desk.run()
    assert desk.sheet(sheet_id).state == "failed"
    assert "fault" in desk.sheet(sheet_id).why


def test_steps_come_in_order(desk: Desk) -> None:
    sheet_id = desk.applied([AN])
    for state in ("applying", "checking"):
        with desk.site.db.writing() as session, pytest.raises(Conflict):
            ask(get_sheet(session, sheet_id=sheet_id, person_id=desk.boss.id, paths=("/",)), state, paths=("/",))
    with desk.site.db.writing() as session, pytest.raises(Conflict):
        map_columns(session, get_sheet(session, sheet_id=sheet_id, person_id=desk.boss.id, paths=("/",)), [], paths=("/",), actor_id=desk.boss.id, now=NOW)
    with desk.site.db.writing() as session, pytest.raises(Conflict):
        throw_away(session, get_sheet(session, sheet_id=sheet_id, person_id=desk.boss.id, paths=("/",)), actor_id=desk.boss.id, now=NOW)


def test_a_sheet_is_thrown_away(desk: Desk) -> None:
    sheet_id = desk.checked([AN])
    with desk.site.db.writing() as session:
        throw_away(session, get_sheet(session, sheet_id=sheet_id, person_id=desk.boss.id, paths=("/",)), actor_id=desk.boss.id, now=NOW)
    assert desk.rows(sheet_id) == []


def test_what_stood_in_sheets_is_forgotten(desk: Desk) -> None:
    applied, unmapped = desk.applied([AN]), desk.hand_in([BE])
    with desk.site.db.writing() as session:
        session.execute(update(PeopleImport).where(PeopleImport.id == unmapped).values(state="mapping"))
    with desk.site.db.writing() as session:
        assert forget_old(session, now=NOW + timedelta(hours=23)) == 0
        assert forget_old(session, now=NOW + timedelta(hours=25)) == 1
    assert desk.rows(unmapped) == []
    with desk.site.db.writing() as session:
        assert forget_old(session, now=NOW + timedelta(days=31)) == 1
        assert forget_old(session, now=NOW + timedelta(days=31)) == 0
    assert desk.rows(applied) == []
    assert desk.sheet(applied).forgotten_at is not None
    with desk.site.db.writing() as session, pytest.raises(Conflict):
        ask(get_sheet(session, sheet_id=applied, person_id=desk.boss.id, paths=("/",)), "undoing", paths=("/",))


def test_checking_and_applying_cost_the_same_queries_for_many_rows(desk: Desk) -> None:
    costs = []
    for n in (10, 400):
        rows = [(f"Q{n}X{one}", f"Người {one}", "", "Tổ hàn", "") for one in range(n)]
        sheet_id = desk.hand_in(rows)
        with count_queries(desk.site.db) as counted:
            desk.run()
        checked = len(counted)
        with count_queries(desk.site.db) as counted:
            desk.ask(sheet_id, "applying")
        costs.append((checked, len(counted)))
    assert costs[0] == costs[1]
