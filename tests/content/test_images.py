"""Kind and size of pictures, read from their first bytes."""

import struct

import pytest

from lms.content.source.images import read_picture

JPEG = b"\xff\xd8\xff\xe0\0\4ab\xff\xc0\0\x11\x08" + struct.pack(">HH", 20, 30) + b"\3"
WEBP = b"RIFF\0\0\0\0WEBP"


@pytest.mark.parametrize(
    ("name", "data", "size"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 30, 20), (30, 20)),
        ("a.GIF", b"GIF89a" + struct.pack("<HH", 30, 20), (30, 20)),
        ("a.jpg", JPEG, (30, 20)),
        ("a.webp", WEBP + b"VP8X\n\0\0\0\0\0\0\0" + (29).to_bytes(3, "little") + (19).to_bytes(3, "little"), (30, 20)),
        ("a.webp", WEBP + b"VP8 " + bytes(10) + struct.pack("<HH", 30, 20), (30, 20)),
        ("a.webp", WEBP + b"VP8L" + bytes(5) + struct.pack("<I", 29 | 19 << 14), (30, 20)),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="30px" height="20.2"/>', (30, 20)),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="100%" viewBox="0,0,30,20"/>', (30, 20)),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 a b"/>', (None, None)),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', (None, None)),
    ],
)
def test_size(name: str, data: bytes, size: tuple[int | None, int | None]) -> None:
    picture, refused = read_picture(name, data)
    assert refused is None
    assert picture is not None
    assert (picture.width, picture.height) == size


@pytest.mark.parametrize("data", [b"\xff\xd8" + b"\xff\xe0\0\4ab" * 3, JPEG[:12], b"\xff\xd8\xff\xe0\xff\xff" + bytes(20)])
def test_a_truncated_jpeg_is_refused(data: bytes) -> None:
    assert read_picture("a.jpg", data)[0] is None
