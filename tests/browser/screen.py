"""What every screen must be: free of accessibility faults, no sideways scroll, targets a thumb can hit, no untranslated word."""

import re
from functools import cache
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from babel.messages.pofile import read_po
from playwright.sync_api import Error, Page

ROOT = Path(__file__).parents[2]
LOCALES = {"vi": "vi", "zh": "zh_Hans"}
NARROW = 360
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
PLACE = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
LETTERS = 8
LOOKS = 3
FAULTLESS: set[int] = set()

AXE = "(rules) => axe.run(rules).then((said) => said.violations.flatMap(({id, nodes}) => nodes.map(({html}) => `${id}: ${html.slice(0, 160)}`)))"
BUILT = """() => [innerWidth, matchMedia('(prefers-color-scheme: dark)').matches, location.pathname.replace(/\\d+/g, '0'),
  ...[...document.querySelectorAll('html, body, body *')].map((e) => e.tagName + [...e.attributes].map(({name, value}) =>
    /^(class|type|role|hidden|disabled|open|tabindex|for|id|aria-(?!label$).*)$/.test(name) ? `${name}=${value}` : name).join(' '))].join('|')"""
BORN = "() => performance.timeOrigin"
SCROLL = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDE = """(width) => [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > width + 1)
  .slice(0, 6).map((e) => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`)"""
SMALL = """() => {
  const small = [];
  const seen = (e) => e.checkVisibility({visibilityProperty: true}) && !e.closest('.sr, .skip') && !e.disabled;
  const size = (e) => {
    const boxes = [e, ...(e.labels ?? [])].map((each) => each.getBoundingClientRect());
    return [Math.max(...boxes.map((b) => b.right)) - Math.min(...boxes.map((b) => b.left)),
            Math.max(...boxes.map((b) => b.bottom)) - Math.min(...boxes.map((b) => b.top))];
  };
  const where = 'button, summary, .btn, nav a, header a, footer a, form a, form select, form textarea, form input:not([type=hidden])';
  for (const e of document.querySelectorAll(where)) {
    if (!seen(e) || e.closest('.prose, p, dd, td') && e.matches('a:not(.btn)')) continue;
    const [wide, high] = size(e);
    if (wide < 43.5 || high < 43.5) small.push(`${e.outerHTML.slice(0, 120)} is ${Math.round(wide)}x${Math.round(high)}`);
  }
  return small;
}"""
TEXTS = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  const foreign = (e) => e.closest('script, style, code, [lang]:not(html)');
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.replace(/\\s+/g, ' ').trim();
    if (text && !foreign(node.parentElement)) found.push(text);
  }
  const said = ['aria-label', 'placeholder', 'title', 'alt', 'data-confirm', 'data-show', 'data-saved', 'data-saving', 'data-not-sent'];
  for (const e of document.querySelectorAll(said.map((name) => `[${name}]`).join()))
    if (!foreign(e)) for (const name of said) if (e.getAttribute(name)) found.push(e.getAttribute(name).trim());
  return found;
}"""


def check_screen(page: Page, lang: str) -> None:
    """Check the screen as it stands; raises AssertionError with everything that is wrong.

    A click may still be on its way to another page: a look at a page that goes away is taken again at the one that comes.
    """
    for look in range(LOOKS):
        page.wait_for_load_state()
        begun = page.evaluate(BORN)
        try:
            faults = _faults(page, lang)
        except Error:
            page.wait_for_load_state()
            if look + 1 == LOOKS or page.evaluate(BORN) == begun:
                raise
        else:
            break
    assert not faults, f"{page.url}\n" + "\n".join(faults)


def _faults(page: Page, lang: str) -> list[str]:
    faults = _axe(page)
    faults += [f"small target: {found}" for found in page.evaluate(SMALL)]
    faults += _too_wide(page)
    return faults + [f"untranslated: {text}" for text in untranslated(page, lang)]


def _axe(page: Page) -> list[str]:
    """What axe finds against its rules; only that comes back, for the list of what it does not find is long.

    A screen that is built of the same elements at the same width as one without faults is not judged again: only its words are of another language.
    """
    built = hash(page.evaluate(BUILT))
    if built in FAULTLESS:
        return []
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    faults = [str(found) for found in page.evaluate(AXE, RULES)]
    if not faults:
        FAULTLESS.add(built)
    return faults


def _too_wide(page: Page) -> list[str]:
    size = page.viewport_size
    assert size is not None
    faults = []
    for width in (size["width"], NARROW):
        page.set_viewport_size({"width": width, "height": size["height"]})
        if page.evaluate(SCROLL) > 0:
            faults.append(f"scrolls sideways at {width}: {page.evaluate(WIDE, width)}")
    page.set_viewport_size(size)
    return faults


@cache
def _sources(lang: str) -> tuple[frozenset[str], list[re.Pattern[str]]]:
    """Source texts whose translation differs from them: plain ones, and ones with places; nothing while the catalogue has gaps."""
    path = ROOT / "lms/translations" / LOCALES[lang] / "LC_MESSAGES/messages.po"
    if not path.exists():
        return frozenset(), []
    with path.open("rb") as source:
        catalogue = read_po(source)
    texts: set[str] = set()
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and not all(strings):
            return frozenset(), []
        texts |= {text for text in ids if text and text not in strings}
    placed = [text for text in texts if PLACE.search(text) and sum(c.isalpha() for c in PLACE.sub("", text)) >= LETTERS]
    patterns = [re.compile(".+?".join(re.escape(part) for part in PLACE.split(text))) for text in placed]
    return frozenset(text for text in texts if not PLACE.search(text)), patterns


def untranslated(page: Page, lang: str) -> list[str]:
    """Texts of the screen that still read as the program's English source; checked from the day the catalogue is complete."""
    if lang not in LOCALES:
        return []
    plain, placed = _sources(lang)
    texts = sorted(set(page.evaluate(TEXTS)))
    return [text for text in texts if text in plain or any(pattern.fullmatch(text) for pattern in placed)]
