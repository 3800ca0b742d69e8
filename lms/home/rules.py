"""What the first page puts on top: the order of what is due, and the Action Month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

THEMES: Mapping[int, str] = {
    2024: "Tăng cường đảm bảo an toàn, vệ sinh lao động tại nơi làm việc và trong chuỗi cung ứng",
    2025: "Tăng cường đánh giá, nhận diện nguy cơ, rủi ro và chủ động triển khai các biện pháp bảo đảm ATVSLĐ tại nơi làm việc",
    2026: "Đổi mới quản lý và nâng cao hiệu quả công tác ATVSLĐ trong kỷ nguyên số",
}
"""Themes as announced, in the words of the announcement (an official title: shown as it is in every language)."""

AHEAD = timedelta(days=60)
URGENCY = ("revoked", "retrain_required", "suspended", "expired", "expiring", "none", "valid")


@dataclass(frozen=True, slots=True)
class ActionMonth:
    """The Action Month on OSH that is near: 1 to 31 May (Decision 87/QĐ-TTg of 12/01/2016; Circular 02/2017/TT-BLĐTBXH)."""

    year: int
    state: Literal["coming", "now"]
    days: int
    theme: str | None


def action_month(today: date) -> ActionMonth | None:
    """The Action Month of the year from 60 days before it to its last day; days: until it begins, or left with today included."""
    begins, ends = date(today.year, 5, 1), date(today.year, 5, 31)
    if begins - AHEAD <= today < begins:
        return ActionMonth(today.year, "coming", (begins - today).days, THEMES.get(today.year))
    if begins <= today <= ends:
        return ActionMonth(today.year, "now", (ends - today).days + 1, THEMES.get(today.year))
    return None


def urgency(standing: str, *, waived: bool = False) -> int:
    """The place of a standing among what is due: the most pressing first. waived: missing training is excused, so nothing is pressing."""
    return len(URGENCY) if waived else URGENCY.index(standing)
