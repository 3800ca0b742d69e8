"""Words of codes, for templates of this room."""

from flask_babel import lazy_gettext as _l

STANDING = {
    "none": _l("Not trained"),
    "valid": _l("Valid"),
    "recorded": _l("Recorded"),
    "expiring": _l("Expiring"),
    "expired": _l("Expired"),
    "retrain_required": _l("Retraining needed"),
    "suspended": _l("Suspended"),
    "revoked": _l("Revoked"),
}
TRAINING = {
    "not_started": _l("Not started"),
    "in_training": _l("In training"),
    "awaiting_exam": _l("Awaiting the test"),
    "awaiting_issue": _l("Awaiting confirmation"),
    "complete": _l("Complete"),
}
PART = {"law": _l("Law"), "management": _l("Management"), "theory": _l("Theory"), "practice": _l("Practice"), "test": _l("Test")}
KIND = {"lesson": _l("Lesson"), "class": _l("Class day"), "test": _l("Test passed"), "external": _l("Certificate from elsewhere")}
BASIS = {"initial": _l("Initial training"), "refresher": _l("Refresher training"), "external": _l("Certificate from elsewhere")}
PAPER = {"certificate": _l("Certificate"), "card": _l("Safety card"), "register_entry": _l("Register entry")}
PAPER_STATE = {
    "in_force": "valid",
    "not_yet": "none",
    "over": "expired",
    "suspended": "suspended",
    "revoked": "revoked",
    "superseded": "none",
}
TILE = {"valid": _l("Valid"), "expiring": _l("Expiring"), "bad": _l("Not valid"), "never": _l("Never trained"), "waived": _l("Waived")}
MARK = {"suspended": _l("Suspended"), "reinstated": _l("Suspension lifted"), "revoked": _l("Revoked"), "superseded": _l("Replaced")}
TRIGGER = {
    "job_change": _l("A change of job"),
    "technology_change": _l("A change of equipment or technology"),
    "absence": _l("A long absence"),
    "law_change": _l("A change of law or knowledge"),
    "other": _l("An event"),
}

WORDS = {
    "standing": STANDING,
    "training": TRAINING,
    "part": PART,
    "kind": KIND,
    "basis": BASIS,
    "paper": PAPER,
    "paper_state": PAPER_STATE,
    "tile": TILE,
    "mark": MARK,
    "trigger": TRIGGER,
}
