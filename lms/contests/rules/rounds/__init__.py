"""The types of rounds. A new type is one file here that makes a RoundType, and its name in REGISTRY."""

from collections.abc import Mapping

from lms.contests.rules.rounds.kind import RoundType
from lms.contests.rules.rounds.quiz import QUIZ, QuizConfig

REGISTRY: Mapping[str, RoundType] = {kind.name: kind for kind in (QUIZ,)}

__all__ = ["REGISTRY", "QuizConfig", "RoundType"]
