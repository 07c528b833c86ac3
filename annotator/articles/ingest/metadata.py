"""What else is read from an article: the roles of its lines, and metadata that nothing better has told.

No rule takes a word out of the text. Each value says where it was found, so that a person can judge it.
"""

import re
from dataclasses import replace

from annotator.articles.ingest.document import Block, BlockKind, Found, MarkType, Metadata, Role
from annotator.articles.ingest.links import host, web_address
from annotator.articles.ingest.page import MAX_TITLE
from annotator.articles.ingest.walker import Walked
from annotator.dates import parse, recognise_date
from annotator.text import fold

HEAD = 8
"""How many blocks at the head of an article may be title, date line, byline or caption."""

_TITLE_LENGTH = 160
_NO_TITLE_END = tuple(".:;,…。：；，।॥۔")
_BYLINE = re.compile(
    r"(?:(?:By|Written by|Von|Par)\s+|(?:By|Author|Автор[иы]?|Von|Par)\s*:\s*)(?P<names>[^\W\d_].{1,118})"
)
_CREDIT = re.compile(
    r"\s/\s|^/|©|\([cC]\)|\b(?:AFP|AP|EPA|TASS|DPA|UPI|Reuters|Getty|Interfax|Ukrinform|Xinhua|Keystone|ТАСС|РИА|УНІАН)\b"
)
_CREDIT_LABEL = re.compile(
    r"\b(?:Photo|Foto|Фото|Image|Picture|Credit)s?\s*[:/]\s*\S[^.!?]{1,100}$|©[^.!?]{1,100}$"
)
_RELATED = re.compile(
    r"(?:Related(?: articles?| stor(?:y|ies)| news)?|Read (?:more|also|next)|See also|Читайте также|Читайте також"
    r"|Lesen Sie auch|Mehr zum Thema|Lire aussi|À lire aussi)\s*:",
    re.IGNORECASE,
)
_SOURCE_LABEL = re.compile(
    r"(?:Original(?:ly published(?: at)?)?(?: url| link| article| source)?|Source(?: url)?|URL|Link|Источник|Оригинал"
    r"|Джерело|Оригінал|Quelle)\s*:\s*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"<?(https?://[^\s<>]+)>?", re.IGNORECASE)
_DATE_IN_ADDRESS = re.compile(r"/([12][0-9]{3})[/-]([0-9]{1,2})(?:[/-]([0-9]{1,2}))?(?=[/-]|$)")
_RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he iw ks nqo ps sd syr ug ur yi".split())
_RTL_LETTER = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")
_LETTER = re.compile(r"[^\W\d_]")


def describe(walked: Walked, known: Metadata, language: str | None) -> tuple[tuple[Block, ...], Metadata]:
    """The blocks with their roles, and what is known with what the lines, the address and the letters add.

    ``language`` is the project's, used where the text itself names none.
    """
    reader = _Lines(walked, dict(known), language)
    reader.title()
    reader.head()
    reader.labels()
    return tuple(reader.blocks), complete(reader.metadata, walked.text)


class _Lines:
    """Reads roles from blocks, one rule a method; ``blocks`` and ``metadata`` hold the result."""

    def __init__(self, walked: Walked, metadata: Metadata, language: str | None) -> None:
        self._text = walked.text
        self._marks = walked.marks
        self.blocks = list(walked.blocks)
        self.metadata = metadata
        self._language = metadata["language"].value if "language" in metadata else language

    def words(self, place: int) -> str:
        """The words of a block, white space as single spaces."""
        block = self.blocks[place]
        return " ".join(self._text[block.start : block.end].split())

    def found(self, name: str, value: str, found_in: str) -> None:
        """Note a value unless something better is known."""
        self.metadata.setdefault(name, Found(value, found_in))

    def title(self) -> None:
        """The line that the page names as its title, else its first heading or first short line."""
        place = self._title_place()
        if place is None:
            return
        block = self.blocks[place]
        found_in = "heading" if block.kind is BlockKind.HEADING else "first short line"
        self.found("title", self.words(place)[:MAX_TITLE].strip(), found_in)
        self.blocks[place] = replace(block, kind=BlockKind.HEADING, level=1, role=Role.TITLE)

    def _title_place(self) -> int | None:
        first = range(min(HEAD, len(self.blocks)))
        tops = [place for place, block in enumerate(self.blocks) if block.level == 1]
        known = fold(self.metadata["title"].value) if "title" in self.metadata else None
        named = [place for place in sorted({*first, *tops}) if fold(self.words(place)) == known]
        near = tops if known else [place for place in tops if place in first]
        if named or near:
            return (named or near)[0]
        return next((place for place in first if self._may_be_title(place, named=known is not None)), None)

    def _may_be_title(self, place: int, *, named: bool) -> bool:
        """A heading or, where nothing has named a title, a short line without end mark that more text follows."""
        block, words = self.blocks[place], self.words(place)
        if block.kind is BlockKind.HEADING:
            return True
        if named or block.kind is not BlockKind.PARAGRAPH or "\n" in self._text[block.start : block.end]:
            return False
        is_other = recognise_date(words, self._language) or self._is_byline(words) or self._is_caption(place)
        is_label = _RELATED.match(words) or _SOURCE_LABEL.match(words) or _ADDRESS.match(words)
        is_short = len(words) <= _TITLE_LENGTH and not words.endswith(_NO_TITLE_END)
        return is_short and not is_other and not is_label and place + 1 < len(self.blocks)

    def head(self) -> None:
        """Date line, byline and caption among the first blocks, and every caption the format itself marks."""
        for place, block in enumerate(self.blocks):
            if block.kind is BlockKind.CAPTION:
                self._give(place, Role.CAPTION)
            elif place < HEAD and block.role is None and block.kind is BlockKind.PARAGRAPH:
                self._read_head_line(place, self.words(place))

    def _read_head_line(self, place: int, words: str) -> None:
        if value := recognise_date(words, self._language):
            self.found("published_on", value, "date line")
            self._give(place, Role.DATELINE)
        elif names := self._is_byline(words):
            self.found("byline", names, "byline")
            self._give(place, Role.BYLINE)
        elif self._is_caption(place):
            self.blocks[place] = replace(self.blocks[place], kind=BlockKind.CAPTION, role=Role.CAPTION)

    def _is_byline(self, words: str) -> str | None:
        match = _BYLINE.fullmatch(words)
        if match is None or words.endswith((".", "!", "?", ":", ";")) or len(words.split()) > 12:
            return None
        return match["names"] if match["names"][0].isupper() else None

    def _is_caption(self, place: int) -> bool:
        """A line that ends in a credit: bold with a slash, © or an agency; or labelled as a photo's."""
        block, words = self.blocks[place], self.words(place)
        if len(words) > 400:
            return False
        credit = self._bold_end(block)
        return bool(credit and _CREDIT.search(credit)) or bool(_CREDIT_LABEL.search(words))

    def _bold_end(self, block: Block) -> str:
        """The bold words that a block ends with."""
        ends = [mark for mark in self._marks if mark.type is MarkType.STRONG and mark.end == block.end]
        return self._text[ends[0].start : ends[0].end] if ends and ends[0].start >= block.start else ""

    def labels(self) -> None:
        """Lines that point elsewhere: related articles, and the address the text was taken from."""
        for place, block in enumerate(self.blocks):
            words = self.words(place) if block.role is None and block.end - block.start <= 2300 else ""
            if _RELATED.match(words) and len(words) <= 300:
                self._give(place, Role.RELATED)
            elif label := _SOURCE_LABEL.match(words):
                self._source_line(place, words[label.end() :])

    def _source_line(self, place: int, rest: str) -> None:
        """A label with the address behind it, or alone with the address in the next block."""
        address = self._address(rest)
        if address:
            self._give(place, Role.SOURCE_ADDRESS)
        elif not rest and place + 1 < len(self.blocks) and (address := self._address(self.words(place + 1))):
            self._give(place, Role.SOURCE_ADDRESS)
            self._give(place + 1, Role.SOURCE_ADDRESS)
        if address:
            self.found("url", address, "source line")

    def _address(self, words: str) -> str | None:
        match = _ADDRESS.fullmatch(words)
        return web_address(match[1]) if match else None

    def _give(self, place: int, role: Role) -> None:
        self.blocks[place] = replace(self.blocks[place], role=role)


def complete(metadata: Metadata, text: str) -> Metadata:
    """Add what follows from the rest: date and publisher from the address, direction from language or letters."""
    full = dict(metadata)
    address = full["url"].value if "url" in full else ""
    if address and (day := date_in_address(address)):
        full.setdefault("published_on", Found(day, "address"))
    if address and host(address):
        full.setdefault("publisher", Found(host(address), "address"))
    full.setdefault("direction", _direction(full, text))
    return full


def date_in_address(address: str) -> str | None:
    """The date in an address such as ``/2025/04/30/``, or None."""
    for match in _DATE_IN_ADDRESS.finditer(address):
        value = "-".join([match[1], *(f"{int(part):02}" for part in match.groups()[1:] if part)])
        try:
            return parse(value).value
        except ValueError:
            continue
    return None


def _direction(metadata: Metadata, text: str) -> Found:
    """The direction that the language is written in, else the one that most letters have."""
    if "language" in metadata:
        subtag = metadata["language"].value.lower().replace("_", "-").split("-")[0]
        return Found("rtl" if subtag in _RIGHT_TO_LEFT else "ltr", "language")
    letters = len(_LETTER.findall(text))
    if not letters:
        return Found("auto", "no letters")
    share = len(_RTL_LETTER.findall(text)) / letters
    return Found("rtl" if share > 0.6 else "ltr" if share < 0.1 else "auto", "letters")
