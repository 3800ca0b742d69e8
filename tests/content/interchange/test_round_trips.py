"""Out and in again is the same bank: for every format, as far as its page in docs/interchange.md says so."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.content.interchange.bank_reading import read_bank
from lms.content.interchange.bank_writing import write_bank
from lms.content.interchange.escaping import escape
from lms.content.interchange.formats import FORMATS, guess
from lms.content.interchange.model import Bank, BankItem
from lms.content.interchange.report import Losses
from lms.content.interchange.to_html import to_plain
from tests.content.interchange.banks import PLAIN, banks, essay, gaps, matching, numeric, ordering, short, ticked
from tests.content.interchange.normal import normalised
from tests.content.sample import SAMPLE

FEW = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
EVERY = st.one_of(ticked(), numeric(), short(), ordering(), matching(), essay(), gaps())
NO_ESSAY = st.one_of(ticked(), numeric(), short(), ordering(), matching(), gaps())


def there_and_back(form: str, bank: Bank) -> tuple[Bank, Losses]:
    losses = Losses()
    write = FORMATS[form].write
    assert write is not None
    data = write(bank, Losses())
    assert guess(data, "x") == ("qti2" if form == "qti3" else form)
    return FORMATS[form].read(data, bank.lang, losses), losses


@pytest.mark.parametrize(
    ("form", "items"),
    [("markdown", EVERY), ("moodle", EVERY), ("gift", NO_ESSAY), ("qti2", EVERY), ("qti3", EVERY), ("xlsx", EVERY)],
)
def test_there_and_back_is_the_same(form: str, items: st.SearchStrategy[BankItem]) -> None:
    @FEW
    @given(banks(items))
    def same(bank: Bank) -> None:
        back, losses = there_and_back(form, bank)
        assert normalised(back) == normalised(bank)
        assert losses.found == []

    same()


@FEW
@given(banks(EVERY))
def test_what_is_written_is_read_by_the_parser_of_the_site_without_errors(bank: Bank) -> None:
    losses = Losses()
    assert write_bank(read_bank(write_bank(bank).encode(), bank.lang, losses)) == write_bank(bank)
    assert losses.found == []


@settings(FEW, max_examples=300)
@given(PLAIN)
def test_escaped_text_shows_exactly_what_was_written(text: str) -> None:
    assert to_plain(escape(text)) == " ".join(text.replace("\u00a0", " ").split())


SAMPLES = sorted(SAMPLE.glob("quizzes/*/*.vi.md"))


@pytest.mark.parametrize("form", sorted(name for name, one in FORMATS.items() if one.write and name != "aiken"))
def test_the_sample_survives(form: str) -> None:
    keep: Callable[[Bank], Bank] = normalised
    for path in SAMPLES:
        bank = read_bank(path.read_bytes(), "vi", Losses())
        pictures = {f"img/{one.name}": one.read_bytes() for one in sorted((path.parent / "img").glob("*"))}
        bank = Bank(bank.lang, bank.items, bank.title, {name: data for name, data in pictures.items() if name in path.read_text("utf-8")})
        back, _ = there_and_back(form, bank)
        assert keep(back) == keep(bank)
        if form in ("moodle", "qti2", "qti3"):
            assert back.pictures == bank.pictures
