"""What is done with people, units, roles and accounts. Services flush and never commit; ids and `now` come as keywords."""

from lms.people.service.accounts import (
    change_secret,
    choose_language,
    close_account,
    reopen_account,
    reset_secret,
    sign_out_everywhere,
)
from lms.people.service.persons import create_person, edit_person, leave, move_person
from lms.people.service.roles import end_role, grant_role
from lms.people.service.sign_in import sign_in
from lms.people.service.units import close_unit, create_unit, edit_unit, move_unit, reopen_unit

__all__ = [
    "change_secret",
    "choose_language",
    "close_account",
    "close_unit",
    "create_person",
    "create_unit",
    "edit_person",
    "edit_unit",
    "end_role",
    "grant_role",
    "leave",
    "move_person",
    "move_unit",
    "reopen_account",
    "reopen_unit",
    "reset_secret",
    "sign_in",
    "sign_out_everywhere",
]
