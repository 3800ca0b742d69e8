"""Codes of items."""

from lms.content.codes.code import error, warning
from lms.platform.rules import phrase

CODES = (
    error(
        "item-no-id",
        phrase("An item has no id."),
        phrase("Run `lms fix`: it writes one that is never used twice. The id stays with the item for ever."),
        "## Việc đầu tiên là gì?",
        "## Việc đầu tiên là gì? {#qaaaaaa3}",
    ),
    error(
        "item-id",
        phrase("An id does not have the form of an id."),
        phrase("Use a letter, then letters and digits; `lms fix` writes ids of eight."),
        "## Việc đầu tiên là gì? {#Q}",
        "## Việc đầu tiên là gì? {#qaaaaaa3}",
    ),
    error(
        "item-duplicate-id",
        phrase("An id stands twice; each line names the other."),
        phrase("Delete the id of the newer item and run `lms fix`."),
        "## Câu một? {#qaaaaaa3}\n## Câu hai? {#qaaaaaa3}",
        "## Câu một? {#qaaaaaa3}\n## Câu hai? {#k7m2p4qa}",
    ),
    error(
        "item-other-key",
        phrase("The id belongs to an item that was deleted and had another key. Publishing and the content page tell this."),
        phrase("Give the new item an id of its own; an id is for ever."),
    ),
    error(
        "item-no-text",
        phrase("An item asks nothing: its header has no text."),
        phrase("Write the question behind ##."),
        "## {#qaaaaaa3}",
        "## Việc đầu tiên là gì? {#qaaaaaa3}",
    ),
    error(
        "item-attributes",
        phrase("Something in the braces of an item cannot be read."),
        phrase('Write {#id .critical points=1 tags="a, b"}: a space between the parts, quotes round what holds blanks.'),
        "{#qaaaaaa3 points=1 !!}",
        "{#qaaaaaa3 points=1}",
    ),
    error(
        "item-few-choices",
        phrase("An item has fewer than two choices."),
        phrase("Add choices that somebody could take for right."),
        "- (x) Báo cho người liên quan",
        "- (x) Báo cho người liên quan\n- ( ) Tháo che chắn\n- ( ) Thử khởi động",
    ),
    error("item-many-choices", phrase("An item has more than ten choices."), phrase("Leave out the weakest ones.")),
    error(
        "item-no-right",
        phrase("No choice is marked as right."),
        phrase("Put an x into the bracket of the right one: (x) or [x]."),
        "- ( ) Báo cho người liên quan\n- ( ) Tháo che chắn",
        "- (x) Báo cho người liên quan\n- ( ) Tháo che chắn",
    ),
    error(
        "item-several-right",
        phrase("Several choices are marked as right, but round brackets ask for one."),
        phrase("Leave one (x), or write all brackets square: [ ] and [x]."),
        "- (x) Báo cho người liên quan\n- (x) Tháo che chắn",
        "- (x) Báo cho người liên quan\n- ( ) Tháo che chắn",
    ),
    error(
        "item-all-right",
        phrase("Every choice is marked as right, so ticking all is enough."),
        phrase("Add a choice that is wrong."),
        "- [x] Thay lưỡi cưa\n- [x] Gỡ kẹt",
        "- [x] Thay lưỡi cưa\n- [x] Gỡ kẹt\n- [ ] Đọc đồng hồ đo",
    ),
    error(
        "item-brackets",
        phrase("Round and square brackets are mixed in one item, or a bracket closes as another kind than it opens."),
        phrase("( ) is for one right answer, [ ] for several."),
        "- (x) Báo cho người liên quan\n- [ ] Tháo che chắn",
        "- (x) Báo cho người liên quan\n- ( ) Tháo che chắn",
    ),
    error(
        "item-mark",
        phrase("A bracket holds something that is no mark."),
        phrase("Leave the bracket empty, put an x into it, or whole percents from -100 to 100."),
        "- [150%] Thay lưỡi cưa",
        "- [50%] Thay lưỡi cưa",
    ),
    error("item-empty-choice", phrase("A choice has no text."), phrase("Write it, or delete the line."), "- ( )", "- ( ) Tháo che chắn"),
    error(
        "item-same-choice",
        phrase("The same choice stands twice."),
        phrase("Delete one of the two."),
        "- ( ) Tháo che chắn\n- ( ) Tháo che chắn",
        "- ( ) Tháo che chắn\n- ( ) Thử khởi động",
    ),
    error(
        "item-stray-text",
        phrase("A line belongs neither to a choice nor to the explanation."),
        phrase("A choice begins with `- ( )` or `- [ ]`, what explains a choice is indented, and the explanation at the end stands behind `>`."),
        "- ( ) Tháo che chắn\nVì phải báo trước.",
        "- ( ) Tháo che chắn\n\n> Vì phải báo trước.",
    ),
    warning(
        "item-no-explanation",
        phrase("Nothing explains why the answer is right."),
        phrase("Add a last line that begins with `> `."),
        "- ( ) Tháo che chắn",
        "- ( ) Tháo che chắn\n\n> Báo trước để không ai đóng điện lại.",
    ),
    error(
        "bank-text",
        phrase("A line stands outside of any item of a bank."),
        phrase("An item begins with `## Question {#id}`."),
        "Lời dẫn cho cả bài.\n\n## Ai được phép tháo khóa? {#qaaaaaa2}",
        "## Ai được phép tháo khóa? {#qaaaaaa2}",
    ),
)
