"""Vendor the fonts: `python scripts/vendor.py` fetches and builds what is missing; `--check` verifies what is there.

Be Vietnam Pro comes from the npm registry (`npm pack`, whatever registry npm is set to), pinned by version and SHA-256:
two woff2 files for the web, and two TTF files for PDF made of the latin, latin-ext and vietnamese subsets.
Noto Sans SC for PDF is cut from Debian's fonts-noto-cjk to GBK and Vietnamese. Both are under the SIL Open Font License.
Needs fonttools and brotli (the `dev` extra). A second run does nothing.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "lms/web/static/fonts"
PDF = ROOT / "lms/platform/fonts"

PACKAGE = "@fontsource/be-vietnam-pro@5.3.0"
PACKAGE_SHA256 = "f9e048a263d92f46fbf417aeb41e18bc3c22b3d85365f9347b06eebd3fc1f3ac"
CJK = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
CJK_FACE = "Noto Sans CJK SC"
CJK_LICENCE = Path("/usr/share/doc/fonts-noto-cjk/copyright")
SUBSETS = ("latin", "latin-ext", "vietnamese")

PINNED = {
    "lms/platform/fonts/BeVietnamPro-Bold.ttf": "47243000a5e0f02942660c57978da19b99694aa76e59329448cab78c1a97e596",
    "lms/platform/fonts/BeVietnamPro-Regular.ttf": "b50081b86759fd950deff550eb80782f863724953dcaba00656f5c63200c5fef",
    "lms/platform/fonts/NotoSansSC-Subset.otf": "04c326a0ed248b060de4a502eeac6acb5642e3f16ed8704538f053c27c4782b2",
    "lms/platform/fonts/OFL-BeVietnamPro.txt": "0bd4db1cda123af9d91794b0f98324b7d7d81aef0fcaf78c433160153f2c6f25",
    "lms/platform/fonts/OFL-NotoSansSC.txt": "5bb218343ded506b258d86186d460fc47d9b6b28f0e642cf32676c396b7df763",
    "lms/web/static/fonts/OFL-BeVietnamPro.txt": "0bd4db1cda123af9d91794b0f98324b7d7d81aef0fcaf78c433160153f2c6f25",
    "lms/web/static/fonts/be-vietnam-pro-latin-400.woff2": "03d1b589cff172e1a670b3573e731d3380bc326f80cf83b0d3504e3188e2e074",
    "lms/web/static/fonts/be-vietnam-pro-vietnamese-400.woff2": "dc085e2fba3414e5c5bf1e6172f921a9f81c5859946a4ed3d63c1e470d96a9e2",
}


def sha256(path: Path) -> str:
    """The digest of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def wrong() -> list[str]:
    """Pinned files that are missing or differ, as `path: reason`."""
    found = []
    for name, digest in PINNED.items():
        path = ROOT / name
        if not path.exists():
            found.append(f"{name}: missing")
        elif sha256(path) != digest:
            found.append(f"{name}: SHA-256 is {sha256(path)}, pinned {digest}")
    return found


def fetch(into: Path) -> Path:
    """Download and unpack the npm package; returns its folder. Exits if the digest is not the pinned one."""
    npm = shutil.which("npm") or sys.exit("npm is needed to fetch the fonts")
    subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=into, check=True, stdout=subprocess.DEVNULL)
    archive = next(into.glob("*.tgz"))
    if sha256(archive) != PACKAGE_SHA256:
        sys.exit(f"{PACKAGE}: SHA-256 is {sha256(archive)}, pinned {PACKAGE_SHA256}")
    with tarfile.open(archive) as tar:
        tar.extractall(into, filter="data")
    return into / "package"


def build_latin(package: Path, weight: int, style: str, work: Path) -> None:
    """Merge the woff2 subsets of one weight into a TTF with a proper name."""
    from fontTools.merge import Merger, Options  # noqa: PLC0415
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    parts = []
    for subset in SUBSETS:
        font = TTFont(package / f"files/be-vietnam-pro-{subset}-{weight}-normal.woff2", recalcTimestamp=False)
        font.flavor = None
        parts.append(work / f"{subset}-{weight}.ttf")
        font.save(parts[-1])
    merged = Merger(options=Options(drop_tables=["GSUB", "GPOS", "GDEF", "STAT", "DSIG", "gasp", "prep", "fpgm", "cvt "])).merge([str(part) for part in parts])
    names = {1: "Be Vietnam Pro", 2: style, 4: f"Be Vietnam Pro {style}", 6: f"BeVietnamPro-{style}"}
    for record in list(merged["name"].names):
        if record.nameID in {16, 17, 21, 22, 25}:
            merged["name"].names.remove(record)
    for number, text in names.items():
        merged["name"].setName(text, number, 3, 1, 0x409)
    merged["head"].created = merged["head"].modified = TTFont(parts[0], recalcTimestamp=False)["head"].modified  # not the hour of the merge
    merged.recalcTimestamp = False
    merged.save(PDF / f"BeVietnamPro-{style}.ttf")


def wanted_characters() -> set[int]:
    """Unicode numbers of GBK, Latin with Vietnamese, and common signs."""
    wanted = {*range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x300, 0x330), *range(0x1E00, 0x1F00)}
    wanted |= {*range(0x2000, 0x2070), *range(0x20A0, 0x20C0), *range(0x2100, 0x2200), *range(0x2460, 0x2500), 0x2713, 0x2714, 0x2717}
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                wanted.add(ord(bytes((lead, trail)).decode("gbk")))
            except UnicodeDecodeError:
                continue
    return wanted


def build_chinese() -> None:
    """Cut the simplified Chinese face down to GBK, without hints."""
    from fontTools.subset import Options, Subsetter, save_font  # noqa: PLC0415
    from fontTools.ttLib import TTCollection  # noqa: PLC0415

    if not CJK.exists():
        sys.exit(f"{CJK} is missing: install fonts-noto-cjk")
    font = next(face for face in TTCollection(CJK).fonts if face["name"].getDebugName(1) == CJK_FACE)
    font.recalcTimestamp = False
    options = Options(hinting=False, layout_features=[], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True)
    options.drop_tables = ["DSIG", "BASE", "VORG", "vhea", "vmtx"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted_characters())
    subsetter.subset(font)
    for number, text in {1: "Noto Sans SC", 4: "Noto Sans SC Regular", 6: "NotoSansSC-Regular"}.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    save_font(font, str(PDF / "NotoSansSC-Subset.otf"), options)


def build() -> None:
    """Make every vendored file."""
    WEB.mkdir(parents=True, exist_ok=True)
    PDF.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        package = fetch(work)
        for subset in ("latin", "vietnamese"):
            shutil.copyfile(package / f"files/be-vietnam-pro-{subset}-400-normal.woff2", WEB / f"be-vietnam-pro-{subset}-400.woff2")
        for weight, style in ((400, "Regular"), (700, "Bold")):
            build_latin(package, weight, style, work)
        for place in (WEB, PDF):
            shutil.copyfile(package / "LICENSE", place / "OFL-BeVietnamPro.txt")
    build_chinese()
    shutil.copyfile(CJK_LICENCE, PDF / "OFL-NotoSansSC.txt")


def main() -> int:
    """0 when every file is as pinned."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="verify the digests, fetch nothing")
    parser.add_argument("--pin", action="store_true", help="build and print digests to pin")
    asked = parser.parse_args()
    if asked.pin:
        build()
        for path in sorted([*WEB.iterdir(), *PDF.iterdir()]):
            print(f'    "{path.relative_to(ROOT)}": "{sha256(path)}",')
        return 0
    if not asked.check and wrong():
        build()
    problems = wrong()
    for line in problems:
        print(line, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
