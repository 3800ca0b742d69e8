"""The preview as its pages show it: what is wrong where it stands, keys, unrecorded sittings, differences, and nothing harmful."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from lms.assessment.rules.answers.parts import fields_of
from lms.content.catalogue import Item
from lms.content.markup.rendering import MAX_LINES
from lms.preview.desk import Desk
from lms.preview.drawing import find_sittable, paper_of
from tests.content.every_kind import VI
from tests.content.trees import BANK, COURSE, LESSON, QUIZ
from tests.preview.conftest import Edit

LESSON_PAGE, QUIZ_PAGE, KINDS_PAGE = "/courses/khoa-mau/10-mo-dau", "/quizzes/de-mau", "/quizzes/moi-loai"
RIGHT_BUTTON = re.compile(r'name="given\.([a-z0-9]+)" value="([^"]*)"')


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return answer.text


def right_answer(item: Item) -> str:
    """The canonical right answer."""
    if item.kind == "ordering":
        return item.order
    if item.kind == "matching":
        return " ".join(f"{left}:{right}" for left, right in sorted(item.pairs.items()))
    if item.kind == "gaps":
        texts = ",".join(f'"{next(iter(blank.accepted.values()))[0]}"' for blank in item.blanks)
        return f"[{texts}]"
    if item.kind == "short":
        return next(iter(item.blanks[0].accepted.values()))[0]
    return item.number.value if item.number else "Một rủi ro." if item.kind == "essay" else "".join(sorted(item.key))


def form_of(item: Item, answer: str, given: dict[str, str], go: str) -> MultiDict[str, str]:
    """What a browser without a script sends."""
    fields = fields_of(item.kind, answer)
    ticked = list(answer) if item.kind in ("single", "multiple", "hotspot") else [] if fields else [answer]
    sent = [("item", item.id), ("kind", item.kind), ("go", go)]
    sent += [("answer", one) for one in ticked] + [(f"answer.{name}", value) for name, value in fields.items()]
    return MultiDict([*sent, *((f"given.{id_}", value) for id_, value in given.items())])


def test_the_first_page_names_every_package_and_its_problems(preview: FlaskClient, edit: Edit) -> None:
    edit(BANK, "- (x) Người đã gắn khóa", "- ( ) Người đã gắn khóa")
    text = page(preview, "/?lang=en")
    assert f"{BANK}:" in text
    assert all(name in text for name in ("courses/khoa-mau", "quizzes/moi-loai", "schemes/vn-nd44-nhom-4"))
    assert "Held back" in text


def test_only_the_machines_own_names_are_answered(preview: FlaskClient) -> None:
    assert preview.get("/", headers={"Host": "127.0.0.1:8010"}).status_code == 200
    refused = preview.get(LESSON_PAGE, headers={"Host": "evil.example:8010"})
    assert refused.status_code == 403
    assert "Vì sao phải khóa" not in refused.text


def test_pages_hold_the_sites_policy_and_may_be_framed_by_themselves_alone(preview: FlaskClient) -> None:
    policy = preview.get("/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy


def test_a_lesson_reads_as_on_the_site(preview: FlaskClient) -> None:
    text = page(preview, f"{LESSON_PAGE}?lang=vi")
    picture = re.search(r'src="(/content/blob/[^"]+)"', text)
    assert picture
    assert preview.get(picture[1]).headers["Content-Type"].startswith("image/svg+xml")
    assert 'id="item-kaaaaaa2"' in text
    assert "problem--error" not in text


def test_an_error_of_a_lesson_stands_in_its_section(preview: FlaskClient, edit: Edit) -> None:
    edit(LESSON, "- Khi sửa chữa, vệ sinh, tra dầu.", "- Khi sửa ![](img/khong-co.png)")
    text = page(preview, f"{LESSON_PAGE}?lang=vi")
    first = text.index("Máy đang sửa")
    assert first < text.index(f"{LESSON}:15:") < text.index("<h2", first)


def test_a_broken_self_check_stands_in_its_place(preview: FlaskClient, edit: Edit) -> None:
    edit(LESSON, "- (x) Người đã gắn khóa", "- ( ) Người đã gắn khóa")
    text = page(preview, f"{LESSON_PAGE}?lang=vi")
    assert text.index("Lau vỏ ngoài") < text.index("## Ai giữ chìa khóa cá nhân?") < text.index('class="unmade"') < text.index("lesson-nav")


def test_a_lesson_without_a_readable_head_shows_its_lines(preview: FlaskClient, edit: Edit) -> None:
    edit(LESSON, "minutes: 1", "minutes: nhiều")
    assert f"{LESSON}:3:" in page(preview, LESSON_PAGE)


def test_a_course_whose_settings_are_broken_shows_them(preview: FlaskClient, folder: Path) -> None:
    (folder / COURSE).write_text("id: [", "utf-8")
    assert COURSE in page(preview, LESSON_PAGE)
    assert COURSE in page(preview, "/")


def test_items_show_key_feedback_and_explanation(preview: FlaskClient) -> None:
    text = page(preview, f"{QUIZ_PAGE}?lang=vi")
    assert text.count('class="key"') == 6
    assert "Quản đốc cũng không được tháo thay." in text
    assert "Mỗi người tự tháo khóa của mình." in text


def test_a_broken_item_stands_between_its_neighbours(preview: FlaskClient, edit: Edit) -> None:
    edit(BANK, "- (x) Báo cho người liên quan", "- ( ) Báo cho người liên quan")
    text = page(preview, f"{QUIZ_PAGE}?lang=vi")
    assert text.index('id="item-qaaaaaa2"') < text.index("## Việc đầu tiên trước khi sửa máy") < text.index('id="item-qaaaaaa4"')
    assert text.count('class="key"') == 5


def test_every_field_has_a_name_of_its_own(preview: FlaskClient, folder: Path) -> None:
    (folder / BANK.replace("cau-hoi", "them")).write_text((folder / BANK).read_text("utf-8").replace("{#qaaaaaa", "{#zaaaaaa"), "utf-8")
    ids = re.findall(r' id="([^"]+)"', page(preview, QUIZ_PAGE))
    assert "item-zaaaaaa2" in ids
    assert len(ids) == len(set(ids))


def test_a_problem_of_a_translation_stands_at_its_item(preview: FlaskClient, folder: Path) -> None:
    path = folder / BANK.replace(".vi.", ".zh.")
    text = path.read_text("utf-8")
    start = text.index("{#qaaaaaa3")
    choice = text.index("\n- ", start) + 1
    path.write_text(text[:choice] + text[text.index("\n", choice) + 1 :], "utf-8")
    shown = page(preview, f"{QUIZ_PAGE}?lang=vi")
    assert shown.index('id="item-qaaaaaa3"') < shown.index(BANK.replace(".vi.", ".zh.") + ":") < shown.index('id="item-qaaaaaa4"')


def test_problems_of_settings_stand_above(preview: FlaskClient, edit: Edit) -> None:
    edit(QUIZ, "pass_percent: ", "pass_percent: 1")
    text = page(preview, QUIZ_PAGE)
    assert text.index(f"{QUIZ}:") < text.index('id="item-qaaaaaa2"')


def test_every_kind_is_sat_and_scored_by_the_rules_without_a_script(preview: FlaskClient, desk: Desk) -> None:
    address = preview.get(f"{KINDS_PAGE}/sit").headers["Location"]
    placed, _ = paper_of(desk.look(), find_sittable(desk.look().catalogue, "quizzes", "moi-loai").quiz, int(address.partition("seed=")[2]))
    assert {place.item.kind for place in placed} >= {"numeric", "short", "ordering", "matching", "gaps", "hotspot", "essay"}
    assert page(preview, address)
    given: dict[str, str] = {}
    for place in placed:
        last = place.n == len(placed)
        answer = preview.post(f"{address}&lang=en", data=form_of(place.item, right_answer(place.item), given, "submit" if last else "next"))
        assert answer.status_code == 200
        given[place.item.id] = right_answer(place.item)
    essays = sum(place.item.kind == "essay" for place in placed)
    assert f"{len(placed) - essays} of {len(placed)} questions right" in answer.text
    assert "Set-Cookie" not in answer.headers or "lang=" in answer.headers["Set-Cookie"]


def test_a_paper_holds_no_key(preview: FlaskClient, desk: Desk) -> None:
    address = preview.get(f"{KINDS_PAGE}/sit").headers["Location"]
    assert "cầu dao chính" not in page(preview, address)


def test_blank_and_foreign_answers_are_wrong_not_errors(preview: FlaskClient, desk: Desk) -> None:
    answer = preview.post(f"{QUIZ_PAGE}/sit?seed=1&lang=en", data={"go": "submit", "given.qaaaaaa2": "zzz", "given.none": "a", "item": "none"})
    assert answer.status_code == 200
    assert "Not passed" in answer.text


def test_an_answer_that_cannot_be_is_asked_for_again(preview: FlaskClient, desk: Desk) -> None:
    placed, _ = paper_of(desk.look(), find_sittable(desk.look().catalogue, "quizzes", "moi-loai").quiz, 3)
    item = next(place.item for place in placed if place.item.kind == "ordering")
    form = MultiDict([("item", item.id), ("kind", "ordering"), ("go", "submit"), *((f"answer.{choice.letter}", "1") for choice in item.choices)])
    answer = preview.post(f"{KINDS_PAGE}/sit?seed=3&lang=en", data=form)
    assert "Give every row a place of its own" in answer.text
    assert "verdict" not in answer.text


@pytest.mark.parametrize("seed", ["x", "-1", "9" * 40, "１"])
def test_a_seed_that_is_none_draws_anew(preview: FlaskClient, seed: str) -> None:
    assert preview.get(f"{QUIZ_PAGE}/sit?seed={seed}").status_code == 302


def test_a_round_is_sat_with_its_marks(preview: FlaskClient) -> None:
    address = preview.get("/contests/hoi-thi-mau/sit/vong-1").headers["Location"]
    assert page(preview, address)
    page(preview, "/contests/hoi-thi-mau/sit/khong-co?seed=1", 404)


def test_too_small_a_bank_is_said(preview: FlaskClient, edit: Edit) -> None:
    edit(VI, "= 85 ± 1 dBA", "- ( ) Một\n- ( ) Hai")
    page(preview, f"{KINDS_PAGE}/sit?seed=1", 409)


def test_a_saved_file_is_seen_at_once(preview: FlaskClient, edit: Edit, desk: Desk) -> None:
    assert "Khóa hai lần" not in page(preview, LESSON_PAGE)
    before = preview.get("/stamp").json
    edit(LESSON, "Khi nào phải khóa", "Khóa hai lần")
    assert preview.get("/stamp").json != before
    assert "Khóa hai lần" in page(preview, f"{LESSON_PAGE}?lang=vi")


def test_half_a_file_and_a_deleted_one_break_no_page(preview: FlaskClient, folder: Path) -> None:
    whole = (folder / BANK).read_bytes()
    for size in range(0, len(whole), 211):
        (folder / BANK).write_bytes(whole[:size])
        page(preview, QUIZ_PAGE)
        page(preview, "/")
    for path in (folder / LESSON).parent.glob("10-mo-dau.*"):
        path.unlink()
    assert "data-preview-stamp" in page(preview, LESSON_PAGE, 404)
    (folder / BANK).write_bytes(whole)
    assert page(preview, QUIZ_PAGE).count('class="key"') == 6


def test_a_folder_emptied_and_filled_again(preview: FlaskClient, folder: Path) -> None:
    aside = folder.with_name("aside")
    page(preview, "/")
    folder.rename(aside)
    assert "data-preview-stamp" in page(preview, "/")
    assert "data-preview-stamp" in page(preview, LESSON_PAGE, 404)
    aside.rename(folder)
    page(preview, LESSON_PAGE)


def test_a_file_that_vanishes_while_it_is_read_leaves_the_former_state(desk: Desk, edit: Edit, monkeypatch: pytest.MonkeyPatch) -> None:
    before = desk.look()
    edit(LESSON, "Khi nào phải khóa", "Khóa hai lần")

    def gone(path: Path) -> bytes:
        raise FileNotFoundError(path)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "read_bytes", gone)
        state = desk.look()
    assert state.failed
    assert state.catalogue is before.catalogue
    after = desk.look()
    assert not after.failed
    assert after.catalogue is not before.catalogue


def test_a_tree_that_cannot_be_read_at_all_leaves_the_former_state(preview: FlaskClient, edit: Edit, monkeypatch: pytest.MonkeyPatch) -> None:
    page(preview, LESSON_PAGE)
    edit(LESSON, "Khi nào phải khóa", "Khóa hai lần")

    def fails(path: Path) -> bytes:
        raise RuntimeError(path)

    monkeypatch.setattr(Path, "read_bytes", fails)
    text = page(preview, f"{LESSON_PAGE}?lang=en")
    assert "The files could not be read" in text


@pytest.mark.parametrize("address", ["/khong-co", "/quizzes/khong-co", "/courses/a/b", "/contests/khong-co/sit", "/content/blob/abc.svg", "/static/../app.py"])
def test_what_is_not_there_keeps_looking_for_it(preview: FlaskClient, address: str) -> None:
    assert "data-preview-stamp" in page(preview, address, 404)


def test_hostile_content_stays_harmless(preview: FlaskClient, edit: Edit) -> None:
    edit(LESSON, "Máy đang sửa", '<script>alert(1)</script> [x](javascript:alert(2)) <img src=x onerror="alert(3)"> Máy đang sửa')
    edit(BANK, "## Việc đầu tiên trước khi sửa máy là gì?", "## <svg onload=alert(4)> Việc đầu tiên")
    edit(BANK, "- (x) Báo cho người liên quan", "- ( ) </pre><script>alert(5)</script>")
    for address in ("/", LESSON_PAGE, QUIZ_PAGE):
        text = page(preview, f"{address}?lang=vi")
        assert not re.search(r"<script>alert|<svg onload|<img[^>]*onerror|href=\"javascript:", text), address


@pytest.mark.parametrize("at", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "/frames?at=/"])
def test_frames_show_own_pages_only(preview: FlaskClient, at: str) -> None:
    assert 'src="/?lang=zh"' in page(preview, "/frames?lang=zh&at=" + at)


def test_nothing_to_compare_with_is_said(preview: FlaskClient) -> None:
    page(preview, "/compared", 404)


def test_lines_of_a_huge_text_do_not_break_the_page(preview: FlaskClient, folder: Path) -> None:
    with (folder / LESSON).open("a", encoding="utf-8") as file:
        file.write("\n\nx" * (MAX_LINES + 1))
    page(preview, LESSON_PAGE)
