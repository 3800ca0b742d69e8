"""The desk of those who run tests: every test of the own part of the organisation, and for each what can be done with it."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import render_template

from lms.assessment.offerings import OfferingSources
from lms.assessment.quality.views.permits import may_see_quality, may_see_some_quality
from lms.assessment.service.desk import get_test, list_tests
from lms.assessment.views.blueprint import RUNNERS, bp, desk_scope
from lms.content.access import catalogue
from lms.people.access import may, permission_required
from lms.people.rules import Permission
from lms.platform.rules import Phrase, phrase
from lms.platform.site import reading, site


@dataclass(frozen=True, slots=True)
class DeskTool:
    """One thing to do with a test, shown as a card on its page. endpoint: of a page that takes `key`; allowed: for whom, by the key."""

    label: Phrase
    hint: Phrase
    endpoint: str
    icon: str
    allowed: Callable[[str], bool] = lambda _key: True


TOOLS: tuple[DeskTool, ...] = (
    DeskTool(phrase("Live room"), phrase("Who is expected, who sits, how far; more time, hand in, free a device."), "supervision.room", "eye"),
    DeskTool(
        phrase("Question quality"),
        phrase("Which are too easy, too hard or may have a wrong key; what learners reported."),
        "assessment.quality",
        "chart",
        may_see_quality,
    ),
    DeskTool(phrase("On paper"), phrase("Variants to print, and sheets of answers to enter."), "assessment.papers", "print"),
    DeskTool(phrase("Results"), phrase("Every try with its points, as a list and as a file; why a result has changed."), "assessment.results", "people"),
    DeskTool(phrase("Late answers"), phrase("What arrived after the end, with its times: use it or leave it."), "assessment.late", "clock"),
    DeskTool(
        phrase("Corrections"),
        phrase("Void a question, accept another answer, take a new key; first see what it changes, for whom."),
        "assessment.corrections",
        "edit",
    ),
)


@bp.get("/tests")
@permission_required(*RUNNERS)
def desk() -> str:
    """The tests, with who is sitting, how many passed and what waits to be marked."""
    listed = site().part(OfferingSources).listed(reading(), catalogue())
    tests = list_tests(reading(), scope=desk_scope(), listed=listed)
    return render_template(
        "assessment/desk.html",
        tests=tests,
        waiting=sum(test.waiting for test in tests),
        sees_quality=may_see_some_quality(),
        examines=may(Permission.RECORD_CLASS),
    )


@bp.get("/tests/<path:key>")
@permission_required(*RUNNERS)
def desk_test(key: str) -> str:
    """One test in numbers, and the tools for it."""
    listed = site().part(OfferingSources).listed(reading(), catalogue())
    return render_template(
        "assessment/desk_test.html", test=get_test(reading(), key=key, scope=desk_scope(), listed=listed), tools=[tool for tool in TOOLS if tool.allowed(key)]
    )
