"""The kitchen at /kitchen: every macro of ui.html in every state. For designers and tests; registered only in debug and test."""

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    Form,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
    widgets,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

bp = Blueprint("styleguide", __name__)

NOW_MS = 1_795_000_000_000
MINUTE_MS = 60_000
DAY_MS = 86_400_000
ANSWERED, FLAGGED, CURRENT = {1, 2, 3, 4, 5, 6, 9}, {3, 12}, 7

# What people write (names, titles, questions) is data, not interface: it is here and not in the catalogues.
SAMPLES: dict[str, dict[str, Any]] = {
    "vi": {
        "person": "Nguyễn Thị Ưởng",
        "unit": "Tổ hàn 2, Xưởng cơ khí",
        "course": "Làm việc an toàn trên cao",
        "contest": "Hội thi An toàn vệ sinh viên giỏi 2026",
        "lead": "Mọi thành phần giao diện ở mọi trạng thái: chữ có dấu, số lớn, màu của biển báo an toàn.",
        "question": "Trước khi vào hầm chứa kín, việc nào phải làm <strong>đầu tiên</strong>?",
        "answers": [
            "Đo nồng độ ôxy và khí độc từ bên ngoài",
            "Cử một người xuống kiểm tra nhanh",
            "Bật quạt hút trong 2 phút rồi vào ngay",
            "Đeo khẩu trang y tế",
        ],
        "why": "Đo từ bên ngoài: ôxy từ 19,5 % đến 23,5 %. Người xuống thử là nạn nhân đầu tiên.",
        "law": "Nghị định 44/2016/NĐ-CP, Điều 17",
        "text": "Ngắt nguồn, treo khoá và biển trước khi mở nắp che. Kiểm tra không còn điện bằng bút thử.",
        "error": "Mã nhân viên này chưa có trong danh sách.",
    },
    "zh": {
        "person": "王镕",
        "unit": "机械车间焊接二班",
        "course": "高处作业安全",
        "contest": "2026年“安康杯”安全卫生员竞赛",
        "lead": "界面的每个部件与每种状态：大号数字、安全标志颜色、清晰的中文排版。",
        "question": "进入密闭储罐之前，<strong>首先</strong>必须做什么？",
        "answers": [
            "在罐外检测氧气和有毒气体浓度",
            "派一个人下去快速查看",
            "通风两分钟后立即进入",
            "佩戴医用口罩",
        ],
        "why": "先在罐外检测：氧含量应在19.5%至23.5%之间。贸然下去的人往往是第一个遇险者。",
        "law": "《安全生产法》第二十八条",
        "text": "打开防护罩前先断电、上锁、挂牌，并用验电器确认无电。",
        "error": "名单中没有这个工号。",
    },
    "en": {
        "person": "Ann Carter",
        "unit": "Welding team 2, machine shop",
        "course": "Safe work at height",
        "contest": "Good safety officer contest 2026",
        "lead": "Every part in every state: big numbers, the colours of safety signs, three languages.",
        "question": "Before you enter a closed tank, what must be done <strong>first</strong>?",
        "answers": [
            "Measure oxygen and toxic gas from outside",
            "Send one person down for a quick look",
            "Run the fan for 2 minutes, then go in",
            "Wear a medical mask",
        ],
        "why": "Measure from outside: oxygen between 19.5 % and 23.5 %. Whoever goes to look is the first victim.",
        "law": "Decree 44/2016/ND-CP, article 17",
        "text": "Isolate, lock and tag before you open the guard. Prove dead with a tester.",
        "error": "This staff number is not on the list.",
    },
}
TOPICS = [SelectChoice("e", "1"), SelectChoice("h", "2")]


class SampleForm(Form):
    """One field of every usual type."""

    name = StringField("Full name", [validators.InputRequired()], description="As on the identity card")
    staff = StringField("Staff number", [validators.InputRequired()])
    secret = PasswordField("Password", [validators.Optional()])
    born = DateField("Date of birth", [validators.Optional()])
    hours = IntegerField("Hours", [validators.Optional(), validators.NumberRange(0, 48)])
    group = SelectField("Training group", choices=[SelectChoice("1", "1"), SelectChoice("3", "3"), SelectChoice("4", "4")])
    sheet = FileField("List of people", [validators.Optional()])
    note = TextAreaField("Note", [validators.Optional()])
    shift = RadioField("Shift", choices=[SelectChoice("a", "A"), SelectChoice("b", "B"), SelectChoice("c", "C")], validators=[validators.InputRequired()])
    topics = SelectMultipleField("Topics", choices=TOPICS, option_widget=widgets.CheckboxInput(), widget=widgets.ListWidget())
    agree = BooleanField("I have read the rules", [validators.InputRequired()])


def sample_form(error: str | None = None) -> SampleForm:
    """A form as first shown, or as it comes back with errors."""
    if error is None:
        return SampleForm(data={"group": "3", "shift": "b", "topics": ["e"]})
    form = SampleForm(MultiDict({"bad-name": "Nguyễn", "bad-staff": "X-1", "bad-group": "4"}), prefix="bad")
    form.validate()
    form.staff.errors = [error]
    return form


def sample_grid(*, review: bool = False) -> list[SimpleNamespace]:
    """Twenty questions in a mixture of states."""
    cells = [SimpleNamespace(n=n, url=f"#q{n}", current=False, answered=n in ANSWERED, flagged=False, state=None) for n in range(1, 21)]
    for cell in cells:
        if review:
            cell.state = "right" if cell.answered else "wrong"
        else:
            cell.current, cell.flagged = cell.n == CURRENT, cell.n in FLAGGED
    return cells


@bp.get("/kitchen")
def kitchen() -> str:
    """Show the parts. `?bare=1` shows them in the sitting's layout."""
    lang = str(_context().get("lang", "vi"))
    sample = SAMPLES.get(lang, SAMPLES["en"])
    template = "kitchen_bare.html" if request.args.get("bare") else "kitchen.html"
    return render_template(
        template,
        s=sample,
        form=sample_form(),
        bad_form=sample_form(sample["error"]),
        grid=sample_grid(),
        review=sample_grid(review=True),
        now_ms=NOW_MS,
        soon_ms=NOW_MS + 12 * MINUTE_MS + 7_000,
        low_ms=NOW_MS + 4 * MINUTE_MS,
        later_ms=NOW_MS + 9 * DAY_MS + 3_000_000,
        over_ms=NOW_MS - 1,
        url_for_page=lambda n: url_for("styleguide.kitchen", page=n),
    )


def _context() -> dict[str, object]:
    """What the site's context processors give every template."""
    context: dict[str, object] = {}
    current_app.update_template_context(context)
    return context
