"""The letter as it is sent."""

from email.parser import BytesParser
from email.policy import SMTP

from lms.clock import MovableClock
from lms.platform.mail import Letter, MailServer, message_of
from tests.conftest import NOW


def test_a_long_address_to_end_letters_stays_whole() -> None:
    server = MailServer("mail.example", 25, "none", "", "an-toan@vean.example", "Vệ An", MovableClock(NOW))
    url = "https://" + "don-vi-rat-dai." * 12 + "example/notices/stop/MTIz.NEGtDPRPA0r8OZMmtKRKqH3NqwA"
    sent = message_of(Letter("a@b.example", "Giấy chứng nhận " * 9, "x", "<p>x</p>", "notice.1-1", url), server).as_bytes()
    assert f"<{url}>".encode() in sent
    assert b"=?utf-8?q?=3Chttp" not in sent
    read = BytesParser(policy=SMTP).parsebytes(sent)
    assert str(read["Subject"]).strip() == ("Giấy chứng nhận " * 9).strip()
    assert read["From"].addresses[0].display_name == "Vệ An"
