"""Points are whole hundredths of a point everywhere; only here they become a number to read."""

HUNDRED = 100


def show_points(hundredths: int, lang: str) -> str:
    """Points as people write them: 150 is 1.5, in Vietnamese 1,5; whole ones have no point."""
    sign, whole, rest = "-" if hundredths < 0 else "", abs(hundredths) // HUNDRED, abs(hundredths) % HUNDRED
    text = f"{sign}{whole}.{rest:02}".rstrip("0").rstrip(".") if rest else f"{sign}{whole}"
    return text.replace(".", ",") if lang == "vi" else text


def show_decimal(number: str, lang: str) -> str:
    """A plain decimal text as people write it: with a comma in Vietnamese."""
    return number.replace(".", ",") if lang == "vi" else number
