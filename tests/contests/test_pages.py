"""The screens of contests: by the clock, by role, in three languages, without a script, with few queries."""

import csv
import io
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from lms.content.catalogue import Stage
from lms.contests.views.blueprint import exact_time
from lms.people.models import Person, Unit
from lms.people.rules import Role
from tests.content.sample import CONTEST, ROUND
from tests.contests.conftest import RANKING, Hall
from tests.counting import count_queries
from tests.make import make_learner, make_unit, sign_in

OPENS = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
CLOSES = datetime(2026, 11, 29, 10, 0, tzinfo=UTC)
MS = timedelta(milliseconds=1)
PAGES = ("/contests", f"/contests/{CONTEST}", f"/contests/{CONTEST}/rules", RANKING, f"{RANKING}?by=unit")


def learner(hall: Hall, client: FlaskClient, **given: Any) -> Person:
    person = hall.person(**given)
    sign_in(client, person)
    return person


def organiser(hall: Hall, client: FlaskClient, unit: Unit | None = None) -> Person:
    return learner(hall, client, roles=(Role.ORGANISER,), unit=unit)


@pytest.mark.parametrize("page", [*PAGES, f"/contests/{CONTEST}/desk", f"{RANKING}.csv"])
def test_a_page_asks_for_the_sign_in(hall: Hall, client: FlaskClient, page: str) -> None:
    assert client.get(page).headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("at", "shown", "start"),
    [
        pytest.param(OPENS - MS, "Not open yet", False, id="one ms before the opening"),
        pytest.param(OPENS, "Closes in", True, id="at the opening"),
        pytest.param(CLOSES - MS, "Closes in", True, id="one ms before the close"),
        pytest.param(CLOSES, "Closed at", False, id="at the close"),
    ],
)
def test_the_page_of_a_contest_follows_the_clock(hall: Hall, client: FlaskClient, at: datetime, shown: str, start: bool) -> None:
    hall.clock.set(at)
    learner(hall, client)
    page = client.get(f"/contests/{CONTEST}?lang=en").text
    assert shown in page
    assert ("To the round" in page) is start
    assert shown in client.get("/contests?lang=en").text


def test_tries_left_are_shown_and_a_sitting_that_goes_on_is_offered(hall: Hall, client: FlaskClient) -> None:
    person = learner(hall, client)
    hall.sit(person, 2, 1000)
    assert "2 of 3 left" in client.get(f"/contests/{CONTEST}?lang=en").text
    hall.start(person)
    assert "Go on with your sitting" in client.get(f"/contests/{CONTEST}?lang=en").text
    hall.clock.move(minutes=20)
    hall.sit(person, 2, 1000)
    page = client.get(f"/contests/{CONTEST}?lang=en").text
    assert "Your tries are used up for now." in page
    assert "To the round" not in page


@pytest.mark.parametrize(("per", "words"), [("day", "2 of 2 left today"), ("week", "2 of 2 left this week")])
def test_tries_name_their_period(hall: Hall, client: FlaskClient, per: str, words: str) -> None:
    hall.change(attempts_max=2, attempts_per=per)
    learner(hall, client)
    assert words in client.get(f"/contests/{CONTEST}?lang=en").text


def test_who_cannot_enter_is_told_why(hall: Hall, client: FlaskClient) -> None:
    hall.change(contest={"unique": ("phone",)})
    learner(hall, client)
    page = client.get(f"/contests/{CONTEST}?lang=en").text
    assert "To enter you need a phone number" in page
    assert "To the round" not in page


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_the_rules_say_in_each_language_what_is_computed(hall: Hall, client: FlaskClient, lang: str) -> None:
    learner(hall, client)
    page = client.get(f"/contests/{CONTEST}/rules?lang={lang}").text
    dates = {
        "vi": ("08:00, 20/11/2026", "17:00, 29/11/2026"),
        "zh": ("2026年11月20日 08:00", "2026年11月29日 17:00"),
        "en": ("20 Nov 2026, 08:00", "29 Nov 2026, 17:00"),
    }
    for text in dates[lang]:
        assert text in page
    contest, config = hall.contest, hall.rules.config
    for words in (contest.title, contest.rules_note, contest.stages[0].title, hall.rules.title, hall.catalogue.quizzes["de-mau"].title):
        assert words[lang] in page
    hall.change(attempts_max=7, grace_s=41, marks=(3, -2, 0), quiz={"time_limit_s": 1740})
    other = client.get(f"/contests/{CONTEST}/rules?lang={lang}").text
    for number in ("7", "41", "29", "-2"):
        assert number in other
    assert other.count("<li") == page.count("<li")
    assert config != hall.rules.config


def test_the_rules_name_what_contradicts_itself(hall: Hall, client: FlaskClient) -> None:
    learner(hall, client)
    assert "contradicts itself" not in client.get(f"/contests/{CONTEST}/rules?lang=en").text
    hall.change(attempts_max=0)
    assert "There is not even one try." in client.get(f"/contests/{CONTEST}/rules?lang=en").text


def test_the_own_row_is_pinned_and_marked_and_ties_are_told(hall: Hall, client: FlaskClient) -> None:
    me = learner(hall, client, full_name="Nguyễn Văn An")
    hall.sit(hall.person(full_name="Trần <b>Thị</b> Bình"), 3, 60_000)
    hall.sit(me, 3, 61_234)
    hall.sit(hall.person(full_name="王建国"), 1, 1000)
    page = client.get(f"{RANKING}?lang=en").text
    assert "You: place 2" in page
    assert "3 of 4 right in 1:01.234" in page
    assert 'class="is-own"' in page
    assert "same number of right answers; less time" in page
    assert "Trần &lt;b&gt;Thị&lt;/b&gt; Bình" in page
    assert "Whoever has more right answers is ahead; if that is equal, less time" in page
    assert page.index("Trần") < page.index("王建国")
    assert "You: place" in client.get(f"{RANKING}?lang=en&from=me").text


def test_an_unchanged_page_is_304_and_a_changed_one_is_not(hall: Hall, client: FlaskClient) -> None:
    me = learner(hall, client)
    hall.sit(me, 2, 1000)
    hall.clock.move(seconds=31)
    for address in (RANKING, f"{RANKING}?part=1", f"{RANKING}?by=unit&part=1"):
        first = client.get(address)
        tag = first.headers["ETag"]
        again = client.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.text) == (304, "")
    packed = client.get(RANKING, headers={"Accept-Encoding": "gzip"}).headers["ETag"]
    assert client.get(RANKING, headers={"If-None-Match": packed, "Accept-Encoding": "gzip"}).status_code == 304
    assert client.get(f"{RANKING}?lang=zh", headers={"If-None-Match": tag}).status_code == 200
    hall.sit(hall.person(), 3, 1000)
    changed = client.get(RANKING, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    hall.clock.move(seconds=1)
    assert client.get(RANKING, headers={"If-None-Match": changed.headers["ETag"]}).status_code == 200
    assert "<html" not in client.get(f"{RANKING}?part=1").text


def test_pages_of_the_ranking_can_be_walked(hall: Hall, client: FlaskClient) -> None:
    learner(hall, client)
    for right in (4, 3, 2):
        hall.sit(hall.person(), right, 1000)
    beyond = client.get(f"{RANKING}?lang=en&after=9.0.0.0").text
    assert "The ranking ends here" in beyond
    back = client.get(f"{RANKING}?lang=en&before=-3.0.0.0").text
    assert 'rel="next"' in back
    assert 'rel="prev"' not in back
    assert "Nobody is in the ranking yet" not in back


def test_an_empty_ranking_says_what_to_do(hall: Hall, client: FlaskClient) -> None:
    learner(hall, client)
    assert "Nobody is in the ranking yet" in client.get(f"{RANKING}?lang=en&from=me").text
    assert "There are no units here" in client.get(f"{RANKING}?lang=en&by=unit").text


HOSTILE = ["nope", "..", "%2e%2e", "'", "<script>", "%00", "a" * 500, "hoi-thi-mau%0d%0aX: y", "１", "{{7*7}}"]


def test_an_address_that_names_nothing_is_404(hall: Hall, client: FlaskClient) -> None:
    organiser(hall, client)
    for slug in HOSTILE:
        pages = (f"/contests/{slug}", f"/contests/{slug}/rules", f"/contests/{slug}/desk", f"/contests/{slug}/{ROUND}/ranking")
        rounds = (f"/contests/{CONTEST}/{slug}/ranking", f"/contests/{CONTEST}/{slug}/ranking.csv", f"/contests/{CONTEST}/desk?round={slug}")
        for page in (*pages, *rounds):
            assert client.get(page).status_code == 404, page
        assert client.post(f"/contests/{CONTEST}/{slug}/recount").status_code == 404


def test_a_cursor_that_is_none_is_404(hall: Hall, client: FlaskClient) -> None:
    learner(hall, client)
    for cursor in ("x", "1.2.3", "1.2.3.4.5", "1.2.3.-4", "9" * 19 + ".0.0.0", "1.2.3.4;drop", "١.٢.٣.٤", "", "1e3.0.0.0"):
        assert client.get(RANKING, query_string={"after": cursor}).status_code == 404
        assert client.get(RANKING, query_string={"before": cursor}).status_code == 404


def test_a_unit_that_is_not_there_is_404_and_a_page_out_of_range_is_the_nearest(hall: Hall, client: FlaskClient) -> None:
    learner(hall, client)
    assert client.get(f"{RANKING}?by=unit&unit=99999").status_code == 404
    for page in ("-1", "0", "99999999999999999999", "x"):
        assert client.get(f"{RANKING}?by=unit&page={page}").status_code == 200
        assert client.get(f"/contests?page={page}").status_code == 200


@dataclass(frozen=True, slots=True)
class LateStage(Stage):
    """A stage whose file says `ranking: after_close`."""

    ranking: str = "after_close"


def test_a_ranking_for_after_the_close_is_hidden_before_but_not_from_organisers(hall: Hall, client: FlaskClient) -> None:
    stage = hall.contest.stages[0]
    hall.change(contest={"stages": (LateStage(**{each.name: getattr(stage, each.name) for each in fields(stage)}),)})
    learner(hall, client)
    refused = client.get(f"{RANKING}?lang=en")
    assert refused.status_code == 403
    assert "from the close on, at 29 Nov 2026, 17:00" in refused.text
    assert RANKING not in client.get(f"/contests/{CONTEST}").text
    assert "from the close on, not before" in client.get(f"/contests/{CONTEST}/rules?lang=en").text
    hall.clock.set(CLOSES)
    assert client.get(RANKING).status_code == 200
    hall.clock.set(CLOSES - MS)
    client.post("/sign-out")
    organiser(hall, client)
    assert "Only organisers see this ranking" in client.get(f"{RANKING}?lang=en").text


def test_an_organiser_of_a_unit_does_not_see_everybody_s_ranking_before_the_close(hall: Hall, client: FlaskClient) -> None:
    stage = hall.contest.stages[0]
    hall.change(contest={"stages": (LateStage(**{each.name: getattr(stage, each.name) for each in fields(stage)}),)})
    with hall.db.writing() as session:
        person = make_learner(session, unit=make_unit(session), roles=(Role.ORGANISER,))
    sign_in(client, person)
    assert client.get(RANKING).status_code == 403
    hall.clock.set(CLOSES)
    assert client.get(RANKING).status_code == 200


def test_the_desk_is_for_organisers(hall: Hall, client: FlaskClient) -> None:
    learner(hall, client)
    assert client.get(f"/contests/{CONTEST}/desk").status_code == 403
    assert client.get(f"{RANKING}.csv").status_code == 403
    assert client.post(f"/contests/{CONTEST}/{ROUND}/recount").status_code == 403


def test_the_desk_shows_units_and_states_and_counts_anew(hall: Hall, client: FlaskClient) -> None:
    with hall.db.writing() as session:
        unit = make_unit(session, name="Xưởng A")
    hall.sit(hall.person(unit=unit), 2, 1000)
    hall.start(hall.person(unit=unit))
    organiser(hall, client)
    page = client.get(f"/contests/{CONTEST}/desk?lang=en").text
    assert "Xưởng A" in page
    assert "1 / 2" in page
    assert "50%" in page
    assert "nothing contradicts itself" in page
    answer = client.post(f"/contests/{CONTEST}/{ROUND}/recount")
    assert answer.status_code == 303
    assert "entries changed: 0" in client.get(answer.headers["Location"]).text
    hall.change(attempts_max=0)
    assert "There is not even one try." in client.get(f"/contests/{CONTEST}/desk?lang=en&round={ROUND}").text


@pytest.mark.parametrize("at", [OPENS - MS, CLOSES])
def test_the_desk_finds_its_round_before_and_after(hall: Hall, client: FlaskClient, at: datetime) -> None:
    organiser(hall, client)
    hall.clock.set(at)
    assert client.get(f"/contests/{CONTEST}/desk").status_code == 200


def test_an_organiser_of_a_unit_sees_and_exports_that_unit_only(hall: Hall, client: FlaskClient) -> None:
    with hall.db.writing() as session:
        mine, other = make_unit(session, name="Xưởng A"), make_unit(session, name="Xưởng B")
    hall.sit(hall.person(unit=other, full_name="Lê Lạ"), 4, 1000)
    hall.sit(hall.person(unit=mine, full_name="Lê Quen"), 2, 1000)
    organiser(hall, client, unit=mine)
    page = client.get(f"/contests/{CONTEST}/desk?lang=en").text
    assert "Xưởng A" in page
    assert "Xưởng B" not in page
    assert client.get(f"/contests/{CONTEST}/desk?unit={other.id}").status_code == 404
    rows = list(csv.reader(io.StringIO(client.get(f"{RANKING}.csv").text)))
    assert [row[2] for row in rows[1:]] == ["Lê Quen"]
    assert rows[1][0] == "2"
    assert client.post(f"/contests/{CONTEST}/{ROUND}/recount").status_code == 403


def test_the_file_is_safe_in_a_spreadsheet_and_exact(hall: Hall, client: FlaskClient) -> None:
    hall.sit(hall.person(full_name='=HYPERLINK("http://x")', staff_code="+1"), 3, 61_234)
    organiser(hall, client)
    answer = client.get(f"{RANKING}.csv?lang=en")
    assert answer.mimetype == "text/csv"
    assert answer.is_streamed
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0] == ["Place", "Staff code", "Full name", "Unit code", "Unit", "Right answers", "Questions", "Time (ms)", "Handed in at", "Tries"]
    at = hall.clock.now().astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).isoformat(timespec="milliseconds")
    assert rows[1] == ["1", "'+1", '\'=HYPERLINK("http://x")', "", "", "3", "4", "61234", at, "1"]


def test_a_long_file_is_sent_in_pieces(hall: Hall, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.contests.views.desk.CHUNK", 2)
    for _ in range(4):
        hall.sit(hall.person(), 3, 1000)
    organiser(hall, client)
    answer = client.get(f"{RANKING}.csv")
    pieces = [piece.decode() for piece in answer.iter_encoded()]
    assert len(pieces) == 3
    assert len(list(csv.reader(io.StringIO("".join(pieces))))) == 5


@pytest.mark.parametrize("page", [*PAGES, f"/contests/{CONTEST}/desk"])
def test_a_page_costs_the_same_number_of_queries_however_many_take_part(hall: Hall, client: FlaskClient, page: str) -> None:
    me = organiser(hall, client)
    hall.sit(me, 1, 1000)

    def cost() -> int:
        with count_queries(hall.db) as counted:
            assert client.get(page).status_code == 200
        return len(counted)

    cost()
    few = cost()
    with hall.db.writing() as session:
        units = [make_unit(session) for _ in range(4)]
    for n in range(12):
        hall.sit(hall.person(unit=units[n % 4]), n % 5, 1000 + n)
    cost()
    assert cost() == few
    assert few <= 6


@pytest.mark.parametrize(("ms", "words"), [(0, "0:00.000"), (398_412, "6:38.412"), (3_600_001, "1:00:00.001")])
def test_time_is_shown_as_exactly_as_it_ranks(ms: int, words: str) -> None:
    assert exact_time(ms) == words
