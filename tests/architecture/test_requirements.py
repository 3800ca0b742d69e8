"""The pinned packages are whole: pip in its mode of hashes takes nothing that is not pinned, and nothing under another name."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDER = Path(__file__).parents[2] / "requirements"
FILES = sorted(FOLDER.glob("*.txt"))
PATCHES = ("3.11.0", "3.11.2", "3.11.99")
"""Debian 12 has 3.11.2; some packages ask for more below 3.11.3."""


@dataclass(frozen=True)
class Pin:
    """A line `name[extra]==version` of a file."""

    version: str
    extras: frozenset[str]


def pins_of(text: str) -> dict[str, Pin]:
    """The pins of a file by canonical name."""
    lines = (line.partition(" ")[0] for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line))
    pinned = {canonicalize_name(one.name): one for one in map(Requirement, lines)}
    return {name: Pin(str(one.specifier).removeprefix("=="), frozenset(one.extras)) for name, one in pinned.items()}


def asked_by(lines: Iterable[str], extras: frozenset[str]) -> Iterator[Requirement]:
    """What a distribution with these extras asks for on some Python 3.11 of this kind of machine."""
    for one in map(Requirement, lines):
        places: list[dict[str, str]] = [{**default_environment(), "python_full_version": patch, "extra": extra} for patch in PATCHES for extra in {"", *extras}]  # type: ignore[dict-item]
        if one.marker is None or any(one.marker.evaluate(place) for place in places):
            yield one


def lacking(pins: Mapping[str, Pin], asked: Mapping[str, Iterable[Requirement]]) -> list[str]:
    """Each requirement that no pin answers: another version, without an extra, or not there at all. asked: by the name of who asks."""
    bad = []
    for asker, wanted in asked.items():
        for one in wanted:
            pin = pins.get(canonicalize_name(one.name))
            if pin is None or not one.specifier.contains(pin.version, prereleases=True):
                bad.append(f"{asker} asks for {one}: {pin.version if pin else 'nothing'} is pinned")
            elif missing := one.extras - pin.extras:
                bad.append(f"{asker} asks for {one}: pin {one.name}[{','.join(sorted(missing))}]=={pin.version}")
    return bad


def installed(pins: Mapping[str, Pin]) -> dict[str, list[Requirement]]:
    """What the pinned distributions that are installed here ask for."""
    found = {}
    for name, pin in pins.items():
        try:
            found[name] = list(asked_by(requires(name) or [], pin.extras))
        except PackageNotFoundError:
            continue
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_a_pinned_package_asks_for_is_pinned_with_its_extras(path: Path) -> None:
    pins = pins_of(path.read_text("utf-8"))
    asked = installed(pins)
    assert len(asked) > 20
    assert lacking(pins, asked) == []


def test_a_pin_without_an_extra_that_is_asked_for_is_seen() -> None:
    text = (FOLDER / "test.txt").read_text("utf-8")
    assert "\ncoverage[toml]==" in text
    bare = pins_of(text.replace("\ncoverage[toml]==", "\ncoverage=="))
    assert [line.split(": ")[1].partition("==")[0] for line in lacking(bare, installed(bare))] == ["pin coverage[toml]"]
    old = pins_of(re.sub(r"\nasync-timeout==[^\n]*", "", text))
    assert [line.partition(" asks")[0] for line in lacking(old, installed(old))] == ["redis"]


def test_the_tests_have_the_programs_packages_at_the_same_versions() -> None:
    run, test = (pins_of((FOLDER / f"{name}.txt").read_text("utf-8")) for name in ("run", "test"))
    assert {name: pin.version for name, pin in run.items()} == {name: test[name].version for name in run}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_pin_has_hashes_and_no_address(path: Path) -> None:
    text = path.read_text("utf-8")
    heads = re.findall(r"^[A-Za-z0-9].*$", text, re.MULTILINE)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+ \\", head) for head in heads)
    assert len(re.findall(r"==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", text)) == len(heads)
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash)", text, re.MULTILINE)
