"""Gaps of running text in Moodle's way: `{1:SHORTANSWER:=right~=also right}`, and `[[1]]` with a list of words."""

import re
from collections.abc import Callable

CLOZE = re.compile(r"(?<!\\)\{(?P<weight>\d*):(?P<kind>[A-Z_]{2,20}):(?P<inside>(?:\\.|[^\\{}])*)\}", re.DOTALL)
OPTION = re.compile(r"(?:^|~)(?P<mark>=|%-?\d+(?:\.\d+)?%)?(?P<text>(?:\\.|[^~\\])*)", re.DOTALL)
TEXT = frozenset({"SHORTANSWER", "SHORTANSWER_C", "SA", "SAC", "MW", "MWC"})
NUMBER = frozenset({"NUMERICAL", "NM"})
HALF = 50


def write_gap(accepted: list[str]) -> str:
    """One gap."""
    texts = [re.sub(r"([\\}{~#=\"/|])", r"\\\1", text) for text in accepted]
    return "{1:SHORTANSWER:" + "~".join(f"={text}" for text in texts) + "}"


def read_gaps(text: str, lost: Callable[[str], None]) -> str:
    """The text with gaps of ours; `lost` is told the kinds of gap, and what of them is lost."""

    def one(cloze: re.Match[str]) -> str:
        accepted, other = [], 0
        for option in OPTION.finditer(cloze["inside"]):
            body = re.split(r"(?<!\\)#", option["text"], maxsplit=1)
            if len(body) > 1 and body[1].strip():
                lost("feedback")
            share = 100.0 if option["mark"] == "=" else float(option["mark"].strip("%")) if option["mark"] else 0.0
            if share > HALF or (not option["mark"] and cloze["kind"] in NUMBER):
                accepted.append(re.sub(r"\\(.)", r"\1", body[0]).strip())
            elif body[0].strip():
                other += 1
        if other:
            lost("options")
        if cloze["kind"] in NUMBER:
            lost("number")
            accepted = [value.split(":")[0] for value in accepted]
        return gap_of(accepted) if any(accepted) else cloze[0].replace("{", "(").replace("}", ")")

    return CLOZE.sub(one, text)


def gap_of(accepted: list[str]) -> str:
    """A gap of ours."""
    safe = [" ".join(text.replace("]]", "] ]").replace("|", "\\|").split()) for text in accepted if text.strip()]
    return f"[[{'|'.join(safe)}]]"
