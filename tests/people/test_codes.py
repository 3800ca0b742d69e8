"""Staff codes, phones, national ids: as people type them, one form."""

import pytest

from lms.people.rules import looks_like_national_id, national_id_digest, normal_code, normal_phone, refuse_password, refuse_pin, staff_code_of


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        pytest.param("0912 345 678", "0912345678", id="spaces"),
        pytest.param("0912.345.678", "0912345678", id="dots"),
        pytest.param("+84 912 345 678", "0912345678", id="+84"),
        pytest.param("84912345678", "0912345678", id="84"),
        pytest.param("+84 (0)912-345-678", "0912345678", id="+84 (0)"),
        pytest.param("0084912345678", "0912345678", id="0084"),
        pytest.param("０９１２３４５６７８", "0912345678", id="full width"),
        pytest.param("024 3825 1234", "02438251234", id="landline"),
        pytest.param("13812345678", "+8613812345678", id="Chinese mobile"),
        pytest.param("+86 138 1234 5678", "+8613812345678", id="+86"),
        pytest.param("86 13812345678", "+8613812345678", id="86"),
        pytest.param("+44 20 7946 0000", "+442079460000", id="elsewhere"),
        pytest.param("84123", None, id="too short for 84"),
        pytest.param("NV001", None, id="a code"),
        pytest.param("246813", None, id="a PIN"),
        pytest.param("", None, id="nothing"),
        pytest.param("٠٩١٢٣٤٥٦٧٨", None, id="Arabic digits"),
    ],
)
def test_a_phone_number_has_one_form(typed: str, normal: str | None) -> None:
    assert normal_phone(typed) == normal


@pytest.mark.parametrize(
    ("typed", "code"), [(" nv001 ", "NV001"), ("ｎｖ００１", "NV001"), ("0007", "0007"), ("a b", None), ("đ-1", "Đ-1"), ("x" * 41, None), ("-1", None)]
)
def test_a_staff_code_has_one_form_and_keeps_its_zeros(typed: str, code: str | None) -> None:
    assert staff_code_of(typed) == code
    assert normal_code(" ａ1 ") == "A1"


@pytest.mark.parametrize(
    ("text", "fits"),
    [("001099012345", True), ("001 099 012 345", True), ("123456789", True), ("11010519491231002x", True), ("12345", False), ("٠٠١٠٩٩٠١٢٣٤٥", False)],
)
def test_a_national_id_has_nine_twelve_or_eighteen_places(text: str, fits: bool) -> None:
    assert looks_like_national_id(text) is fits


def test_of_a_national_id_only_a_keyed_digest_and_four_places_are_kept() -> None:
    digest, last = national_id_digest("001 099 012 345", "key")
    assert (len(digest), last) == (64, "2345")
    assert digest == national_id_digest("001099012345", "key")[0] != national_id_digest("001099012345", "other")[0]
    assert "001099012345" not in digest


@pytest.mark.parametrize("pin", ["123456", "654321", "000000", "121212", "123123", "12345", "1234567", "12a456", "１２３４５７", ""])
def test_a_pin_of_another_form_or_with_a_pattern_is_refused(pin: str) -> None:
    assert refuse_pin(pin)


@pytest.mark.parametrize("pin", ["246813", "135790", "112358", "908172"])
def test_another_pin_is_fine(pin: str) -> None:
    assert refuse_pin(pin) is None


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("ngan nhe", id="short"),
        pytest.param("x" * 201, id="long"),
        pytest.param("Matkhau123", id="well known"),
        pytest.param("mật khẩu 123", id="well known with accents"),
        pytest.param("ababababab", id="two letters"),
        pytest.param("Nguyễn Văn An", id="own name"),
        pytest.param("0912 345 678", id="own phone"),
    ],
)
def test_a_password_that_is_guessed_first_is_refused(password: str) -> None:
    assert refuse_password(password, own=("Nguyễn Văn An", "0912345678"))


def test_ten_characters_are_enough_for_a_password() -> None:
    assert refuse_password("mèo tre 7x") is None
    assert refuse_password("mèo tre 7")
