"""A book is a file for a phone, however large the pictures of its lessons are."""

import io
from functools import lru_cache

import pytest
from PIL import Image
from pypdf import PdfReader

from lms.content.source.images import HUGE_BYTES
from lms.library.book.making import make_book
from lms.library.book.scaling import ENOUGH, WIDTHS, scaled
from tests.library.test_book import COVER, SVG, course_of


@lru_cache(maxsize=8)
def photograph(kind: str, width: int = 3000, height: int = 2000, seed: int = 60) -> bytes:
    """A picture with as much detail as a photograph has."""
    coarse = Image.effect_noise((width // 8, height // 8), seed).resize((width, height), Image.Resampling.BICUBIC)
    fine = Image.effect_noise((width, height), 14)
    out = io.BytesIO()
    Image.merge("RGB", (coarse, Image.blend(coarse, fine, 0.5), fine)).save(out, kind, quality=60)
    return out.getvalue()


def book_of(*pictures: tuple[str, bytes]) -> bytes:
    """The PDF of a lesson that shows pictures, each by its digest."""
    digests = {f"{number:064x}": data for number, (_, data) in enumerate(pictures, 1)}
    html = "".join(
        f'<p><img src="/content/blob/{digest}.{ending}" alt="x" width="3000" height="2000"></p>' for digest, (ending, _) in zip(digests, pictures, strict=True)
    )
    course, catalogue = course_of({"vi": html})
    return make_book(course, catalogue, "vi", COVER, lambda wanted: {digest: digests[digest] for digest in wanted if digest in digests})


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    return [image.image.size for page in PdfReader(io.BytesIO(pdf)).pages for image in page.images if image.image is not None]


@pytest.mark.parametrize(("ending", "kind"), [("png", "PNG"), ("webp", "WEBP")])
def test_a_large_picture_is_printed_in_the_size_of_the_paper(ending: str, kind: str) -> None:
    data = photograph(kind)
    pdf = book_of((ending, data))
    assert sizes(pdf) == [(WIDTHS[0], round(2000 * WIDTHS[0] / 3000))]
    assert len(pdf) < 5_000_000


def test_a_photograph_that_would_grow_stays_as_it_is() -> None:
    data = photograph("JPEG")
    assert scaled({"a.jpg": data}) == {"a.jpg": ("a.jpg", data)}
    assert sizes(book_of(("jpg", data))) == [(3000, 2000)]


def test_many_large_photographs_make_a_book_for_a_phone() -> None:
    photographs = [photograph("JPEG", 4000, 3000, seed) for seed in (50, 60, 70, 80)]
    assert all(len(data) > 1_000_000 for data in photographs)
    made = scaled({f"{number}.jpg": data for number, data in enumerate(photographs)})
    assert sum(len(data) for _, data in made.values()) < ENOUGH < sum(map(len, photographs))


def test_drawings_and_small_pictures_stay_as_they_are() -> None:
    small = photograph("PNG", WIDTHS[0], 100)
    given = {"a.svg": SVG, "b.png": small, "c.png": b"no picture"}
    assert scaled(given) == {name: (name, data) for name, data in given.items()}
    assert HUGE_BYTES <= ENOUGH
