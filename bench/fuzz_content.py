"""A fuzzer over content: files put together of pieces that authors and attackers write, compiled, judged, fixed.

    .venv/bin/python -m bench.fuzz_content --seconds 120 [--seed 1]

It looks for: an exception; HTML that could run, load or ask something; a text that costs more work than its length is worth;
a fix that changes what the tree compiles to, or that is not done at once. What it finds is printed with the seed that makes it again.
"""

import argparse
import random
import sys
import time
import traceback
from collections.abc import Iterator

from lms.content.fixing.fixing import fix_tree
from lms.content.markup.words import LANGS
from lms.content.packages.compiler import Compiled, compile_tree
from lms.content.packages.keeping import Kept
from lms.content.source.tree import ContentTree
from tests.content.harm import attacks, harm_in
from tests.content.sample import SAMPLE, compiled
from tests.content.test_hostile import pages_of

SIGNS = [
    *"()[]{}<>#*_`~!|\\&;:.,=\"'^+-$%@/ \n\t",
    *"（）【】［］｛｝＃＝：，；＞｜×％　“”",
    "\u0301",
    "\u200b",
    "\ufeff",
    "\r\n",
    "\u202e",
    "\U000e0041",
    "đ",
    "锁",
]
PIECES = [
    "\n## Ai? {#fuzzfuz2}\n\n",
    "\n### Ai? {#fuzzfuz3}\n",
    "\n- (x) a\n- ( ) b\n",
    "\n- [50%] a\n- [ ] b\n",
    "\n= 85 ± 1 dBA\n",
    " [[a|b]] ",
    "\n1. a\n2. b\n",
    "\n| a | b |\n|---|---|\n| c | d |\n",
]
PIECES += [
    "\n> vì\n",
    "\n  > vì\n",
    "\n> [!danger] x\n> y\n",
    "\n```\n",
    "\n~~~\n",
    "\n---\n",
    "[^1]",
    "\n[^1]: x\n",
    "![x](img/khoa.svg)",
    "[x](https://example.org)",
    "\n: y\n",
    "\n# x\n",
]
PIECES += [
    " {#fuzzfuz4 .match}",
    " {#fuzzfuz5 .order}",
    " {#fuzzfuz6 .hotspot}",
    " {#fuzzfuz7 .essay}",
    " {#fuzzfuz8 .case}",
    " {#fuzzfuz9 .text}",
    "key: value\n",
    "- a: b\n",
    "[a, b]",
    "{a: b}",
    "|\n",
    ">\n",
]
PIECES += [text for name in ("html", "links", "markdown", "signs", "items") for text in attacks(name).values()]
MAX_SECONDS = 5.0


def trees(chance: random.Random) -> Iterator[ContentTree]:
    """Trees of which one to three texts were spoilt."""
    files = dict(compiled(SAMPLE)[0].files)
    texts = [path for path in files if path.endswith((".md", ".yml"))]
    while True:
        made = dict(files)
        for path in chance.sample(texts, chance.choice((1, 1, 1, 2, 3))):
            made[path] = _spoilt(files[path].decode(), chance)
        yield ContentTree(made, "fuzz")


def _spoilt(text: str, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 2, 4, 8, 20))):
        at, to = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        match chance.randrange(7):
            case 0:
                text = text[:at] + text[min(to, at + chance.randrange(40)) :]
            case 1:
                text = text[:at] + text[at:to][:200] + text[at:]
            case 2:
                text = text[:at] + chance.choice(SIGNS) * chance.choice((1, 1, 2, 3, 9, 150)) + text[at:]
            case 3 | 4:
                text = text[:at] + chance.choice(PIECES) + text[at:]
            case 5:
                text = text[:at] + "".join(chance.choice(SIGNS) for _ in range(chance.randrange(30))) + text[at:]
            case _:
                text = text[:at] + chance.choice(PIECES) * chance.choice((1, 2, 50)) + text[at:]
    data = text.encode()
    return data if chance.random() > 0.01 else data + b"\xff"


def said(made: Compiled) -> object:
    """What a tree compiles to."""
    items = {item.id: item.digest for package in made.packages.values() for item in package.items}
    return {name: package.made.digest for name, package in made.packages.items() if package.made}, items, [(p.file, p.line, p.code) for p in made.problems]


def judge(tree: ContentTree, kept: Kept) -> list[str]:
    """What is wrong with how a tree is treated."""
    begun = time.process_time()
    made = compile_tree(tree, kept=kept)
    wrong = [f"harm: {harm}" for page in pages_of(made) for harm in harm_in(page)]
    took = time.process_time() - begun
    wrong += [f"slow: {took:.1f} s"] if took > MAX_SECONDS else []
    fixes = fix_tree(tree)
    after = ContentTree(dict(tree.files) | {one.path: one.after for one in fixes}, "fuzz")
    again = [one for one in fix_tree(after) if one.refused is None]
    wrong += [f"fixed twice: {one.path} {[str(note.what) for note in one.notes]}" for one in again]
    if not any("given" in note.what.message for one in fixes for note in one.notes) and said(made) != said(compile_tree(after, kept=kept)):
        wrong.append("a fix changed the meaning")
    return wrong


def main() -> None:
    """Fuzz for some seconds; exit status 1 if something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="number of the first tree; each further one counts up")
    asked = parser.parse_args()
    end, seed, found, kept = time.monotonic() + asked.seconds, asked.seed, 0, Kept()
    while time.monotonic() < end:
        tree = next(trees(random.Random(seed)))
        try:
            wrong = judge(tree, kept)
        except Exception:  # noqa: BLE001  (an exception is what it looks for)
            wrong = [traceback.format_exc(limit=-3)]
        for one in wrong[:3]:
            print(f"seed {seed}: {one}", flush=True)
        found += bool(wrong)
        seed += 1
    print(f"{seed - asked.seed} trees from seed {asked.seed}, {found} with something wrong; languages {', '.join(LANGS)}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
