"""Words for what the tables of signing in hold as codes."""

from flask_babel import lazy_gettext as _l

BROWSERS = {
    "chrome": "Chrome",
    "edge": "Edge",
    "firefox": "Firefox",
    "safari": "Safari",
    "opera": "Opera",
    "coccoc": "Cốc Cốc",
    "samsung": "Samsung Internet",
    "zalo": "Zalo",
    "wechat": "WeChat",
    "other": _l("another browser"),
}
SYSTEMS = {
    "android": "Android",
    "iphone": "iPhone",
    "ipad": "iPad",
    "windows": "Windows",
    "mac": "macOS",
    "linux": "Linux",
    "chromeos": "ChromeOS",
    "other": _l("another device"),
}
HOW = {
    "secret": _l("PIN or password"),
    "slip": _l("slip"),
    "code": _l("password and app"),
    "recovery": _l("password and recovery code"),
    "passkey": _l("passkey"),
}


def agent_words(agent: str) -> tuple[object, object]:
    """Browser and system of a session's code, in words."""
    browser, _, system = agent.partition("-")
    return BROWSERS.get(browser, BROWSERS["other"]), SYSTEMS.get(system, SYSTEMS["other"])
