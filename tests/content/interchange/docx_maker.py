"""Word documents for tests, written the way Word itself writes them: runs cut in words, proofErr, rsid marks, numbering.xml, theme and settings beside."""
# ruff: noqa: E501, RUF005, RUF100  (XML as Word writes it, and lists of signs, are not better for being broken)

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SPACES = (
    f'{W} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" mc:Ignorable="w14"'
)
TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>
<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
RELS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"""
STYLES = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:styles {W}>
<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="26"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Cau"><w:name w:val="Câu hỏi"/><w:basedOn w:val="Normal"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Dung"><w:name w:val="Đúng"/><w:rPr><w:b/><w:color w:val="FF0000"/></w:rPr></w:style></w:styles>"""
NUMBERING = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:numbering {W}>
<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Câu %1:"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num></w:numbering>"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082".replace(
        " ", ""
    )
)
LOOKS = {
    "b": "<w:b/><w:bCs/>",
    "i": "<w:i/>",
    "strike": "<w:strike/>",
    "u": '<w:u w:val="single"/>',
    "red": '<w:color w:val="FF0000"/>',
    "black": '<w:color w:val="000000"/>',
    "hl": '<w:highlight w:val="yellow"/>',
    "sub": '<w:vertAlign w:val="subscript"/>',
    "style": '<w:rStyle w:val="Dung"/>',
    "nob": '<w:b w:val="0"/>',
    "shd": '<w:shd w:val="clear" w:color="auto" w:fill="FFFF00"/>',
}


def run(text: str, *looks: str) -> str:
    """A run; `|` cuts it in two with a proofErr between, tabs and line breaks become Word's own elements."""
    properties = "<w:rPr>" + "".join(LOOKS[look] for look in looks) + '<w:lang w:val="vi-VN"/></w:rPr>'
    parts = []
    for piece in text.split("|"):
        inside = "".join(
            "<w:tab/>" if sign == "\t" else "<w:br/>" if sign == "\n" else f'<w:t xml:space="preserve">{escape(sign)}</w:t>' for sign in _pieces(piece)
        )
        parts.append(f'<w:r w:rsidRPr="00A77B3E" w:rsidR="00D82A11">{properties}{inside}</w:r>')
    return '<w:proofErr w:type="spellStart"/>'.join(parts)


def _pieces(text: str) -> Sequence[str]:
    made = [""]
    for sign in text:
        if sign in "\t\n":
            made += [sign, ""]
        else:
            made[-1] += sign
    return [piece for piece in made if piece]


def par(*runs: str, style: str = "", num: tuple[int, int] | None = None) -> str:
    """A paragraph; a bare text becomes a run."""
    properties = f'<w:pStyle w:val="{style}"/>' * bool(style)
    properties += f'<w:numPr><w:ilvl w:val="{num[1]}"/><w:numId w:val="{num[0]}"/></w:numPr>' if num else ""
    inside = "".join(one if one.startswith("<") else run(one) for one in runs)
    return f'<w:p w14:paraId="77A3F1B2" w:rsidR="00D82A11" w:rsidRDefault="00D82A11"><w:pPr>{properties}<w:spacing w:after="0"/></w:pPr>{inside}<w:bookmarkStart w:id="0" w:name="_GoBack"/></w:p>'


def _cell(cell: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="2000"/></w:tcPr>{cell if cell.startswith("<") else par(cell)}</w:tc>'


def table(*rows: Sequence[str]) -> str:
    """A table; each cell a text or a paragraph."""
    cells = "".join(f"<w:tr>{''.join(_cell(cell) for cell in row)}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{cells}</w:tbl>"


def picture(id_: str = "rId9", alt: str = "") -> str:
    """A picture in a line."""
    return f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Picture 1" descr="{escape(alt)}"/><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="{id_}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'  # noqa: E501


def docx(*blocks: str, numbering: str = NUMBERING, extra: dict[str, bytes] | None = None, document: str = "") -> bytes:
    """The whole file."""
    body = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document {SPACES}><w:body>{"".join(b if b.startswith("<") else par(b) for b in blocks)}<w:sectPr/></w:body></w:document>'
    links = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" Type="image" Target="media/image1.png"/><Relationship Id="rId8" Type="image" TargetMode="External" Target="http://evil.example/x.png"/><Relationship Id="rId7" Type="image" Target="../../../etc/passwd"/></Relationships>'  # noqa: E501
    files: dict[str, bytes] = {
        "[Content_Types].xml": TYPES.encode(),
        "_rels/.rels": RELS.encode(),
        "word/document.xml": (document or body).encode(),
        "word/_rels/document.xml.rels": links.encode(),
        "word/styles.xml": STYLES.encode(),
        "word/numbering.xml": numbering.encode(),
        "word/media/image1.png": PNG,
        **(extra or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name, data)
    return out.getvalue()
