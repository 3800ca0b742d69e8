"""What a page must never hold, whatever an author wrote: the judge of the hostile corpus and of the fuzzer."""

import html
import re
from html.parser import HTMLParser
from pathlib import Path

HOSTILE = Path(__file__).parent / "hostile"
TAGS = "p a img em strong code pre div span ul ol li input table thead tbody tr th td dl dt dd sup sub kbd del hr br h2 h3 h4 h5 h6 blockquote"
ALLOWED = frozenset(TAGS.split())
SELF_CHECK = frozenset({"section", "details", "summary", "label", "select", "option", "textarea", "fieldset", "legend", "figure", "figcaption", "button"})
NAMES = (
    "class id href title role src alt width height loading decoding type disabled checked align start tabindex rel name value for autocomplete "
    "autocapitalize inputmode min max step size maxlength rows data-gap data-self-check spellcheck lang"
)
ATTRIBUTES = frozenset(NAMES.split())
GOOD_LINK = re.compile(r"(?:https?:|mailto:|tel:|#)", re.IGNORECASE)
TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f]")
ESCAPED = re.compile(r"\\(u[0-9a-f]{4}|U[0-9a-f]{8}|\\)")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED | SELF_CHECK:
            self.bad.append(f"<{tag}>")
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name not in ATTRIBUTES and not name.startswith("aria-"):
            self.bad.append(f"{tag} {name}")
        squeezed = re.sub(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\ufeff\xad]+", "", html.unescape(value))
        if name == "href" and not GOOD_LINK.match(squeezed):
            self.bad.append(f"{tag} href={value}")
        if name == "src" and value and not re.fullmatch(r"/content/blob/[0-9a-f]{64}\.[a-z]+", value):
            self.bad.append(f"{tag} src={value}")
        if tag == "input" and name == "type" and value not in ("checkbox", "radio", "text", "number"):
            self.bad.append(f"input type={value}")

    def handle_comment(self, data: str) -> None:
        self.bad.append(f"comment {data[:20]}")

    def handle_decl(self, decl: str) -> None:
        self.bad.append(f"declaration {decl[:20]}")

    def unknown_decl(self, data: str) -> None:
        self.bad.append(f"declaration {data[:20]}")

    def handle_pi(self, data: str) -> None:
        self.bad.append(f"instruction {data[:20]}")


def harm_in(page: str) -> list[str]:
    """Everything in a piece of HTML that could run, load, ask, cover or mislead; empty if it is harmless."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.bad + [f"U+{ord(sign):04X}" for sign in TURNING.findall(page)]


def attacks(name: str) -> dict[str, str]:
    r"""The attacks of a file: blocks below `=== name`, in which \uXXXX stands for a sign that could not be seen and \\ for a backslash."""
    blocks = re.split(r"^=== (.+)\n", (HOSTILE / f"{name}.txt").read_text("utf-8"), flags=re.MULTILINE)[1:]
    return {f"{name}: {title}": ESCAPED.sub(_sign, text.removesuffix("\n")) for title, text in zip(blocks[::2], blocks[1::2], strict=True)}


def _sign(match: re.Match[str]) -> str:
    return "\\" if match[1] == "\\" else chr(int(match[1][1:], 16))
