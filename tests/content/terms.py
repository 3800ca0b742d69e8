"""Glossaries for tests, as an author writes them."""


def term(id_: str, vi: str, zh: str = "", en: str = "", *, also: str = "", meaning: str = "Nghĩa.") -> str:
    """One term; a language without a word is left out; also: other spellings in Vietnamese, parted by semicolons."""
    words = "".join(f"      {lang}: {word}\n" for lang, word in (("vi", vi), ("zh", zh), ("en", en)) if word)
    meanings = "".join(f"      {lang}: {meaning} {lang}\n" for lang, word in (("vi", vi), ("zh", zh), ("en", en)) if word)
    sources = "".join(f"      {lang}: Nguồn\n" for lang, word in (("vi", vi), ("zh", zh), ("en", en)) if word)
    more = "    also:\n      vi:\n" + "".join(f"        - {word}\n" for word in also.split(";")) if also else ""
    return f"  - id: {id_}\n    term:\n{words}{more}    meaning:\n{meanings}    source:\n{sources}    certainty: K\n"


def glossary(id_: str, *terms: str) -> str:
    """A glossary file."""
    return f"id: {id_}\ntitle:\n  vi: Từ\n  zh: 词\n  en: Words\nterms:\n{''.join(terms)}"
