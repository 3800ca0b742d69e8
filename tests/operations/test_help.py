"""`--help` of every command, and what is said of wrong use, in three languages."""

import argparse
from collections.abc import Iterator

import pytest

from lms.cli import build_parser
from lms.content.speaking import say_in
from lms.platform.parser import HEADINGS, explained, lang_asked
from lms.platform.rules import Phrase
from lms.platform.speaking import LOCALES
from tests.content.test_cli import run
from tests.operations.test_languages import speaks


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for one in action.choices.values():
                yield from parsers(one)


def sources(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Every English text that the help of a parser is made of."""
    yield from (heading for heading in HEADINGS[:3] if heading != "positional arguments" or parser._get_positional_actions())
    if parser.description:
        yield parser.description
    for action in parser._actions:
        yield from [action.help] if action.help else []
        if isinstance(action, argparse._SubParsersAction):
            yield from (str(one.help) for one in action._choices_actions)


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_the_help_of_every_command_is_in_one_language(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    found = list(parsers(build_parser(lang)))
    assert len(found) > 18
    for parser in found:
        shown = parser.format_help()
        for source in sources(parser):
            said = say_in(lang, Phrase(source))
            assert said.partition("%(")[0].rstrip(": （(") in shown, (parser.prog, source)
            assert lang == "en" or (said != source and speaks(said, lang)), source


def test_every_command_and_option_says_what_it_is_for() -> None:
    lacking = [
        f"{parser.prog} {action.dest}"
        for parser in parsers(build_parser())
        for action in parser._actions
        if not action.help and not isinstance(action, argparse._SubParsersAction)
    ]
    assert lacking == []


WRONG = [
    ([], "This is missing: COMMAND"),
    (["chek"], "COMMAND: 'chek' is none of: 'init', 'serve'"),
    (["check", "--nowhere"], "This is not known here: --nowhere"),
    (["check", "--format", "xml"], "--format: 'xml' is none of: 'text', 'json', 'sarif', 'github'"),
    (["serve", "--port", "x"], "--port: 'x' cannot stand here."),
    (["serve", "--port"], "--port needs a value."),
    (["fix", "--dry-run=1"], "--dry-run takes no value."),
    (["impact", "--s", "x", "--l", "vi", "--w", "--b"], "--base needs a value."),
    (["demo", "--i", "x", "--n=1"], "--no-serve takes no value."),
]


@pytest.mark.parametrize(("words", "said"), WRONG, ids=[" ".join(words) or "nothing" for words, _ in WRONG])
def test_wrong_use_is_said_in_the_callers_language(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: list[str], said: str) -> None:
    for name in LOCALES:
        monkeypatch.delenv(name, raising=False)
    status, out, err = run(capsys, *words)
    assert (status, out) == (2, "")
    assert err.splitlines()[0].startswith("usage: lms")
    assert said in err.splitlines()[-1]
    for lang, usage in (("vi", "cách dùng: lms"), ("zh", "用法：lms")):
        monkeypatch.setenv("LANG", lang)
        status, _, err = run(capsys, *words)
        assert (status, err.startswith(usage)) == (2, True)
        assert speaks(err.splitlines()[-1].partition("'")[0] + err.rpartition("'")[2], lang) or "is none of" not in err
        assert said not in err


def test_the_language_is_known_before_anything_is_parsed() -> None:
    assert [lang_asked(words) for words in (["check", "--lang", "zh"], ["check", "--lang=vi"], ["check", "--lang", "xx"], ["check", "--lang"], [])] == [
        "zh", "vi", None, None, None,
    ]  # fmt: skip
    assert lang_asked(["person", "add", "--lang", "zh"]) is None


def test_what_is_not_known_of_argparse_stays_as_it_is() -> None:
    assert say_in("vi", explained("something new: 100%")) == "something new: 100%"
