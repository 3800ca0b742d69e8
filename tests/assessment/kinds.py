"""One item of every kind, two of them in a case, and a quiz that asks them all, in the order of `KINDS_ORDER`."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from lms.assessment.offerings import Offering
from lms.content.bodies import to_body
from lms.content.catalogue import Blank, Case, Choice, Criterion, Draw, Item, Number, Quiz, Region
from lms.content.models import ItemRevision

KIND_KEY = "test:kinds"
Words = dict[str, str]


def said(vi: str, zh: str, en: str) -> Words:
    """A text in the three languages."""
    return {"vi": vi, "zh": zh, "en": en}


def same(text: str) -> Words:
    """A text that reads alike in all."""
    return {"vi": text, "zh": text, "en": text}


def _choices(*texts: Words, right: str = "", **given: Any) -> tuple[Choice, ...]:
    return tuple(Choice(letter, text, same(f"SECRET-feedback {letter}"), letter in right, **given) for letter, text in zip("abcdefgh", texts, strict=False))


def make(item_id: str, kind: str, prompt: Words, **given: Any) -> Item:
    """An item of that kind; its key reads SECRET wherever it has words of its own."""
    usual: dict[str, Any] = {
        "id": item_id,
        "digest": f"kind-{item_id}".ljust(64, "0"),
        "presentation_digest": f"p-{item_id}",
        "key_digest": f"k-{item_id}",
        "kind": kind,
        "points": 2,
        "critical": False,
        "difficulty": 1,
        "topic": "luat",
        "tags": (),
        "prompt": {lang: f"<p>{text}</p>" for lang, text in prompt.items()},
        "choices": (),
        "explanation": same("<p>SECRET-explanation</p>"),
        "basis": {},
        "source": {},
        "bank": "quiz/kinds",
        "place": "quizzes/quiz/kinds.vi.md:1",
    }
    return Item(**usual | given)


SHOCK = Case(
    "case0001",
    said(
        "<p>Anh Ba chạm vào tủ điện hở và ngã xuống, tay vẫn dính vào dây.</p>",
        "<p>阿三碰到敞开的配电箱后倒地，手仍粘在电线上。</p>",
        "<p>Ba touched an open switchboard and fell; his hand still sticks to the wire.</p>",
    ),
    1,
    2,
)
SINGLE = make(
    "single01",
    "single",
    said("Việc đầu tiên bạn làm là gì?", "你首先做什么？", "What do you do first?"),
    choices=_choices(
        said("Kéo anh ấy ra bằng tay không", "徒手把他拉开", "Pull him away with bare hands"),
        said("Ngắt nguồn điện", "切断电源", "Switch the power off"),
        said("Đổ nước", "泼水", "Pour water"),
        right="b",
    ),
    case=SHOCK,
    critical=True,
)
MULTIPLE = make(
    "multi001",
    "multiple",
    said("Sau đó cần làm những gì?", "然后要做什么？", "What is needed after that?"),
    choices=tuple(
        replace(choice, percent=percent)
        for choice, percent in zip(
            _choices(
                said("Gọi 115", "拨打急救电话", "Call an ambulance"),
                said("Kiểm tra hơi thở", "检查呼吸", "Check the breathing"),
                said("Cho uống nước", "给他喝水", "Give him water"),
                right="ab",
            ),
            (50, 50, -50),
            strict=True,
        )
    ),
    case=replace(SHOCK, place=2),
)
NUMERIC = make(
    "numeric1",
    "numeric",
    said("Mức ồn cho phép trong 8 giờ là bao nhiêu?", "8小时允许的噪声级是多少？", "What noise level is allowed for 8 hours?"),
    number=Number("85", "0.5", relative=False, unit=same("dBA")),
)
SHORT = make(
    "short001",
    "short",
    said("Tên của việc khóa nguồn năng lượng và treo biển là gì?", "锁住能源并挂牌叫什么？", "What is locking the energy and hanging a tag called?"),
    blanks=(Blank({"vi": ("khóa và treo thẻ", "LOTO"), "zh": ("上锁挂牌",), "en": ("lockout/tagout",)}),),
)
ORDERING = make(
    "order001",
    "ordering",
    said("Sắp xếp các bước khóa, treo thẻ.", "排列上锁挂牌的步骤。", "Put the steps of lockout in order."),
    choices=_choices(
        said("Báo cho mọi người", "通知所有人", "Tell everybody"),
        said("Thử để biết chắc là không còn điện", "验电确认", "Test that it is dead"),
        said("Tắt máy và ngắt nguồn", "停机并断电", "Stop the machine and cut the power"),
        said("Khóa và treo thẻ", "上锁并挂牌", "Lock and tag"),
    ),
    order="acdb",
    partial=True,
)
MATCHING = make(
    "match001",
    "matching",
    said("Biển nào có nghĩa gì?", "标志的含义是什么？", "Which sign means what?"),
    choices=_choices(said("Tròn, viền đỏ, gạch chéo", "红圈斜杠", "Red ring with a bar"), said("Tam giác vàng", "黄色三角", "Yellow triangle")),
    targets=_choices(said("Cảnh báo", "警告", "Warning"), said("Bắt buộc", "指令", "Mandatory"), said("Cấm", "禁止", "Prohibited")),
    pairs={"a": "c", "b": "a"},
    columns=(said("Biển", "标志", "Sign"), said("Nghĩa", "含义", "Meaning")),
    partial=True,
)
_GAP = '<span data-gap="{}"></span>'
GAPS = make(
    "gaps0001",
    "gaps",
    said(
        f"Trước khi sửa máy phải {_GAP.format(0)} nguồn và treo {_GAP.format(1)}.",
        f"修理机器前必须{_GAP.format(0)}电源并挂上{_GAP.format(1)}。",
        f"Before repair {_GAP.format(0)} the power and hang a {_GAP.format(1)}.",
    ),
    blanks=(
        Blank({"vi": ("ngắt", "cắt"), "zh": ("切断",), "en": ("cut", "switch off")}),
        Blank({"vi": ("thẻ",), "zh": ("牌",), "en": ("tag",)}, keep_accents=True),
    ),
    partial=True,
)
HOTSPOT = make(
    "spots001",
    "hotspot",
    said("Tìm các vi phạm trong ảnh.", "找出图中的违章行为。", "Find the violations in the picture."),
    choices=tuple(
        replace(choice, region=region)
        for choice, region in zip(
            _choices(
                said("Thợ không đội mũ", "工人没戴安全帽", "Worker without a helmet"),
                said("Bình chữa cháy", "灭火器", "Fire extinguisher"),
                said("Lối thoát hiểm bị chặn", "疏散通道被堵", "Blocked exit"),
                right="ac",
            ),
            (Region(800, 1200, 2600, 5600), Region(4200, 5200, 1200, 2600), Region(6400, 900, 2800, 7600)),
            strict=True,
        )
    ),
    picture=same("/static/img/sign-danger.svg"),
    picture_alt=said("Một xưởng có ba thứ được đánh số", "车间里有三处编号", "A workshop with three numbered things"),
    picture_size=(640, 400),
    partial=True,
)
ESSAY = make(
    "essay001",
    "essay",
    said("Viết cách bạn báo cáo một sự cố suýt xảy ra.", "写下你如何报告一起未遂事故。", "Write how you report a near miss."),
    rubric=(
        Criterion(said("SECRET nêu nơi và lúc", "SECRET 写明时间地点", "SECRET says where and when"), 40),
        Criterion(said("SECRET nêu cách phòng ngừa", "SECRET 写明预防措施", "SECRET says how to prevent it"), 60),
    ),
)
ALL_KINDS = (SINGLE, MULTIPLE, NUMERIC, SHORT, ORDERING, MATCHING, GAPS, HOTSPOT, ESSAY)
RIGHT_ANSWERS = {
    "single01": "b",
    "multi001": "ab",
    "numeric1": "85 dBA",
    "short001": "Khoá và treo thẻ",
    "order001": "acdb",
    "match001": "a:c b:a",
    "gaps0001": '["ngắt","thẻ"]',
    "spots001": "ac",
    "essay001": "Tôi báo cho tổ trưởng ngay.\nSau đó ghi vào sổ.",
}


def make_kinds_quiz(**given: Any) -> Quiz:
    """A quiz of all nine, in the order of the file; the first entry is the case."""
    pool = tuple(item.digest for item in ALL_KINDS if item is not MULTIPLE)
    usual: dict[str, Any] = {
        "slug": "kinds",
        "digest": "kinds-digest",
        "title": said("Đủ loại câu hỏi", "各种题型", "Every kind of question"),
        "pass_percent": 60,
        "time_limit_s": 1200,
        "attempts": 1,
        "draws": (Draw("quiz/kinds", len(pool), (), None, pool, {SINGLE.digest: (SINGLE.digest, MULTIPLE.digest)}),),
        "shuffle_items": False,
        "shuffle_choices": False,
        "review": "after_submit",
        "review_keys": "when_no_tries_remain_or_passed",
        "opens_at": None,
        "closes_at": None,
    }
    return Quiz(**usual | given)


def make_kinds_offering(quiz: Quiz | None = None, **given: Any) -> Offering:
    """The quiz as offered, once."""
    quiz = quiz or make_kinds_quiz()
    usual: dict[str, Any] = {"key": KIND_KEY, "title": quiz.title, "quiz": quiz, "attempts_max": 1, "pass_percent": 60, "back_url": "/"}
    return Offering(**usual | given)


def store_items(session: Session, *items: Item) -> None:
    """Keep item revisions as publishing does."""
    for item in items:
        values = {"digest": item.digest, "item_id": item.id, "kind": item.kind, "body": to_body(item)}
        session.add(ItemRevision(**values, presentation_digest=item.presentation_digest, key_digest=item.key_digest))
