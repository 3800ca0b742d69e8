"""Words of the people room for what tables hold as codes."""

from flask_babel import lazy_gettext as _l

from lms.people.rules import Role

LANGUAGES = {"vi": "Tiếng Việt", "zh": "中文", "en": "English"}

ROLES = {
    Role.LEARNER: _l("learner"),
    Role.TEAM_LEADER: _l("team leader"),
    Role.OFFICER: _l("safety officer"),
    Role.MANAGER: _l("manager"),
    Role.TRAINER: _l("trainer"),
    Role.AUTHOR: _l("author"),
    Role.TRAINING_ADMIN: _l("training administrator"),
    Role.ORGANISER: _l("contest organiser"),
    Role.JUDGE: _l("judge"),
    Role.ADMINISTRATOR: _l("administrator"),
    Role.INSPECTOR: _l("inspector"),
}

KINDS = {
    "federation": _l("federation"),
    "company": _l("company"),
    "plant": _l("plant"),
    "workshop": _l("workshop"),
    "team": _l("team"),
    "department": _l("department"),
    "school": _l("school"),
    "commune": _l("commune"),
    "other": _l("other"),
}

ACTIONS = {
    "sign_in": _l("signed in"),
    "signed_out_everywhere": _l("signed out everywhere"),
    "secret_reset": _l("gave a new slip"),
    "secret_changed": _l("chose their own PIN or password"),
    "person_created": _l("entered a person"),
    "person_edited": _l("changed a person"),
    "person_moved": _l("moved a person"),
    "person_left": _l("ended a person's work"),
    "account_closed": _l("closed an account"),
    "account_reopened": _l("opened an account again"),
    "role_granted": _l("gave a role"),
    "role_ended": _l("ended a role"),
    "unit_created": _l("made a unit"),
    "unit_edited": _l("changed a unit"),
    "unit_moved": _l("moved a unit"),
    "unit_closed": _l("closed a unit"),
    "unit_reopened": _l("opened a unit again"),
    "record_class": _l("recorded a class day"),
    "item_report_answered": _l("answered a report about a question"),
    "figures_wished": _l("had the figures of questions computed"),
    "variants_made": _l("made variants on paper"),
    "sheet_entered": _l("entered a sheet of answers"),
    "sheet_corrected": _l("corrected a sheet of answers"),
    "answer_key_printed": _l("printed an answer key"),
    "assign": _l("assigned a scheme"),
    "confirm_training": _l("confirmed training"),
    "issue_document": _l("issued a document"),
    "record_external": _l("recorded a certificate from elsewhere"),
    "add_trigger": _l("called for training again"),
    "add_issuer": _l("recorded an issuer"),
    "suspend_period": _l("suspended a period"),
    "reinstate_period": _l("lifted a suspension"),
    "revoke_period": _l("revoked a period"),
    "round_recounted": _l("recounted a round"),
    "ranking_exported": _l("downloaded a ranking as CSV"),
    "content.publish": _l("published content"),
    "content.go_back": _l("went back to an earlier publication"),
    "content.translation_confirmed": _l("confirmed a translation"),
    "draft_link_made": _l("made a draft link"),
    "draft_link_ended": _l("ended a draft link"),
}
"""Acts of every room by the name that the trail keeps."""

SUBJECTS = {
    "person": _l("person"),
    "unit": _l("unit"),
    "class_day": _l("class day"),
    "item_report": _l("report about a question"),
    "test": _l("test"),
    "attempt": _l("sitting"),
    "paper_batch": _l("variants on paper"),
    "scheme": _l("scheme"),
    "period": _l("period"),
    "document": _l("document"),
    "issuer": _l("issuer"),
    "round": _l("round"),
    "publication": _l("publication"),
    "translation": _l("translation"),
    "draft_link": _l("draft link"),
}
"""What an act was about."""

FIELDS = {
    "full_name": _l("Full name"),
    "staff_code": _l("Staff code"),
    "phone": _l("Phone number"),
    "email": _l("E-mail"),
    "birth_on": _l("Date of birth"),
    "lang": _l("Language"),
    "national_id_digest": _l("National id"),
    "national_id_last": _l("National id"),
    "name": _l("Name"),
    "code": _l("Code"),
    "kind": _l("Kind"),
    "role": _l("Role"),
    "unit": _l("Unit"),
    "parent": _l("Below"),
    "until_on": _l("Until (last day)"),
    "last_on": _l("Last day"),
    "on": _l("From"),
    "from_on": _l("From"),
    "present": _l("Present"),
    "batch": _l("Slips in the batch"),
    "number": _l("Number"),
    "scheme": _l("Scheme"),
    "cause": _l("Reason"),
    "period_id": _l("Period"),
    "evidence_ids": _l("Evidence"),
    "person_ids": _l("People"),
    "position": _l("Job"),
    "changed": _l("Entries changed"),
    "source": _l("Content source"),
    "rev": _l("Branch, tag or commit"),
    "package": _l("Only this course or quiz"),
    "days": _l("Days"),
}
"""What the trail keeps beside an act, by the name of the field."""

VALUES = {role.value: word for role, word in ROLES.items()} | {
    "error": _l("Issued by mistake"),
    "evidence": _l("The evidence was found to be false"),
    "issuer": _l("Withdrawn by the issuer"),
    "authority": _l("By decision of an authority"),
    "correction": _l("Replaced by a corrected document"),
    "job_change": _l("A change of job"),
    "technology_change": _l("A change of equipment or technology"),
    "absence": _l("A long absence"),
    "law_change": _l("A change of law or knowledge"),
    "other": _l("Another event"),
}
"""Codes that the trail keeps: roles, reasons of a decision, what calls for training again."""
