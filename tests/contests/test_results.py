"""Results from the organiser's page to the auditor's tool: provisional, final, corrected, and the same byte for byte without the site."""

import hashlib
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from lms.assessment.models import Attempt
from lms.cli import main
from lms.clock import to_ms
from lms.contests.announcer import JOB
from lms.contests.models import Entry, RoundNews, RoundResult, RoundResultPart
from lms.contests.rules.log import read_log
from lms.contests.service.entries import recount
from lms.contests.service.publishing import draw, get_result, iter_text, list_places, list_results, preview, publish
from lms.contests.terms import rules_of
from lms.errors import Conflict
from lms.people.models import Person
from lms.people.notices.models import Notice
from lms.people.rules import Role
from lms.platform.audit import AuditEvent
from tests.content.sample import CONTEST, ROUND
from tests.contests.conftest import KEY, Hall
from tests.contests.test_awards import SEED, offer
from tests.contests.test_pages import CLOSES, MS
from tests.counting import count_queries
from tests.make import make_unit, sign_in

RESULTS = f"/contests/{CONTEST}/{ROUND}/results"
PUBLISH = f"{RESULTS}/publish"
FIRST = {"state": "provisional", "appeals_until_on": "2026-12-31", "reason": "", "base_version": "0"}


@pytest.fixture()
def entrants(hall: Hall) -> list[Person]:
    """Three by their right answers; the second sat twice, and the last is level with nobody."""
    people = [hall.person(full_name=f"Trần Thị {name}") for name in ("Một", "Hai", "Ba")]
    started = hall.clock.now()
    for person, right in zip(people, (4, 3, 1), strict=True):
        hall.clock.set(started)
        hall.sit(person, right, 60_000)
    hall.sit(people[1], 2, 1_000)
    return people


@pytest.fixture()
def organiser(hall: Hall, client: FlaskClient, entrants: list[Person]) -> FlaskClient:
    """Signed in as an organiser of the whole site, after the close."""
    sign_in(client, hall.person(roles=(Role.ORGANISER,)))
    hall.clock.set(CLOSES)
    return client


def day(hall: Hall, days: int) -> str:
    return (hall.clock.now() + timedelta(days=days)).date().isoformat()


def first(hall: Hall) -> dict[str, str]:
    return FIRST | {"appeals_until_on": day(hall, 3)}


def versions(hall: Hall) -> list[RoundResult]:
    with hall.db.reading() as session:
        return list(list_results(session, contest=CONTEST, round_slug=ROUND))


def said(page: str) -> str:
    return re.sub(r"\s+", " ", page[page.index("<main") :])


def test_a_result_is_provisional_then_final_and_everybody_sees_which(app: Flask, hall: Hall, organiser: FlaskClient, entrants: list[Person]) -> None:
    visitor = app.test_client()
    sign_in(visitor, entrants[1])
    assert "No result is published yet" in visitor.get(f"{RESULTS}?lang=en").text
    assert organiser.get(PUBLISH).status_code == 200
    assert organiser.post(PUBLISH, data=first(hall)).status_code == 303
    page = said(visitor.get(f"{RESULTS}?lang=en").text)
    assert "provisional" in page
    assert "3 entrants" in page
    assert page.index("Trần Thị Một") < page.index("Trần Thị Hai") < page.index("Trần Thị Ba")
    assert 'class="is-own"' in page
    assert "one may appeal until" in visitor.get(f"/contests/{CONTEST}/{ROUND}/ranking?lang=en").text
    final = {"state": "final", "reason": "Hết hạn khiếu nại", "base_version": "1"}
    refused = organiser.post(f"{PUBLISH}?lang=en", data=final)
    assert (refused.status_code, "after that day the result can become final" in refused.text) == (409, True)
    hall.clock.move(days=4)
    assert organiser.post(PUBLISH, data=final).status_code == 303
    assert "The final result is published." in visitor.get(f"/contests/{CONTEST}/{ROUND}/ranking?lang=en").text
    page = said(visitor.get(f"{RESULTS}?lang=en").text)
    assert "Hết hạn khiếu nại" in page
    assert [(one.version, one.state) for one in versions(hall)] == [(2, "final"), (1, "provisional")]
    assert organiser.post(PUBLISH, data=first(hall) | {"base_version": "2", "reason": "x"}).status_code == 422


@pytest.mark.parametrize(("lang", "word"), [("vi", "tạm thời"), ("zh", "初步"), ("en", "provisional")])
def test_the_pages_speak_every_language(hall: Hall, organiser: FlaskClient, entrants: list[Person], lang: str, word: str) -> None:
    organiser.post(PUBLISH, data=first(hall))
    assert word in organiser.get(f"{RESULTS}?lang={lang}").text
    assert organiser.get(f"{PUBLISH}?lang={lang}").status_code == 200


def test_a_correction_makes_a_version_with_its_reason_and_the_places_before_and_after(hall: Hall, organiser: FlaskClient, entrants: list[Person]) -> None:
    organiser.post(PUBLISH, data=first(hall))
    with hall.db.writing() as session:
        best = select(Attempt.id).where(Attempt.person_id == entrants[0].id, Attempt.offering == KEY).scalar_subquery()
        session.execute(update(Attempt).where(Attempt.id == best).values(state="void"))
        recount(session, contest=CONTEST, rules=hall.rules, now=hall.clock.now() + timedelta(minutes=1))
    hall.clock.move(minutes=2)
    assert "Entries have changed since this version." in organiser.get(f"{RESULTS}?lang=en").text
    page = said(organiser.get(f"{PUBLISH}?lang=en").text)
    assert "3 places differ from version 1." in page
    assert re.search(r"Trần Thị Một</span></td><td[^>]*><span[^>]*>1</span></td><td[^>]*><span[^>]*>–</span>", page)
    again = first(hall) | {"base_version": "1"}
    assert "Give the reason for a new version" in organiser.post(f"{PUBLISH}?lang=en", data=again).text
    assert organiser.post(PUBLISH, data=again | {"reason": "Một bài bị hủy: máy hỏng"}).status_code == 303
    one, two = reversed(versions(hall))
    assert (one.entrants, two.entrants) == (3, 2)
    assert "Một bài bị hủy: máy hỏng" in organiser.get(RESULTS).text
    assert "Entries have changed" not in organiser.get(f"{RESULTS}?lang=en").text


def test_the_rules_say_how_long_one_may_appeal_and_publishing_holds_to_it(hall: Hall, organiser: FlaskClient, entrants: list[Person]) -> None:
    rules = f"/contests/{CONTEST}/rules?lang=en"
    assert "a provisional result is published with the last day for appeals" in organiser.get(rules).text
    hall.change(appeals_days=5)
    assert "one may appeal to the organiser for at least 5 days" in organiser.get(rules).text
    assert f'value="{day(hall, 5)}"' in organiser.get(PUBLISH).text
    refused = organiser.post(f"{PUBLISH}?lang=en", data=first(hall) | {"appeals_until_on": day(hall, 4)})
    assert (refused.status_code, "The rules promise 5 days for appeals" in refused.text) == (422, True)
    assert organiser.post(PUBLISH, data=first(hall) | {"appeals_until_on": day(hall, 5)}).status_code == 303


@pytest.mark.parametrize("changed", [{"correct": 0}, {"elapsed_ms": 1}, {"attempts": 9}])
def test_a_change_that_comes_while_the_result_is_put_together_is_not_passed_over(
    hall: Hall, organiser: FlaskClient, entrants: list[Person], changed: dict[str, int]
) -> None:
    contest = rules_of(hall.contest, hall.catalogue.quizzes_of(CONTEST))
    now, usual = hall.clock.now(), {"state": "provisional", "appeals_until_on": hall.clock.now().date(), "reason": "", "base_version": 0, "appeals_days": 0}
    with hall.db.reading() as session:
        drawn = draw(session, contest, hall.rules, on=CLOSES.date())
    with hall.db.writing() as session:
        late = now - timedelta(hours=1)  # of a request that began before, and was committed only now
        session.execute(update(Entry).where(Entry.person_id == entrants[0].id).values(changed_at=late, **changed))
    with pytest.raises(Conflict, match="Entries have changed"), hall.db.writing() as session:
        publish(session, drawn, contest=CONTEST, round_slug=ROUND, actor_id=entrants[0].id, today=now.date(), now=now, **usual)  # type: ignore[arg-type]
    assert versions(hall) == []


def test_two_tabs_publish_one_version(hall: Hall, organiser: FlaskClient, entrants: list[Person]) -> None:
    assert organiser.post(PUBLISH, data=first(hall)).status_code == 303
    second = organiser.post(f"{PUBLISH}?lang=en", data=first(hall) | {"reason": "again"})
    assert (second.status_code, "in the meantime" in second.text) == (409, True)
    assert organiser.post(PUBLISH, data=first(hall) | {"base_version": "7", "reason": "of a page that never was"}).status_code == 409
    assert len(versions(hall)) == 1


def test_nothing_is_published_before_the_close_while_somebody_sits_or_waits_for_a_marker(hall: Hall, client: FlaskClient, entrants: list[Person]) -> None:
    sign_in(client, hall.person(roles=(Role.ORGANISER,)))
    hall.clock.set(CLOSES - MS)
    assert client.get(RESULTS).status_code == 403
    assert client.post(PUBLISH, data=first(hall)).status_code == 403
    hall.clock.set(CLOSES)
    with hall.db.writing() as session:
        session.execute(update(Attempt).where(Attempt.person_id == entrants[2].id).values(state="open", closed_at=None))
    refused = client.post(f"{PUBLISH}?lang=en", data=first(hall))
    assert (refused.status_code, "1 tries are still going on" in refused.text) == (409, True)
    assert "disabled" in client.get(PUBLISH).text


def test_who_may_publish_and_take_the_log_away(app: Flask, hall: Hall, organiser: FlaskClient, entrants: list[Person]) -> None:
    organiser.post(PUBLISH, data=first(hall))
    visitor, of_unit = app.test_client(), app.test_client()
    sign_in(visitor, entrants[0])
    with hall.db.writing() as session:
        unit = make_unit(session)
    sign_in(of_unit, hall.person(unit=unit, roles=(Role.ORGANISER,)))
    for path, status in ((PUBLISH, 403), (f"{RESULTS}/1.log", 403), (f"{RESULTS}/1.txt", 200), (f"{RESULTS}/2.txt", 404)):
        assert visitor.get(path).status_code == status, path
    assert of_unit.get(PUBLISH).status_code == 403
    assert of_unit.get(f"{RESULTS}/1.log").status_code == 403
    assert organiser.get(f"{RESULTS}/1.log").status_code == 200
    with hall.db.reading() as session:
        acts = set(session.scalars(select(AuditEvent.action)))
    assert {"result_published", "round_log_exported"} <= acts


def test_the_texts_hold_no_names_and_the_page_says_their_digest(hall: Hall, organiser: FlaskClient, entrants: list[Person]) -> None:
    organiser.post(PUBLISH, data=first(hall))
    text, log = organiser.get(f"{RESULTS}/1.txt").data, organiser.get(f"{RESULTS}/1.log").data
    assert hashlib.sha256(text).hexdigest() in organiser.get(RESULTS).text
    for one in entrants:
        assert one.full_name.encode() not in text + log
        assert (one.staff_code or "").encode() not in text + log


def test_what_is_published_stays_whatever_happens(hall: Hall, organiser: FlaskClient, entrants: list[Person]) -> None:
    organiser.post(PUBLISH, data=first(hall))
    for change in (update(RoundResult).values(state="final"), update(RoundResultPart).values(body=b"")):
        with pytest.raises(DBAPIError, match="append-only"), hall.db.writing() as session:
            session.execute(change)
    with hall.db.writing() as session:
        session.execute(update(Entry).values(rank_1=0))
    page = said(organiser.get(RESULTS).text)
    assert page.index("Trần Thị Một") < page.index("Trần Thị Hai")


def test_the_ranking_of_the_site_and_the_result_of_the_log_are_one(hall: Hall, entrants: list[Person]) -> None:
    offer(hall, seed=SEED)
    with hall.db.reading() as session:
        contest = rules_of(hall.contest, hall.catalogue.quizzes_of(CONTEST))
        drawn = draw(session, contest, hall.rules, on=CLOSES.date())
        ranked = session.execute(select(Entry).order_by(Entry.rank_1, Entry.rank_2, Entry.rank_3, Entry.person_id)).scalars().all()
        assert preview(session, contest, hall.rules, on=CLOSES.date())[1:] == drawn.result[1:]
    found = [line for line in drawn.result if '"t":"place"' in line]
    assert [f'"who":{one.person_id}}}' in line for one, line in zip(ranked, found, strict=True)] == [True] * 3
    assert all(f'"end":{to_ms(one.submitted_at)},' in line for one, line in zip(ranked, found, strict=True))
    assert sum('"t":"award"' in line for line in drawn.result) == 3


def test_an_auditor_gets_the_published_result_from_the_log_alone(
    hall: Hall, organiser: FlaskClient, entrants: list[Person], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    offer(hall, seed=SEED)
    organiser.post(PUBLISH, data=first(hall))
    with hall.db.reading() as session:
        row = get_result(session, contest=CONTEST, round_slug=ROUND, version=1)
    log, text = (b"".join(iter_text(hall.db, row, kind)).decode() for kind in ("log", "result"))
    assert read_log(log.splitlines()).seed == SEED
    (tmp_path / "log").write_text(log, "utf-8", newline="")
    (tmp_path / "result").write_text(text, "utf-8", newline="")

    def audit(*words: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main(["--instance", str(tmp_path / "nowhere"), "contest", "recompute", str(tmp_path / "log"), "--lang", "en", *words])
        return int(ended.value.code or 0)

    assert audit("--published", str(tmp_path / "result"), "--sha256", row.result_digest, "--out", str(tmp_path / "again")) == 0
    assert "byte for byte" in capsys.readouterr().out
    assert (tmp_path / "again").read_bytes() == text.encode()
    assert audit("--out", str(tmp_path / "again")) == 1
    assert "is there already" in capsys.readouterr().err
    (tmp_path / "result").write_text(text.replace('"place":2', '"place":1'), "utf-8", newline="")
    assert audit("--published", str(tmp_path / "result")) == 1
    assert audit("--sha256", "0" * 64) == 1
    capsys.readouterr()
    (tmp_path / "log").write_text(log.replace('"right":3', '"right":4', 1), "utf-8", newline="")
    assert audit() == 2
    assert re.search(r"log:\d+: The log was changed", capsys.readouterr().err)
    (tmp_path / "log").write_bytes(b"\xff")
    assert audit() == 2
    (tmp_path / "log").write_text(log, "utf-8", newline="")
    assert audit("--published", str(tmp_path / "missing")) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert audit() == 0
    assert "Nothing was compared" in capsys.readouterr().out
    assert not (tmp_path / "nowhere").exists()


def test_a_page_costs_the_same_however_many_versions_and_entrants(hall: Hall, organiser: FlaskClient, entrants: list[Person]) -> None:
    organiser.post(PUBLISH, data=first(hall))
    organiser.get(RESULTS)
    with count_queries(hall.db) as counted:
        organiser.get(RESULTS)
    hall.clock.set(CLOSES - timedelta(minutes=20))
    for n in range(6):
        hall.sit(hall.person(), n % 4, 1000 + n)
    hall.clock.set(CLOSES + timedelta(hours=1))
    assert organiser.post(PUBLISH, data=first(hall) | {"base_version": "1", "reason": "x"}).status_code == 303
    with count_queries(hall.db) as again:
        organiser.get(RESULTS)
    assert len(counted) == len(again)


def test_entrants_are_told_once_of_each_version_and_it_goes_on_where_it_stopped(
    hall: Hall, organiser: FlaskClient, entrants: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.contests.announcer.BATCH", 2)
    monkeypatch.setattr("lms.contests.announcer.BATCHES_A_TICK", 1)
    organiser.post(PUBLISH, data=first(hall))

    def told() -> list[int]:
        with hall.db.reading() as session:
            return list(session.scalars(select(Notice.person_id).where(Notice.cause.like("result:%")).order_by(Notice.id)))

    hall.site.jobs.run(JOB, hall.clock.now())
    assert told() == [one.id for one in entrants[:2]]
    for _ in range(4):
        hall.site.jobs.run(JOB, hall.clock.now())
    assert told() == [one.id for one in entrants]
    with hall.db.reading() as session:
        assert session.scalars(select(RoundNews)).all() == []
    client = organiser.application.test_client()
    sign_in(client, entrants[2])
    assert "the provisional result is published, version 1. One may appeal until" in client.get("/notices?lang=en").text
    hall.clock.move(days=4)
    organiser.post(PUBLISH, data={"state": "final", "reason": "Hết hạn", "base_version": "1"})
    for _ in range(4):
        hall.site.jobs.run(JOB, hall.clock.now())
    assert len(told()) == 6


@pytest.mark.parametrize("part", [2, 3, 1000])
def test_pages_are_the_same_in_whatever_parts_the_text_is_kept(hall: Hall, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    monkeypatch.setattr("lms.contests.service.publishing.PART", part)
    monkeypatch.setattr("lms.contests.service.publishing.PAGE", 2)
    organiser.post(PUBLISH, data=first(hall))
    [row] = versions(hall)
    with hall.db.reading() as session:
        found = [[one.name for one in list_places(session, row, page=page)] for page in (1, 2, 3)]
    assert found == [["Trần Thị Một", "Trần Thị Hai"], ["Trần Thị Ba"], []]
    text = b"".join(iter_text(hall.db, row, "result"))
    assert hashlib.sha256(text).hexdigest() == row.result_digest
