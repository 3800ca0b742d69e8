"""A large content tree as trainers would write it: banks of many questions with feedback, explanations, emphasis, tables and pictures."""

import random
from pathlib import Path

WORDS = (
    "khóa thẻ máy điện người lao động an toàn che chắn cầu dao nguồn kiểm tra giám sát huấn luyện thiết bị áp lực nâng hàng giàn giáo dây đai mũ kính "
    "găng hóa chất nhãn bình chữa cháy lối thoát sơ cứu tai nạn báo cáo quy trình trách nhiệm quản đốc tổ trưởng ca làm việc rủi ro đánh giá biện pháp"
)
VOCABULARY = WORDS.split()
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"><rect width="320" height="200" fill="{}"/></svg>\n'
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
TABLE = "\n| Việc | Mức |\n|---|---|\n| {} | 1 |\n| {} | 2 |\n"


def write_tree(folder: Path, *, files: int, each: int) -> None:
    """`files` banks of `each` items in quizzes of ten banks, every quiz with its settings; the same tree for the same figures."""
    chance = random.Random(7)
    for quiz in range(-(-files // 10)):
        below = folder / "quizzes" / f"de-{quiz}"
        (below / "img").mkdir(parents=True)
        (below / "img" / "may.svg").write_text(DRAWING.format(f"#{quiz:06x}"))
        banks = range(quiz * 10, min(files, quiz * 10 + 10))
        for bank in banks:
            items = "\n".join(_item(chance, bank * each + number) for number in range(each))
            (below / f"kho-{bank}.vi.md").write_text(f"---\ntitle: Kho {bank}\n---\n\n{items}", "utf-8")
        draws = "".join(f"  - from: kho-{bank}\n    pick: 2\n" for bank in banks)
        head = f"id: de-{quiz}\ntitle:\n  vi: Đề {quiz}\nsource_lang: vi\npass_percent: 60\ntime_limit_s: 600\nattempts: 1\n"
        (below / "quiz.yml").write_text(f"{head}draw:\n{draws}review: after_submit\n", "utf-8")


def item_id(number: int) -> str:
    """The id of the item of a number."""
    return "q" + "".join(LETTERS[number >> shift & 31] for shift in (15, 10, 5, 0)) + "aaa"


def _said(chance: random.Random, words: int) -> str:
    return " ".join(chance.choice(VOCABULARY) for _ in range(words)).capitalize()


def _item(chance: random.Random, number: int) -> str:
    """One question: one in four with several right answers, one in five with a picture, one in ten with a table, half with some emphasis."""
    several = number % 4 == 0
    marks = ["x", " ", "x" if several else " ", " "]
    chance.shuffle(marks)
    opened, closed = "[]" if several else "()"
    strong = "**{}**" if number % 2 else "{}"
    lines = [
        f'## {_said(chance, 14)} số {number}? {{#{item_id(number)} points=1 difficulty={number % 3 + 1} tags="loto, t{number % 7}" basis="Luật ATVSLĐ [S]"}}',
        "",
    ]
    lines += ["![Tủ điện đang khóa](img/may.svg)", ""] if number % 5 == 0 else []
    lines += [TABLE.format(_said(chance, 4), _said(chance, 5)).strip(), ""] if number % 10 == 3 else []
    for place, mark in enumerate(marks):
        lines.append(f"- {opened}{mark}{closed} {_said(chance, 3 + number % 6)} {place}")
        lines += [f"  > {_said(chance, 8)}."] if place == 0 else []
    return "\n".join([*lines, "", f"> {strong.format(_said(chance, 4))} {_said(chance, 12)}.", ""])
