"""The rules of people: roles and permissions, names in order, codes and phone numbers, what a secret must be, the unit tree."""

from lms.people.rules.codes import looks_like_national_id, national_id_digest, normal_code, normal_phone, staff_code_of
from lms.people.rules.names import fold, name_words, search_text, sort_key
from lms.people.rules.roles import (
    STAFF_ROLES,
    TABLE,
    Grant,
    Permission,
    Role,
    covers,
    holds_one,
    is_staff,
    may_take_over,
    paths_of,
    refuse_grant,
)
from lms.people.rules.secrets import PASSWORD_MIN, PIN_DIGITS, refuse_password, refuse_pin
from lms.people.rules.units import TAGS, read_tags, unit_search_text, unit_sort_key, write_tags

__all__ = [
    "PASSWORD_MIN",
    "PIN_DIGITS",
    "STAFF_ROLES",
    "TABLE",
    "TAGS",
    "Grant",
    "Permission",
    "Role",
    "covers",
    "fold",
    "holds_one",
    "is_staff",
    "looks_like_national_id",
    "may_take_over",
    "name_words",
    "national_id_digest",
    "normal_code",
    "normal_phone",
    "paths_of",
    "read_tags",
    "refuse_grant",
    "refuse_password",
    "refuse_pin",
    "search_text",
    "sort_key",
    "staff_code_of",
    "unit_search_text",
    "unit_sort_key",
    "write_tags",
]
