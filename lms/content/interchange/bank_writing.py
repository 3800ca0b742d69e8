"""A bank of the model as the Markdown of a bank file."""

import re
from collections.abc import Iterator

from lms.content.interchange.escaping import BREAK, escape_start, tame
from lms.content.interchange.model import Answer, Bank, BankItem
from lms.content.items.forms import CRITERION, NUMBERED, continues_callout, is_choice, is_rule
from lms.content.items.gaps import OPEN, PARTED
from lms.content.items.headers import AT_END
from lms.content.items.numbers import looks_like_number

KIND_FLAGS = {"ordering": "order", "matching": "match", "hotspot": "hotspot", "essay": "essay", "case": "case"}
ORDER = ("points", "difficulty", "topic", "tags", "basis", "source")
BARE = re.compile(r"[\w./:-]+")


def write_bank(bank: Bank) -> str:
    """The whole file: front matter where there is a title, then the items."""
    title = " ".join(bank.title.split())
    head = f"---\ntitle: {title}\n---\n\n" if title else ""
    return head + write_items(bank.items)


def write_items(items: tuple[BankItem, ...]) -> str:
    """The items alone, to be put behind those that a file has."""
    return "\n".join("\n".join(_item(item, "##")) + "\n" for item in items)


def _item(item: BankItem, level: str) -> Iterator[str]:
    yield f"{level} {_header(item)} {{{_braces(item)}}}"
    body = _body(item)
    if body:
        yield from ("", *body)
    answers = list(_answers(item))
    if answers:
        yield from ("", *answers)
    if item.explanation.strip():
        yield from ("", *(f"> {line}".rstrip() for line in _quoted(item.explanation)))
    for part in item.parts:
        yield from ("", *_item(part, "###"))


def _header(item: BankItem) -> str:
    text = " ".join(tame(item.text, inline=True).split())
    return text if item.kind == "gaps" else without_gaps(text)


def _braces(item: BankItem) -> str:
    parts = [f"#{item.id}"]
    flags = list(item.flags)
    if item.kind in KIND_FLAGS:
        flags.insert(0, KIND_FLAGS[item.kind])
    if item.kind == "short" and looks_like_number([answer.text for answer in item.answers]) and "text" not in flags:
        flags.append("text")
    parts += [f".{flag}" for flag in dict.fromkeys(flags)]
    keys = [*(key for key in ORDER if key in item.attributes), *(key for key in item.attributes if key not in ORDER)]
    return " ".join([*parts, *(f"{key}={_value(key, item.attributes[key])}" for key in keys)])


def _value(key: str, value: str) -> str:
    value = " ".join(re.sub(r"[{｛]", "(", re.sub(r"[}｝]", ")", value)).split())
    if key not in ("tags", "basis", "source") and BARE.fullmatch(value):
        return value
    return f'"{value}"' if '"' not in value else f"“{value}”" if "”" not in value else '"' + value.replace('"', "'") + '"'


def _body(item: BankItem) -> list[str]:
    lines = tame(item.body).split("\n") if item.body.strip() else []
    fence = callout = False
    made = []
    for line in lines:
        fence ^= line.lstrip().startswith(("```", "~~~"))
        callout = not fence and continues_callout(line, inside=callout)
        made.append(line if fence or (callout and item.kind == "gaps") else _guarded(line, item))
    return made


def _guarded(line: str, item: BankItem) -> str:
    """A line of the body that would be taken for an answer of this kind of item."""
    start = line.lstrip()
    if item.kind == "ordering" and NUMBERED.match(line):
        return re.sub(r"^(\s*)([0-9０-９]{0,2})(\s*)([.)(（、．）。])", lambda m: f"{m[1]}{m[2]}{m[3]}" + _coded(m[4]), line, count=1)
    if item.kind == "essay" and CRITERION.match(line):
        return line.replace(start[0], _coded(start[0]), 1)
    if item.kind == "matching" and start[:1] in ("|", "｜"):
        return line.replace(start[0], _coded(start[0]), 1)
    if item.kind == "gaps":
        return re.sub(r"^\s*[>＞]\s?", "", line)
    return without_gaps(line)


def _coded(sign: str) -> str:
    return f"\\{sign}" if sign in ".)(-+*|" else f"&#{ord(sign)};"


def without_gaps(line: str) -> str:
    """A line in which `[[` stands for itself."""
    return OPEN.sub(lambda match: _coded_bracket(match[0]), line)


def _coded_bracket(text: str) -> str:
    return f"\\{text}" if text[0] == "[" else f"&#{ord(text[0])};{text[1:]}"


def _quoted(text: str) -> Iterator[str]:
    for number, line in enumerate(tame(text).split("\n")):
        yield f"\\{line}" if line.lstrip().startswith("[!") or (number == 0 and line.startswith(">")) else line


def _answers(item: BankItem) -> Iterator[str]:
    if item.kind == "numeric" and item.number:
        yield f"= {written_number(item)}"
    elif item.kind == "short":
        yield from (f"= {accepted}" for answer in item.answers if (accepted := accepted_text(answer.text)))
    elif item.kind == "matching":
        yield from _table(item)
    elif item.kind == "essay":
        yield from (f"- {answer.percent or 0}% {one_line(answer.text)}" for answer in item.answers)
    else:
        for number, answer in enumerate(item.answers, 1):
            yield from _choice(item, answer, number)


def _choice(item: BankItem, answer: Answer, number: int) -> Iterator[str]:
    opened, closed = "()" if item.kind == "single" else "[]"
    mark = f"{answer.percent}%" if answer.percent is not None else "x" if answer.right else " "
    bullet = f"{number}." if item.kind == "ordering" else f"- {opened}{mark}{closed}"
    area = f" ({answer.area})" if answer.area else ""
    text = without_braces(one_line(answer.text))
    label = " ".join([f"#{answer.label}"] * bool(answer.label) + [".fixed"] * answer.fixed)
    yield f"{bullet} {text}{area}{f' {{{label}}}' if label else ''}"
    if answer.feedback.strip():
        yield from (f"  > {line}".rstrip() for line in _quoted(answer.feedback))


def without_braces(text: str) -> str:
    """A text whose end is not taken for the braces of an answer."""
    found = AT_END.search(text)
    return text[: found.start()] + _coded(text[found.start()]) + text[found.start() + 1 :] if found else text


def one_line(text: str) -> str:
    """A text on one line, not to be taken for a bracket of its own."""
    line = " ".join(tame(text, inline=True).split())
    return escape_start(line) if is_choice(f"- {line}") else line


def accepted_text(text: str) -> str:
    """An accepted text on one line; it cannot begin with `=`."""
    return " ".join(text.split()).lstrip("=＝ ")


def written_number(item: BankItem) -> str:
    """`85 ± 1 dBA`."""
    number = item.number
    assert number is not None
    tolerance = "" if number.tolerance == "0" else f" ± {number.tolerance}{'%' if number.relative else ''}"
    return f"{number.value}{tolerance} {number.unit}".strip()


def _table(item: BankItem) -> Iterator[str]:
    if any(item.columns):
        yield _row(item.columns)
        yield "|---|---|"
    yield from (_row(pair) for pair in item.pairs)


def _row(cells: tuple[str, str]) -> str:
    left, right = (one_line(cell).replace("\\|", "|").replace("|", "\\|").replace("｜", "&#65372;") for cell in cells)
    row = f"| {left} | {right} |" if left else f"| | {right} |"
    return row.replace("-", "\\-", 1) if is_rule(row) else row


def gap_texts(inner: str) -> list[str]:
    """What a gap accepts."""
    return [" ".join(part.replace("\\|", "|").split()) for part in PARTED.split(inner) if part.strip()]


__all__ = ["BREAK", "write_bank", "write_items"]
