"""Small functions on text."""
import re

_ROMAN = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
          (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]


def slugify(title: str, limit: int = 40) -> str:
    """A title as part of an address.

    >>> slugify("Hello, World!")
    'hello-world'
    """
    if limit < 1:
        raise ValueError("limit must be at least 1")
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    if len(slug) <= limit:
        return slug
    cut = slug[:limit]
    if slug[limit] != "-" and "-" in cut:
        cut = cut[:cut.rindex("-")]
    return cut.rstrip("-")


def ellipsize(text: str, width: int) -> str:
    """The text, cut at a word and marked with dots where it is longer than ``width``."""
    if width < 4:
        raise ValueError("width must be at least 4")
    if len(text) <= width:
        return text
    head = text[:width - 3]
    space = head.rfind(" ")
    if space > 0 and text[width - 3] != " ":
        head = head[:space]
    return head.rstrip() + "..."


def to_roman(number: int) -> str:
    """A number from 1 to 3999 in Roman digits.

    >>> to_roman(1994)
    'MCMXCIV'
    """
    if not 1 <= number <= 3999:
        raise ValueError("only numbers from 1 to 3999 have Roman digits")
    digits = []
    for value, letters in _ROMAN:
        while number >= value:
            digits.append(letters)
            number -= value
    return "".join(digits)


def from_roman(digits: str) -> int:
    """The number in Roman digits, which must be written the usual way.

    >>> from_roman("XLII")
    42
    """
    rest, number = digits.upper(), 0
    for value, letters in _ROMAN:
        while rest.startswith(letters):
            number += value
            rest = rest[len(letters):]
    if rest or not digits or to_roman(number) != digits.upper():
        raise ValueError(f"not a Roman number: {digits!r}")
    return number


def is_palindrome(text: str) -> bool:
    """Whether the letters and digits read the same in both directions."""
    letters = [char.lower() for char in text if char.isalnum()]
    return letters == letters[::-1]


def word_counts(text: str, least_length: int = 1) -> dict[str, int]:
    """How often each word occurs, most frequent first, then in order of the alphabet."""
    counts: dict[str, int] = {}
    for word in re.findall(r"[a-z']+", text.lower()):
        word = word.strip("'")
        if len(word) >= max(1, least_length):
            counts[word] = counts.get(word, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def columns(rows: list[list[str]], gap: int = 2) -> str:
    """Rows of cells in columns; every cell but a row's last is padded to its column's width."""
    if gap < 0:
        raise ValueError("gap must not be negative")
    if not rows:
        return ""
    widths = [0] * max(len(row) for row in rows)
    for row in rows:
        for at, cell in enumerate(row):
            widths[at] = max(widths[at], len(cell))
    lines = []
    for row in rows:
        padded = [cell.ljust(widths[at]) for at, cell in enumerate(row[:-1])] + row[-1:]
        lines.append((" " * gap).join(padded))
    return "\n".join(lines)
