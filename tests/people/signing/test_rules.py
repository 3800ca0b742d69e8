"""What browsers are called, which step a code is of, what is kept of recovery codes."""

import pyotp
import pytest

from lms.people.signing.rules import agent_of, find_step, plain_code, recovery_digest, step_of
from lms.people.signing.service.passkeys import Party, party_of
from lms.people.signing.words import agent_words

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.mark.parametrize(
    ("said", "agent"),
    [
        ("Mozilla/5.0 (Linux; Android 14; SM-A055F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36", "chrome-android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1", "safari-iphone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "edge-windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "firefox-linux"),
        ("Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/116 Mobile Safari/537.36 MicroMessenger/8.0", "wechat-android"),
        ("curl/8", "other-other"),
        ("", "other-other"),
    ],
)
def test_little_is_kept_of_a_browser(said: str, agent: str) -> None:
    assert agent_of(said) == agent
    assert all(str(word) for word in agent_words(agent))


def test_unknown_agents_have_words() -> None:
    assert [str(word) for word in agent_words("xx-yy")] == [str(word) for word in agent_words("other-other")]


@pytest.mark.parametrize(("off", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_good_in_its_half_minute_and_beside_it(off: int, fits: bool) -> None:
    app, now = pyotp.TOTP(SECRET), 1_900_000_000
    code = app.at(now + 30 * off)
    assert (find_step(code, step_of(now), 0, app.generate_otp) is not None) is fits


def test_a_code_is_good_once_and_blanks_do_not_matter() -> None:
    app, now = pyotp.TOTP(SECRET), 1_900_000_000
    code = app.at(now)
    step = find_step(f"{code[:3]} {code[3:]}", step_of(now), 0, app.generate_otp)
    assert step == step_of(now)
    assert find_step(code, step_of(now), step, app.generate_otp) is None
    assert find_step("đấu", step_of(now), 0, app.generate_otp) is None


def test_recovery_codes_are_kept_as_digests_of_one_person() -> None:
    assert plain_code(" ABCD-ef 23") == "abcdef23"
    assert recovery_digest("abcd-ef23", 1, "k") == recovery_digest("ABCDEF23", 1, "k")
    assert len({recovery_digest("abcd-ef23", person, key) for person in (1, 2) for key in ("k", "l")}) == 4


@pytest.mark.parametrize(
    ("address", "party"),
    [
        ("https://vean.example.org", Party("S", "vean.example.org", "https://vean.example.org")),
        ("https://vean.example.org:8443/x", Party("S", "vean.example.org", "https://vean.example.org:8443")),
        ("http://localhost:8000", Party("S", "localhost", "http://localhost:8000")),
        ("http://vean.example.org", None),
        ("http://127.0.0.1:8000", None),
        ("https://10.0.0.1", None),
        ("nonsense", None),
    ],
)
def test_where_browsers_allow_passkeys(address: str, party: Party | None) -> None:
    assert party_of(address, "S") == party
