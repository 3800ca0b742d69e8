"""The rules of the training matrix: who needs what, whatever the order of the lines, and nobody outside."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certification.rules.matrix import Need, Requirement, Work, narrowed, needs_of

DAY = date(2026, 11, 22)
PLACES = ("/1/", "/1/2/", "/1/2/3/", "/1/4/", "/5/")
JOBS = ("", "tho han", "tho dien", "焊工", "高级焊工")
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@st.composite
def requirements(draw: st.DrawFn) -> list[Requirement]:
    made = []
    for n in range(draw(st.integers(0, 6))):
        first, length = draw(days), draw(st.none() | st.integers(0, 500))
        last = None if length is None else first + timedelta(days=length)
        made.append(
            Requirement(
                n + 1,
                draw(st.sampled_from(["a", "b"])),
                tuple(draw(st.lists(st.sampled_from(PLACES), max_size=2))),
                first,
                last,
                draw(st.sampled_from(["", "han", "焊工"])),
                draw(st.sampled_from(["", "employee", "contractor"])),
                draw(st.sampled_from(["", "officer"])),
            )
        )
    return made


works = st.lists(st.builds(Work, st.sampled_from(PLACES), st.sampled_from(["employee", "contractor"]), st.sampled_from(JOBS), days), max_size=3)
roles = st.sampled_from([(), ("officer",), ("manager",)])


@given(requirements(), works, roles, days, st.randoms())
def test_the_order_of_the_lines_changes_nothing(lines: list[Requirement], mine: list[Work], held: tuple[str, ...], on: date, rng: object) -> None:
    mixed = list(lines)
    rng.shuffle(mixed)  # type: ignore[attr-defined]
    assert needs_of(mixed, mine, held, on) == needs_of(lines, mine, held, on)


@given(requirements(), works, roles, days)
def test_each_need_comes_from_a_line_that_holds_and_a_work_that_fits(lines: list[Requirement], mine: list[Work], held: tuple[str, ...], on: date) -> None:
    by_id = {line.id: line for line in lines}
    for scheme, need in needs_of(lines, mine, held, on).items():
        line = by_id[need.requirement_id]
        assert (line.scheme, line.holds(on), line.role in ("", *held)) == (scheme, True, True)
        assert any(work.from_on <= on and any(work.path.startswith(path) for path in line.paths) and line.kind in ("", work.kind) for work in mine)
        assert line.from_on <= need.from_on <= on


@given(requirements(), works, roles, days)
def test_a_line_more_takes_no_scheme_away(lines: list[Requirement], mine: list[Work], held: tuple[str, ...], on: date) -> None:
    fewer = needs_of(lines[:-1], mine, held, on)
    assert fewer.keys() <= needs_of(lines, mine, held, on).keys()


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        pytest.param({}, True, id="anybody there"),
        pytest.param({"paths": ("/1/4/",)}, False, id="elsewhere"),
        pytest.param({"paths": ()}, False, id="no such tag"),
        pytest.param({"from_on": DAY + timedelta(days=1)}, False, id="tomorrow"),
        pytest.param({"until_on": DAY}, True, id="last day"),
        pytest.param({"until_on": DAY - timedelta(days=1)}, False, id="over"),
        pytest.param({"position": "han"}, True, id="a word"),
        pytest.param({"position": "ha"}, False, id="half a word"),
        pytest.param({"position": "han tho"}, True, id="both words"),
        pytest.param({"position": "dien"}, False, id="another word"),
        pytest.param({"kind": "contractor"}, False, id="another kind"),
        pytest.param({"role": "officer"}, False, id="a role that is not held"),
    ],
)
def test_a_line_asks_all_that_it_says(line: dict[str, object], needed: bool) -> None:
    plain: dict[str, object] = {"id": 1, "scheme": "a", "paths": ("/1/",), "from_on": date(2026, 1, 1)}
    work = Work("/1/2/", "employee", "tho han bac 3", date(2026, 6, 1))
    found = needs_of([Requirement(**plain | line)], [work], (), DAY)  # type: ignore[arg-type]
    assert found == ({"a": Need(1, date(2026, 6, 1))} if needed else {})


def test_chinese_jobs_are_found_inside_a_word() -> None:
    line = Requirement(1, "a", ("/",), date(2026, 1, 1), position="焊工")
    assert line.fits(Work("/1/", "employee", "高级焊工", DAY))
    assert not line.fits(Work("/1/", "employee", "电工", DAY))


def test_a_tag_narrows_a_subtree_to_its_tagged_parts() -> None:
    assert narrowed("/1/", ["/1/2/", "/5/"]) == ("/1/2/",)
    assert narrowed("/1/2/3/", ["/1/2/"]) == ("/1/2/3/",)
    assert narrowed("/", []) == ()
