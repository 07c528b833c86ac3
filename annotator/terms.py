"""The words of a text as the terms that search compares, for every script; no database analyses them again.

A word that a dictionary knows stands as its lemma, another one as its Snowball stem, and both beside the folded word
itself; scripts written without spaces become overlapping pairs of signs; numbers stay whole (docs/adr/0017).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

from annotator.text import fold

VERSION = 1  # raise it when the same text gives other terms: everything is then indexed anew
LONGEST_TEXT = 100_000
MOST_TERMS = 4_000
LONGEST_TERM = 60  # with MOST_TERMS, below the 1,048,575 bytes of a tsvector even at four bytes a sign
MOST_WORDS = 16
DICTIONARIES = 8  # kept in memory at once; Russian takes 20 MB, English 3

SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711-\u074a\u07a6-\u07b0\u07eb-\u07f3\u0816-\u082d\u0859-\u085b"
    "\u08ca-\u0903\u093a-\u0963\u0981-\u0983\u09bc-\u09e3\u0a01-\u0a03\u0a3c-\u0a51\u0a70-\u0a83\u0abc-\u0acd"
    "\u0ae2\u0ae3\u0b01-\u0b03\u0b3c-\u0b63\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3c-\u0c63\u0c81-\u0c83"
    "\u0cbc-\u0ce3\u0d00-\u0d03\u0d3b-\u0d63\u0d81-\u0d83\u0dca-\u0ddf\u0f18-\u0fbc\u135d-\u135f\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\u3099\u309a\ua66f-\ua67d\ua802-\ua827\ufe20-\ufe2f"
)
LETTER = rf"(?:(?![_{SPACELESS}])[\w{MARKS}])"
TOKEN = re.compile(rf"(?P<number>\d+(?:[.,]\d+)*)|(?P<run>[{SPACELESS}]+)|(?P<word>{LETTER}+(?:'{LETTER}+)*)")
# The same for plain Latin text, in which nothing has to be looked up sign by sign.
ASCII_TOKEN = re.compile(r"(?P<number>\d+(?:[.,]\d+)*)|(?P<word>[^\W_]+(?:'[^\W_]+)*)", re.ASCII)
THOUSANDS = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*")

# From, to, what languages a word of the script is taken for unless one of that script is named.
SCRIPTS = (
    ("\u0370", "\u03ff", "greek", ("el",)),
    ("\u0400", "\u052f", "cyrillic", ("ru", "uk")),
    ("\u0531", "\u058f", "armenian", ("hy",)),
    ("\u0591", "\u05ff", "hebrew", ("he",)),
    ("\u0600", "\u077f", "arabic", ("ar",)),
    ("\u0900", "\u097f", "devanagari", ("hi",)),
    ("\u0b80", "\u0bff", "tamil", ("ta",)),
    ("\u0d00", "\u0d7f", "malayalam", ("ml",)),
    ("\u10a0", "\u10ff", "georgian", ("ka",)),
    ("\u1f00", "\u1fff", "greek", ("el",)),
)
SCRIPT_OF = {
    **dict.fromkeys(("ru", "uk", "bg", "mk", "be", "kk", "ky", "mn", "tg"), "cyrillic"),
    **dict.fromkeys(("ar", "fa", "ur", "ps"), "arabic"),
    **dict.fromkeys(("el", "grc"), "greek"),
    **dict.fromkeys(("he", "yi"), "hebrew"),
    **dict.fromkeys(("hi", "ne", "mr"), "devanagari"),
    **dict.fromkeys(("zh", "ja", "ko", "th", "lo", "my", "km"), "spaceless"),
    "hy": "armenian",
    "ta": "tamil",
    "ml": "malayalam",
    "ka": "georgian",
}
DICTIONARY_OF = {"no": "nb", "sr": "hbs", "hr": "hbs", "bs": "hbs", "fil": "tl"}
STEMMER_OF = {
    "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english", "eo": "esperanto",
    "es": "spanish", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian",
    "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "uk": "russian", "yi": "yiddish",
}  # fmt: skip
UKRAINIAN = str.maketrans({"і": "и", "ї": "и", "є": "е", "ґ": "г", "'": None})
ARABIC_SIGNS = {**dict.fromkeys("أإآٱ", "ا"), "ى": "ي", "ة": "ه"}
ARABIC = str.maketrans(ARABIC_SIGNS)
ARABIC_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06ed]")
ARTICLE = re.compile("^(?:[وفبك]?ال|لل)(?=.{3})")


class Word(NamedTuple):
    """A word that somebody asks for: the terms it may stand as, and how it begins where it is not typed to its end.

    `open` says that the beginning counts in any case: one sign of a script that is written without spaces.
    """

    forms: tuple[str, ...]
    start: str
    open: bool = False


def primary(language: str | None) -> str:
    """Give the language alone of a tag: `uk-UA` is `uk`; empty for what is none (BCP 47, 2.1)."""
    found = (language or "").replace("_", "-").split("-")[0].strip().casefold()
    return found if found.isascii() and found.isalpha() and 2 <= len(found) <= 3 else ""


def terms(text: str, language: str | None = None) -> list[str]:
    """Give the terms of a text, each once, in order: at most 4,000, of at most 60 code points, without white space."""
    found: dict[str, None] = {}
    for _, _, forms in _words(text, primary(language)):
        for form in forms:
            found[form] = None
        if len(found) >= MOST_TERMS:
            break
    return list(found)[:MOST_TERMS]


def query_terms(text: str, languages: Iterable[str | None] = ()) -> list[Word]:
    """Give the words asked for, at most 16, each as it stands in any of the languages."""
    held = list(dict.fromkeys(primary(language) for language in languages)) or [""]
    asked: list[Word] = []
    for words in zip(*(_words(text, language) for language in held), strict=True):
        kind, token, _ = words[0]
        forms = (
            (token,) if kind == "pair" else tuple(dict.fromkeys(form for word in words for form in word[2]))
        )
        asked.append(Word(forms, "" if kind == "pair" else _start(token), kind == "sign"))
        if len(asked) == MOST_WORDS:
            break
    return asked


def _start(token: str) -> str:
    """Give how the word begins in the form in which terms are stored."""
    if _script(token)[0] == "arabic":
        return ARABIC_MARKS.sub("", token).translate(ARABIC)
    return token.replace("'", "")


def _words(text: str, language: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Give (kind, folded word, its terms) for each word; the same words for every language."""
    folded = fold(text[:LONGEST_TEXT])
    for match in (ASCII_TOKEN if folded.isascii() else TOKEN).finditer(folded):
        kind, token = str(match.lastgroup), match[0]
        if kind == "run":
            yield from _pairs(token)
        elif kind == "number":
            yield kind, token[:LONGEST_TERM], _number(token[:LONGEST_TERM])
        elif "'" not in token:
            yield kind, token[:LONGEST_TERM], _forms(token[:LONGEST_TERM], language)
        else:
            for part in _parts(token):
                yield kind, part[:LONGEST_TERM], _forms(part[:LONGEST_TERM], language)


def _pairs(run: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Give each two neighbours of a run, the last also alone, so that one sign is found wherever it stands."""
    if len(run) == 1:
        yield "sign", run, (run,)
    for place in range(len(run) - 1):
        pair = run[place : place + 2]
        yield "pair", pair, (pair, run[-1]) if place == len(run) - 2 else (pair,)


def _number(token: str) -> tuple[str, ...]:
    """Give a number whole, and without the signs between its thousands: `5,300` is `5300` too."""
    plain = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in token)
    bare = re.sub("[.,]", "", plain) if THOUSANDS.fullmatch(plain) else plain
    return tuple(dict.fromkeys((plain, bare)))


def _parts(token: str) -> list[str]:
    """Split at apostrophes, but inside of Cyrillic words, where they are a letter; lone letters go (`it's`)."""
    if _script(token)[0] == "cyrillic":
        return [token]
    parts = token.split("'")
    return [part for part in parts if len(part) > 1] or parts[-1:]


@cache
def _sorted_out(sign: str) -> tuple[str, tuple[str, ...]]:
    for first, last, script, languages in SCRIPTS:
        if first <= sign <= last:
            return script, languages
    return "latin", ("en",)


def _script(word: str) -> tuple[str, tuple[str, ...]]:
    return _sorted_out(word[0])


@lru_cache(maxsize=20_000)
def _forms(word: str, language: str) -> tuple[str, ...]:
    """Give the terms of one folded word: lemma or stem in each language it may be of, then the word itself."""
    script, usual = _script(word)
    languages = (language,) if language and SCRIPT_OF.get(language, "latin") == script else usual
    found: dict[str, None] = {}
    for one in languages:
        found.update(dict.fromkeys(_arabic(word, one) if script == "arabic" else (_lemma(word, one),)))
    if script != "arabic":
        found[word.replace("'", "")] = None
    if script == "latin":
        found[_plain(word)] = None
    return tuple(form[:LONGEST_TERM] for form in found if form)


def _plain(word: str) -> str:
    """Give the word without the marks on its letters: who types `naive` finds `naïve`."""
    if word.isascii():
        return word.replace("'", "")
    letters = unicodedata.normalize("NFD", word)
    return "".join(sign for sign in letters if unicodedata.category(sign) != "Mn").replace("'", "")


def _lemma(word: str, language: str) -> str:
    known = _known(word, language)
    if known:
        return known
    name = STEMMER_OF.get(language)
    if name is None:
        return word.replace("'", "")
    stemmer: Any = _stemmers()(
        name
    )  # one for each word: it keeps its state in itself, and threads share this module
    stem: str = stemmer.stemWord(word.translate(UKRAINIAN) if language == "uk" else word)
    return stem.replace("'", "")


def _known(word: str, language: str) -> str:
    """Give the folded lemma of a word that the dictionary holds, else an empty text: its guesses are bad."""
    lookup, supported = _dictionaries()
    code = DICTIONARY_OF.get(language, language)
    lemma = lookup.get_lemma(word, code) if code in supported else None
    folded = fold(lemma).replace("'", "") if lemma else ""
    return folded if re.fullmatch(f"{LETTER}+", folded) else ""


def _arabic(word: str, language: str) -> tuple[str, ...]:
    """Give the lemma, the word without and with its article; marks, tatweel and the forms of letters are folded."""
    plain = ARABIC_MARKS.sub("", word)
    if not plain:
        return (word,)
    bare = ARTICLE.sub("", plain)
    lemma = ARABIC_MARKS.sub("", _known(plain, language) or _known(bare, language) or bare)
    folded = plain.translate(ARABIC)
    return ARTICLE.sub("", lemma.translate(ARABIC)), ARTICLE.sub("", folded), folded


@cache
def _dictionaries() -> tuple[Any, frozenset[str]]:
    """Give the look-up and the languages it knows; imported here, since most commands never search."""
    from simplemma.strategies import DictionaryLookupStrategy
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES
    from simplemma.strategies.dictionaries.stream_dictionary_factory import StreamDictionaryFactory

    return DictionaryLookupStrategy(StreamDictionaryFactory(cache_max_size=DICTIONARIES)), SUPPORTED_LANGUAGES


@cache
def _stemmers() -> Any:
    from snowballstemmer import stemmer

    return stemmer
