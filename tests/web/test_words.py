"""Words: nothing that a person reads is hidden from the catalogues, and the form library speaks the reader's language."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import wtforms
from flask import Flask
from werkzeug.datastructures import MultiDict

import lms
from lms.assessment.views.blueprint import show_period
from lms.certification.service.marks import MARKS
from lms.people.forms import PersonForm, RoleForm
from lms.people.service.persons import TAKEN
from lms.people.views.audit import describe
from lms.people.words import ACTIONS, SUBJECTS
from lms.platform.rules import Phrase
from lms.web.forms import TRANSLATIONS, WTFORMS

pytestmark = pytest.mark.one_database

ROOT = Path(lms.__file__).parent
TREES = {path: ast.parse(path.read_text("utf-8")) for path in sorted(ROOT.rglob("*.py"))}
N = TypeVar("N", bound=ast.AST)
OWN = {"NotFound", "NotAllowed", "Conflict", "Invalid"}


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _nodes(kind: type[N]) -> Iterator[tuple[str, N]]:
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, kind):
                yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}", node


def _family() -> tuple[set[str], set[str]]:
    """Our errors that are raised with a message of their own, and those that make it themselves."""
    kinds = {node.name: node for _, node in _nodes(ast.ClassDef)}
    errors = {"SiteError"}
    while more := {name for name, node in kinds.items() if name not in errors and errors & {_name(base) for base in node.bases}}:
        errors |= more
    made = {name for name in errors - {"SiteError"} if any(isinstance(part, ast.FunctionDef) and part.name == "__init__" for part in kinds[name].body)}
    return errors - made, made


def test_every_error_is_raised_with_words_that_extraction_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT.parent / "scripts"))
    sys.modules.pop("translate", None)
    from translate import KEYWORDS  # noqa: PLC0415  (a script, no package)

    spoken, silent = _family()
    assert spoken > OWN
    assert silent == {"Taken", "Together", "Unfetched"}
    assert spoken - {"SiteError"} <= set(KEYWORDS)
    hidden = []
    for where, node in _nodes(ast.Raise):
        made = node.exc
        if isinstance(made, ast.Call) and _name(made.func) in spoken:
            words = made.args[0] if made.args else None
            literal = isinstance(words, ast.Constant) and isinstance(words.value, str)
            of_a_phrase = isinstance(words, ast.Attribute) and words.attr == "message"
            if not (literal or of_a_phrase):
                hidden.append(where)
    assert hidden == []
    assert all(isinstance(words, Phrase) for words in TAKEN.values())


def test_what_is_looked_up_in_a_catalogue_is_written_where_it_is_looked_up() -> None:
    hidden = [
        where
        for where, node in _nodes(ast.Call)
        if _name(node.func) in {"gettext", "lazy_gettext", "_l", "phrase"}
        and node.args
        and not isinstance(node.args[0], ast.Constant)
        and where.split(":")[0] not in {"platform/i18n.py", "web/forms.py", "web/frame.py", "platform/speaking.py"}
    ]
    assert hidden == []


def test_every_act_in_the_trail_has_words() -> None:
    acts: set[str] = {*MARKS.values()}
    kinds: set[str] = set()
    for _, node in _nodes(ast.Call):
        if _name(node.func) in {"add_argument", "add_parser"}:
            continue
        for given in node.keywords:
            choices = [given.value.body, given.value.orelse] if isinstance(given.value, ast.IfExp) else [given.value]
            found = {one.value for one in choices if isinstance(one, ast.Constant) and isinstance(one.value, str)}
            acts |= found if given.arg == "action" else set()
            kinds |= found if given.arg == "subject_kind" else set()
    assert acts - set(ACTIONS) == set()
    assert kinds - set(SUBJECTS) == set()
    assert len(acts) > 20


def _said_by_wtforms() -> set[str]:
    said: set[str] = set()
    for path in Path(wtforms.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in {"gettext", "ngettext"}:
                said |= {one.value for one in node.args[:2] if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return said


def test_the_list_holds_every_message_of_the_installed_library() -> None:
    said = _said_by_wtforms()
    assert "This field is required." in said
    assert {one.message for one in WTFORMS} == said


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_no_message_of_the_form_library_stays_english(app: Flask, lang: str) -> None:
    with app.test_request_context(f"/?lang={lang}"):
        for message in _said_by_wtforms():
            for shown in (TRANSLATIONS.gettext(message), TRANSLATIONS.ngettext(message, message, 2)):
                assert (shown == message) is (lang == "en"), message
                assert shown.count("%(") == message.count("%(")


def test_every_form_takes_its_words_from_us() -> None:
    made = {
        path.relative_to(ROOT).as_posix() for path, tree in TREES.items() if "FlaskForm" in {_name(one) for one in ast.walk(tree) if isinstance(one, ast.expr)}
    }
    assert made == {"web/forms.py"}


@pytest.mark.parametrize(
    ("lang", "long", "choice"),
    [
        ("vi", "Chỉ được nhập tối đa 200 ký tự.", "Hãy chọn một mục trong danh sách."),
        ("zh", "最多200个字符。", "请从列表中选择。"),
        ("en", "Field cannot be longer than 200 characters.", "Not a valid choice."),
    ],
)
def test_a_field_says_in_the_reader_s_language_what_is_wrong(app: Flask, lang: str, long: str, choice: str) -> None:
    with app.test_request_context(f"/?lang={lang}"):
        person = PersonForm(MultiDict({"full_name": "A" * 201, "lang": "fr", "staff_code": "X1"}), meta={"csrf": False})
        assert not person.validate()
        assert (list(person.full_name.errors), list(person.lang.errors)) == ([long], [choice])
        role = RoleForm(MultiDict({"role": "king", "scope": "1", "from_on": "soon"}), meta={"csrf": False})
        role.scope.choices = []
        assert not role.validate()
        assert choice in role.role.errors


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("vi", "Vai trò: thanh tra viên; Đến hết ngày: 12/12/2026; Lý do: Cấp nhầm; Họ và tên, Email; Số: 7-a; Nhân sự: 3, 4"),
        ("zh", "角色：检查人员；截止（最后一天）：2026年12月12日；原因：错误签发；姓名、电子邮箱；编号：7-a；人员：3、4"),
    ],
)
def test_the_trail_says_codes_and_days_in_words(app: Flask, lang: str, said: str) -> None:
    detail = {
        "role": "inspector",
        "until_on": "2026-12-12",
        "cause": "error",
        "fields": ["full_name", "email"],
        "number": "7-a",
        "person_ids": [3, 4],
        "unit": None,
    }
    with app.test_request_context(f"/?lang={lang}"):
        assert describe(detail) == said
        assert describe({}) == ""


def test_the_period_that_tries_are_counted_in_is_written_as_dates(app: Flask) -> None:
    with app.test_request_context("/?lang=vi"):
        assert show_period("2026-11-22") == "22/11/2026"
        assert show_period("2026-W47") == "16/11/2026 – 22/11/2026"
