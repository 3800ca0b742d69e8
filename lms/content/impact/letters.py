"""Which choice of a revision is which of another: letters name a choice within one revision only."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from lms.content.catalogue import Choice, Item


def letters_between(old: Sequence[Choice], new: Sequence[Choice]) -> Mapping[str, str]:
    """The new letter of each old choice that is there still: known by its name, else by its words in any language, else by its place.

    Of a place only those are known that nothing else knows, and only where the number of choices is the same.
    """
    known: dict[str, str] = {}
    for is_same in (_same_name, _same_words, *((_same_letter,) if len(old) == len(new) else ())):
        known |= dict(_paired(old, new, known, is_same))
    return known


def _paired(old: Sequence[Choice], new: Sequence[Choice], known: Mapping[str, str], is_same: Callable[[Choice, Choice], bool]) -> Iterator[tuple[str, str]]:
    left = [choice for choice in new if choice.letter not in set(known.values())]
    for choice in old:
        found = next((other for other in left if is_same(choice, other)), None) if choice.letter not in known else None
        if found:
            left.remove(found)
            yield choice.letter, found.letter


def is_sure(one: Choice, other: Choice) -> bool:
    """Whether two choices are the same by their name or their words, and not only by their place."""
    return _same_name(one, other) or _same_words(one, other)


def _same_name(one: Choice, other: Choice) -> bool:
    return bool(one.name) and one.name == other.name


def _same_words(one: Choice, other: Choice) -> bool:
    return any(one.html[lang] == other.html[lang] for lang in set(one.html) & set(other.html) if one.html[lang])


def _same_letter(one: Choice, other: Choice) -> bool:
    return one.letter == other.letter


def is_key_flipped(old: Item, new: Item) -> bool:
    """Whether another answer is right than was, or brings another share; a mere reordering of choices flips nothing."""
    letters, targets = letters_between(old.choices, new.choices), letters_between(old.targets, new.targets)
    if old.kind != new.kind:
        return True
    rights = {letters.get(letter, "") for letter in old.key} != set(new.key)
    paid = _percents(new) != {letters.get(letter, ""): percent for letter, percent in _percents(old).items()}
    order = "".join(letters.get(letter, "?") for letter in old.order) != new.order
    pairs = {letters.get(left, ""): targets.get(right, "") for left, right in old.pairs.items()} != dict(new.pairs)
    return rights or paid or order or pairs or (old.number, old.blanks, _weights(old)) != (new.number, new.blanks, _weights(new))


def _percents(item: Item) -> dict[str, int]:
    """The shares that choices bring or cost; the right one of a single item brings all, whatever it says."""
    return {one.letter: one.percent for one in item.choices if one.percent and not (one.correct and item.kind == "single")}


def _weights(item: Item) -> tuple[int, ...]:
    return tuple(line.percent for line in item.rubric)
