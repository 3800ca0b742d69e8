"""Strangers with a link, and branches that are broken, huge, gone or hostile."""

import threading
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.content.source.tree import ContentTree
from lms.drafts import draft as drafting
from lms.drafts.draft import Draft
from lms.drafts.shelf import MOST, MOST_MAKING, DraftShelf
from lms.drafts.views import opening
from lms.errors import Conflict
from tests.content.harm import attacks, harm_in
from tests.content.publishing.repositories import Remote
from tests.content.trees import LESSON, LESSON_ZH
from tests.drafts.conftest import ALL, BRANCH, Make

L10 = "courses/khoa-mau/10-mo-dau"
YES = lambda: True  # noqa: E731


def shelf_of(app: Flask) -> DraftShelf:
    shelf: DraftShelf = app.extensions["site"].parts[DraftShelf]
    return shelf


def drafted(name: str, size: int = 0) -> Draft:
    return Draft("kho", name, {}, {}, (), {}, ContentTree({}, name), size=size)


def test_a_branch_that_is_gone_says_so_in_words_and_opens_again_when_it_is_back(remote: Remote, make: Make, phone: FlaskClient) -> None:
    link = make()
    ref = remote.path / "refs/heads" / BRANCH
    tip = ref.read_text()
    ref.unlink()
    for page in ("", L10, "quizzes/moi-loai", "compared"):
        answer = phone.get(f"{link}{page}?lang=en")
        assert answer.status_code == 404
        assert f"The branch {BRANCH} is no longer there" in answer.text
        assert "This is not what is published" in answer.text
    ref.write_text(tip)
    assert phone.get(link).status_code == 200


def test_a_repository_that_is_broken_or_gone_is_told_without_its_path(remote: Remote, make: Make, phone: FlaskClient, tmp_path: Path) -> None:
    link, pinned = make(), make(remote.commits[-1])
    (remote.path / "objects").rename(tmp_path / "objects")
    (remote.path / "objects").mkdir()
    for address in (link, pinned):
        answer = phone.get(f"{address}?lang=en")
        assert answer.status_code in (404, 409)
        assert "This draft cannot be shown" in answer.text
        assert str(tmp_path) not in answer.text
    remote.path.rename(tmp_path / "weg")
    assert "This draft cannot be shown" in phone.get(f"{link}?lang=en").text


def test_a_branch_without_content_or_with_nonsense_is_no_fault_of_the_program(remote: Remote, make: Make, phone: FlaskClient) -> None:
    remote.commit({"README": b"x"}, branch="leer")
    remote.commit({"courses/x/course.yml": b"\xff\xfe{{{", "courses/x/10-a.vi.md": b"\x00" * 50, "quizzes/y/quiz.yml": b"[" * 5000}, branch="hong")
    assert "holds none of the folders" in phone.get(f"{make('leer')}?lang=en").text
    link = make("hong")
    page = phone.get(f"{link}?lang=en")
    assert page.status_code == 200
    assert page.text.count("Would be held back") == 2
    assert "Traceback" not in page.text
    assert phone.get(f"{link}courses/x/10-a").status_code == 404


def test_a_branch_that_is_too_large_is_not_read(remote: Remote, make: Make, phone: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "MOST_BYTES", 1024 * 1024)
    remote.commit(ALL | {f"courses/khoa-mau/img/{n}.png": bytes([n]) * 600_000 for n in range(2)}, branch="to")
    answer = phone.get(f"{make('to')}?lang=en")
    assert answer.status_code == 409
    assert "The files are larger than 1 MB together." in answer.text


def test_hostile_text_comes_out_harmless(remote: Remote, make: Make, phone: FlaskClient) -> None:
    texts = attacks("html") | attacks("links") | attacks("markdown")
    body = "\n\n".join(text for text in texts.values() if len(text) < 2000)
    remote.commit(ALL | {LESSON: ALL[LESSON].decode() + "\n\n" + body, LESSON_ZH: ALL[LESSON_ZH]}, branch="xau")
    link = make("xau", note="<script>alert(1)</script>")
    for page in ("", L10, "compared"):
        assert "<script>alert" not in phone.get(f"{link}{page}?lang=vi").text
    text = phone.get(f"{link}{L10}?lang=vi").text
    article = text.partition('<article class="prose">')[2].partition("</article>")[0]
    assert len(article) > 5000
    assert harm_in(article.replace(f'src="{link}pictures/', 'src="/content/blob/')) == []


def test_a_stranger_cannot_make_it_compiled_again_and_again(make: Make, app: Flask, phone: FlaskClient) -> None:
    link = make()
    for _ in range(20):
        assert phone.get(f"{link}{L10}").status_code == 200
    assert shelf_of(app).made == 1


def test_what_cannot_be_made_is_not_tried_again_either(remote: Remote, make: Make, app: Flask, phone: FlaskClient) -> None:
    remote.commit({"README": b"x"}, branch="leer")
    link = make("leer")
    for _ in range(5):
        assert phone.get(link).status_code == 404
    assert shelf_of(app).made == 1


def test_a_link_whose_branch_moves_all_the_time_is_made_a_few_times_a_minute(remote: Remote, make: Make, app: Flask, phone: FlaskClient) -> None:
    link = make()
    codes = []
    for n in range(10):
        remote.commit(ALL | {"courses/khoa-mau/img/x.txt": f"{n}"}, branch=BRANCH)
        codes.append(phone.get(link).status_code)
    assert codes == [200] * opening.MAKINGS.amount + [202] * (10 - opening.MAKINGS.amount)
    assert shelf_of(app).made == opening.MAKINGS.amount


def test_a_link_answers_only_so_often_a_minute_and_others_go_on(make: Make, phone: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "PAGES", type(opening.PAGES)(5))
    link, other = make(), make()
    assert [phone.get(link).status_code for _ in range(7)] == [200] * 5 + [429] * 2
    answer = phone.get(f"{link}{L10}")
    assert answer.headers["Retry-After"] == "60"
    assert answer.headers["X-Robots-Tag"]
    assert phone.get(other).status_code == 200


def test_who_asks_while_a_draft_is_made_is_told_to_come_back(make: Make, app: Flask, phone: FlaskClient) -> None:
    link = make()
    shelf = app.extensions["site"].parts[DraftShelf] = DraftShelf(wait_s=0)
    answer = phone.get(f"{link}?lang=en")
    assert answer.status_code == 202
    assert answer.headers["Refresh"] == "3"
    assert "The draft is being prepared" in answer.text
    for _ in range(100):
        if shelf.made:
            break
        threading.Event().wait(0.1)
    assert phone.get(link).status_code == 200


def test_the_shelf_is_bounded_and_drops_the_longest_unused() -> None:
    shelf = DraftShelf(wait_s=60)
    for n in range(MOST):
        assert shelf.find(n, partial(drafted, str(n)), YES)
    assert shelf.find(0, lambda: drafted("other"), YES) == drafted("0")
    assert shelf.find("more", lambda: drafted("more"), YES)
    assert shelf.find(0, lambda: drafted("other"), YES) == drafted("0")
    assert shelf.find(1, lambda: drafted("again"), YES) == drafted("again")
    large = DraftShelf(wait_s=60)
    for n in range(3):
        large.find(n, partial(drafted, str(n), size=100 * 1024**2), YES)
    assert large.find(0, lambda: drafted("again"), YES) == drafted("again")


def test_only_a_few_drafts_wait_to_be_made_and_a_fault_is_told_in_words() -> None:
    shelf = DraftShelf(wait_s=0)
    hold = threading.Event()

    def slow() -> Draft:
        hold.wait(30)
        return drafted("slow")

    assert [shelf.find(n, slow, YES) for n in range(MOST_MAKING)] == [None] * MOST_MAKING
    asked: list[str] = []

    def may() -> bool:
        asked.append("asked")
        return True

    assert shelf.find("one more", slow, may) is None
    assert not asked
    hold.set()
    waiting = DraftShelf(wait_s=60)
    with pytest.raises(Conflict, match="could not be read"):
        waiting.find("x", lambda: 1 / 0, YES)  # type: ignore[arg-type,return-value]


def test_a_failure_is_forgotten_after_a_minute() -> None:
    at = [0.0]
    shelf = DraftShelf(wait_s=60, monotonic=lambda: at[0])
    tries: list[float] = []

    def broken() -> Draft:
        tries.append(at[0])
        raise Conflict("The repository %(path)s is broken.", path="kho")

    for moment in (0.0, 59.9, 60.0):
        at[0] = moment
        with pytest.raises(Conflict, match="kho is broken"):
            shelf.find("x", broken, YES)
    assert tries == [0.0, 60.0]
