"""The search on both databases: what is found and in what order, what never is, and that it follows each publication."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.content.service.publishing import publish
from lms.content.service.rollback import go_back
from lms.content.source.tree import ContentTree
from lms.library.models import SearchEntry, SearchWord
from lms.library.service.indexing import IndexKeeper
from lms.library.service.searching import PAGE, Found, find
from lms.platform.db import Database
from lms.platform.site import Site
from tests.conftest import NOW
from tests.content.terms import glossary, term
from tests.content.trees import BANK, FILES, LESSON, with_files
from tests.counting import count_queries

WORDS = glossary(
    "tu-mau",
    term("dien-giat", "điện giật", "触电", "electric shock", meaning="Dòng điện đi qua cơ thể."),
    term("dien-tich", "diễn tập", "演练", "drill"),
    term("mu", "mũ bảo hộ", "安全帽", "safety helmet"),
    term("an-toan", "an toàn", "安全", "safety"),
)
TREE = with_files({"glossary/tu-mau.yml": WORDS})


@pytest.fixture()
def searched(db: Database) -> Database:
    """A site whose sample content and four terms are published."""
    with db.writing() as session:
        publish(session, TREE, now=NOW)
    return db


def look(db: Database, question: str, lang: str = "vi", page: int = 1) -> Found:
    with db.reading() as session:
        return find(session, question=question, lang=lang, page=page)


def slugs(found: Found) -> list[str]:
    return [hit.slug for hit in found.hits]


def test_words_are_found_without_accents_and_with_them_those_come_first(searched: Database) -> None:
    assert set(slugs(look(searched, "dien"))) >= {"dien-giat", "dien-tich"}
    assert slugs(look(searched, "điện"))[0] == "dien-giat"
    assert slugs(look(searched, "diễn"))[0] == "dien-tich"
    assert slugs(look(searched, "ĐIỆN GIẬT")) == ["dien-giat"]
    assert slugs(look(searched, "die"))[:2] != []


def test_two_chinese_characters_are_a_word_and_the_title_comes_first(searched: Database) -> None:
    found = look(searched, "安全", "zh")
    assert slugs(found)[:2] in (["an-toan", "mu"], ["mu", "an-toan"])
    assert slugs(look(searched, "安全帽", "zh")) == ["mu"]
    assert "mu" in slugs(look(searched, "帽", "zh"))
    assert look(searched, "帽全", "zh").total == 0


def test_title_goes_before_heading_before_text(db: Database) -> None:
    lesson = FILES[LESSON].decode()
    files: dict[str, bytes | str] = {
        LESSON: lesson.replace("title: ", "title: Zebra ", 1),
        "courses/khoa-mau/20-quy-trinh.vi.md": FILES["courses/khoa-mau/20-quy-trinh.vi.md"].decode() + "\n## Zebra\n\nx\n",
        "courses/khoa-mau/course.yml": FILES["courses/khoa-mau/course.yml"].decode().replace("summary:\n  vi: ", "summary:\n  vi: zebra zebra zebra ", 1),
    }
    with db.writing() as session:
        publish(session, with_files(files), now=NOW)
    assert slugs(look(db, "zebra")) == ["10-mo-dau", "20-quy-trinh", "khoa-mau"]


def test_the_hit_is_marked_and_markup_stays_text(db: Database) -> None:
    with db.writing() as session:
        publish(session, with_files({"glossary/tu-mau.yml": glossary("tu-mau", term("a", "<b>điện</b> & lửa"))}), now=NOW)
    hit = look(db, "dien").hits[0]
    assert hit.title == [("<b>", False), ("điện", True), ("</b> & lửa", False)]


def test_what_no_page_has_whole_is_sought_elsewhere_and_then_in_parts(searched: Database) -> None:
    assert look(searched, "điện giật").how == "all"
    elsewhere = look(searched, "changing a saw blade")
    assert (elsewhere.how, {hit.language for hit in elsewhere.hits}) == ("elsewhere", {"en"})
    assert look(searched, "điện xyzzy").how == "some"
    assert look(searched, "xyzzy").total == 0
    assert look(searched, " .,! ").total == 0


def test_a_question_costs_three_statements_at_most_and_words_are_bound(searched: Database) -> None:
    for question, most in (("điện", 1), ("điện xyzzy", 3), ("xyzzy", 3), ("' OR 1=1 -- %_\\", 3), ("a " * 200, 3)):
        with searched.reading() as session, count_queries(searched) as counted:
            find(session, question=question, lang="vi")
        assert len(counted) <= most


def test_keys_of_items_are_never_found(searched: Database) -> None:
    bank = FILES[BANK].decode()
    for words in ("Ai được phép tháo khóa cá nhân", "Báo cho"):
        assert words in bank
    with searched.reading() as session:
        texts = " ".join(session.scalars(select(SearchEntry.text)))
    assert "Ai được phép tháo khóa cá nhân" not in texts
    assert "Xem đáp án" not in texts
    assert "self-check" not in texts


def test_the_index_follows_each_publication_in_its_transaction(searched: Database) -> None:
    with searched.reading() as session:
        before = set(session.scalars(select(SearchEntry.id).where(SearchEntry.kind == "lesson")))
    tree = ContentTree({path: data for path, data in TREE.files.items() if not path.startswith("glossary/")}, "test")
    with searched.writing() as session:
        second = publish(session, tree, now=NOW + timedelta(hours=1))
    assert look(searched, "điện giật").how == "some"
    with searched.reading() as session:
        assert set(session.scalars(select(SearchEntry.id).where(SearchEntry.kind == "lesson"))) == before
        assert not session.scalars(select(SearchWord.entry_id).where(SearchWord.entry_id.not_in(select(SearchEntry.id)))).all()
    with searched.writing() as session:
        go_back(session, publication_id=second.publication_id - 1, now=NOW + timedelta(hours=2), actor_id=None)
    assert look(searched, "điện giật").how == "all"
    with pytest.raises(RuntimeError, match="broken off"), searched.writing() as session:
        publish(session, tree, now=NOW + timedelta(hours=3))
        raise RuntimeError("broken off")
    assert look(searched, "điện giật").how == "all"


def test_an_index_that_does_not_fit_is_made_good_by_the_job(searched: Database, the_site: Site) -> None:
    keeper = IndexKeeper(searched)
    assert keeper(NOW) == 0
    with searched.writing() as session:
        session.query(SearchWord).delete()
        session.query(SearchEntry).delete()
    assert keeper(NOW) == 2
    assert look(searched, "điện giật").total == 1
    assert "library.index" in the_site.jobs.every_minute


def test_a_site_without_a_publication_has_an_empty_index(db: Database) -> None:
    assert IndexKeeper(db)(NOW) == 0
    assert look(db, "điện").total == 0


def test_many_results_are_paged(db: Database) -> None:
    many = glossary("tu-mau", *(term(f"t{number}", f"mục {number}") for number in range(PAGE + 3)))
    with db.writing() as session:
        publish(session, with_files({"glossary/tu-mau.yml": many}), now=NOW)
    first, second = look(db, "mục"), look(db, "mục", page=2)
    assert (first.total, len(first.hits), len(second.hits)) == (PAGE + 3, PAGE, 3)
    assert not set(slugs(first)) & set(slugs(second))
    assert look(db, "mục", page=3) == first
