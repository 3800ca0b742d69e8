"""What a draft link never shows: keys to strangers, and sealed or guarded items to anybody."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from lms.clock import MovableClock
from lms.content.catalogue import Course, Item
from lms.content.differing.plain_text import question_lines
from lms.content.markup.keyless import without_keys
from lms.content.service.loading import CatalogueHolder
from lms.content.service.publishing import publish
from lms.content.source.tree import ContentTree
from lms.platform.db import Database
from tests.content.every_kind import KINDS, VI, items_of
from tests.content.publishing.repositories import Remote
from tests.content.test_self_checks import PACKAGE, TREE
from tests.content.trees import BANK, CONTEST, FILES, QUIZ, compiled
from tests.drafts.conftest import ALL, BRANCH, Make

AFTER_CLOSE = datetime(2026, 11, 29, 10, 0, tzinfo=UTC)
L10 = "courses/khoa-mau/10-mo-dau"
SEAL = b"source_lang: vi\nsealed_until: 2027-05-03T08:00"
OPENS = datetime(2027, 5, 3, 1, 0, tzinfo=UTC)
KEY_SIGNS = ('class="key"', "self-check-answer", "data-self-check", "is-right", "Quản đốc cũng không được mở thay", "Mỗi người giữ chìa của mình")


def secrets_of(item: Item) -> set[str]:
    """Texts that stand in the key, the feedback and the explanation of an item and nowhere else in it."""
    told = [*item.explanation.values(), *(text for choice in item.choices for text in choice.feedback.values())]
    told += [text for blank in item.blanks for texts in blank.accepted.values() for text in texts]
    told += [line for one in item.rubric for line in one.text.values()]
    asked = repr((item.prompt, [choice.html for choice in (*item.choices, *item.targets)]))
    return {text for text in told if len(text) > 3 and text not in asked}


def test_strangers_see_questions_of_every_kind_without_anything_of_the_key(make: Make, phone: FlaskClient) -> None:
    link = make()
    secrets = {text for item in items_of(ContentTree(KINDS, "x")).values() for text in secrets_of(item)}
    assert len(secrets) > 10
    for page in ("quizzes/moi-loai", "quizzes/de-mau", L10, "compared", ""):
        for lang in ("vi", "zh", "en"):
            text = phone.get(f"{link}{page}?lang={lang}").text
            assert not [sign for sign in KEY_SIGNS if sign in text], (page, lang)
            assert not [secret for secret in secrets if secret in text], (page, lang)
    assert phone.get(f"{link}quizzes/moi-loai?lang=vi").text.count('class="question card"') == len(items_of(ContentTree(KINDS, "x")))


def test_the_author_sees_keys_at_the_same_address(make: Make, desk: FlaskClient) -> None:
    link = make()
    assert 'class="key"' in desk.get(f"{link}quizzes/moi-loai").text
    assert "Mỗi người giữ chìa của mình" in desk.get(f"{link}{L10}?lang=vi").text


@pytest.mark.parametrize("lang", ["vi", "zh"])
def test_a_lesson_without_keys_asks_the_same_and_tells_nothing(lang: str) -> None:
    package = compiled(TREE).packages[PACKAGE]
    assert isinstance(package.made, Course)
    items = {item.id: item for item in package.items}
    html = package.made.lessons[0].html[lang]
    shown = without_keys(html, lang, items, frozenset())
    assert shown.count('<section class="self-check"') == html.count('<section class="self-check"') == 11
    assert re.sub("<section.*?</section>", "", shown, flags=re.DOTALL) == re.sub("<section.*?</section>", "", html, flags=re.DOTALL)
    assert not [sign for sign in (*KEY_SIGNS, "<rect") if sign in shown]
    assert not [secret for item in items.values() for secret in secrets_of(item) if secret in shown]
    assert without_keys(html, lang, {}, frozenset()).count("<section") == 0, "an item that is not known is not shown"
    assert without_keys(html, lang, items, frozenset(items)).count("self-check") == 0, "nor what is left out, nor its case"


def test_lines_of_a_question_are_the_same_whatever_is_right() -> None:
    for item in items_of(ContentTree(KINDS, "x")).values():
        other = replace(item, choices=tuple(replace(one, correct=not one.correct, percent=7) for one in item.choices), order=item.order[::-1], pairs={})
        other = replace(other, number=item.number and replace(item.number, value="1"), blanks=(), explanation={}, rubric=())
        assert question_lines(item, "vi") == question_lines(other, "vi")
        assert not [secret for secret in secrets_of(item) if secret in "\n".join(question_lines(item, "vi"))]


def test_a_change_of_a_key_alone_is_no_difference_for_a_stranger(
    remote: Remote, make: Make, desk: FlaskClient, phone: FlaskClient, published: Database
) -> None:
    text = ALL[VI].decode()
    assert "= 85 ± 1 dBA" in text
    remote.commit(ALL | {VI: text.replace("= 85 ± 1 dBA", "= 90 ± 1 dBA", 1)}, branch="khoa-moi")
    link = make("khoa-moi")
    assert "No difference" in phone.get(f"{link}compared?lang=en").text
    assert "<ins>90</ins>" in desk.get(f"{link}compared?lang=vi").text


def test_messages_of_the_check_do_not_hand_out_keys(remote: Remote, make: Make, desk: FlaskClient, phone: FlaskClient) -> None:
    """What the check says of an answer may quote it: strangers read the words that the list of codes has for all."""
    question = "\n\n## Số cứu thương là số nào? {#qaaaaab2}\n\n= 115bốn năm sáu\n\n> Vì thế.\n"
    lesson = f"{L10}.vi.md"
    remote.commit(ALL | {VI: ALL[VI].decode() + question, lesson: ALL[lesson].decode() + question.replace("b2", "b3")}, branch="mach")
    link = make("mach")
    for page in ("", "quizzes/moi-loai", L10):
        shown, told = phone.get(f"{link}{page}?lang=vi").text, desk.get(f"{link}{page}?lang=vi").text
        assert "115bốn năm sáu" in told
        assert "bốn năm sáu" not in shown
        assert shown.count("problem-line--") == told.count("problem-line--") > 0


def test_items_of_an_open_contest_are_shown_to_nobody_until_it_closes(
    make: Make, desk: FlaskClient, phone: FlaskClient, published: Database, clock: MovableClock
) -> None:
    link = make(days="30")
    for browser in (phone, desk):
        page = browser.get(f"{link}quizzes/de-mau?lang=en").text
        assert "6 questions are not shown" in page
        assert 'class="question card"' not in page
    clock.set(AFTER_CLOSE - timedelta(milliseconds=1))
    assert 'class="question card"' not in phone.get(f"{link}quizzes/de-mau").text
    clock.set(AFTER_CLOSE)
    assert phone.get(f"{link}quizzes/de-mau").text.count('class="question card"') == 6


def test_guarded_items_are_not_shown_as_taken_away_either(remote: Remote, make: Make, desk: FlaskClient, phone: FlaskClient, published: Database) -> None:
    bank = ALL[BANK].decode()
    cut = bank[: bank.index("## Số báo cháy")] + bank[bank.index("## Sau khi cắt nguồn") :]
    remote.commit(ALL | {BANK: cut}, branch="bot-cau")
    link = make("bot-cau")
    for browser in (phone, desk):
        assert "Số báo cháy" not in browser.get(f"{link}compared?lang=vi").text


@pytest.mark.parametrize("sealed_by", ["draft", "site", "site, lifted in the draft", "site, moved in the draft", "unreadable"])
def test_sealed_items_are_shown_to_nobody_before_their_hour(
    remote: Remote, make: Make, desk: FlaskClient, phone: FlaskClient, db: Database, clock: MovableClock, sealed_by: str
) -> None:
    plain = {path: data for path, data in ALL.items() if path != CONTEST}
    sealed = plain | {QUIZ: plain[QUIZ].replace(b"source_lang: vi", SEAL)}
    if sealed_by.startswith("site"):
        with db.writing() as session:
            publish(session, ContentTree(sealed, "main"), now=clock.now())
        desk.application.extensions["site"].part(CatalogueHolder).forget()
    drafts = {"draft": sealed, "site": sealed, "site, lifted in the draft": plain, "unreadable": sealed | {QUIZ: sealed[QUIZ].replace(b"draw:", b"  draw: [")}}
    moved = {path.replace("quizzes/de-mau/", "quizzes/khac/"): data.replace(b"id: de-mau", b"id: khac") for path, data in plain.items()}
    remote.commit(drafts.get(sealed_by, moved), branch=BRANCH)
    link = make()
    quiz = "quizzes/khac" if "moved" in sealed_by else "quizzes/de-mau"
    for browser in (phone, desk):
        for page in ("", quiz, "compared"):
            text = browser.get(f"{link}{page}?lang=vi").text
            assert "Việc đầu tiên trước khi sửa máy" not in text, page
            assert "Báo cho người liên quan" not in text, page
    if sealed_by != "unreadable":
        clock.set(OPENS)
        later = make()
        assert "Việc đầu tiên trước khi sửa máy" in phone.get(f"{later}{quiz}?lang=vi").text


def test_a_picture_of_a_sealed_item_is_not_given_away_by_its_name(remote: Remote, make: Make, phone: FlaskClient, clock: MovableClock) -> None:
    picture = FILES["quizzes/de-mau/img/khoa.svg"].replace(b"</svg>", b"<g/></svg>")
    tree = {path: data for path, data in ALL.items() if path != CONTEST} | {"quizzes/de-mau/img/khoa.svg": picture}
    remote.commit(tree, branch="mo")
    found = re.search(r"pictures/([0-9a-f]{64}\.svg)", phone.get(f"{make('mo')}quizzes/de-mau?lang=vi").text)
    assert found
    remote.commit(tree | {QUIZ: tree[QUIZ].replace(b"source_lang: vi", SEAL)}, branch="mo")
    assert phone.get(f"{make('mo')}pictures/{found[1]}").status_code == 404


def test_a_sealed_question_moved_into_a_lesson_is_not_shown_there(remote: Remote, make: Make, phone: FlaskClient, published: Database) -> None:
    """The contest that is open draws it: the item is known by its id wherever it stands."""
    lesson = f"{L10}.vi.md"
    bank = ALL[BANK].decode()
    question = bank[bank.index("## Số báo cháy") : bank.index("## Sau khi cắt nguồn")]
    remote.commit(ALL | {BANK: bank.replace(question, ""), lesson: ALL[lesson].decode() + "\n" + question}, branch="chuyen")
    page = phone.get(f"{make('chuyen')}{L10}?lang=vi").text
    assert "Ai giữ chìa khóa cá nhân" in page
    assert "Số báo cháy" not in page
