"""A project's short name in addresses, made from its name."""

import re
import unicodedata

LONGEST = 80
PATTERN = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
# letters that Unicode does not take apart into a base and a mark
_LATIN = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ł": "l",
    "ħ": "h",
    "ı": "i",
}
_CYRILLIC = dict(
    zip(
        "абвгґдеєжзиіїклмнопрстуфхцчшщыэюяљњџћ",
        "a b v h g d e ye zh z y i yi k l m n o p r s t u f kh ts ch sh shch y e yu ya lj nj dz c".split(),
        strict=True,
    )
)
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(),
        strict=True,
    )
)
LETTERS = str.maketrans({**_LATIN, **_CYRILLIC, **_GREEK})


def slug_of(name: str) -> str:
    """Give a short name in a-z, 0-9 and hyphens; `project` for a name with no letter that can be written so."""
    known = unicodedata.normalize("NFKC", name).casefold().translate(LETTERS)
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", known) if not unicodedata.combining(sign))
    words = re.findall(r"[a-z0-9]+", plain.translate(LETTERS))
    return "-".join(words)[:60].strip("-") or "project"
