"""The blueprint of exams."""

from flask import Blueprint

from lms.people.rules import Permission

RUN = Permission.RECORD_CLASS
"""Whoever may do this in a unit makes and runs its exams: officers, trainers, training administrators."""
bp = Blueprint("exams", __name__, template_folder="../templates", url_prefix="/exams")
