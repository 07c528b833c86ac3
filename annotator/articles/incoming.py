"""What a request brings in: the bytes of a file, or a page that is fetched for it; and how much of it one may bring."""

import logging
from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from annotator.articles.capturing import Input, fetched_input, read_input
from annotator.articles.ingest import MAX_BYTES, MEDIA_TYPES, Document
from annotator.articles.models import Method
from annotator.database import db
from annotator.errors import Invalid, TooLarge, TooMany, WrongType
from annotator.fetching import Fetched, FetchRefused, fetch
from annotator.fields import CONTROLS
from annotator.identity import acting
from annotator.journal.refusals import record_refusal
from annotator.limits import spend
from annotator.metrics import count_fetch

log = logging.getLogger(__name__)
TOO_LARGE = f"The file is larger than {MAX_BYTES // 1_000_000} MB. Bring in the part that you need."
EMPTY = "No words were found: the file is empty. Choose another file."
UNKNOWN = "Files of this type cannot be read. Use HTML, text, Markdown, PDF or DOCX."
BYTES = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}
"""The body of a route that takes a file, for our OpenAPI description."""
MOST_FETCHES, MOST_OF_ONE, MOST_FILES = 30, 10, 60
"""How much one person may ask for: pages a minute, one address in ten minutes, files a minute."""
TOO_MANY_FETCHES = "You asked for many pages in a short time. Nothing is lost; wait a minute and try again."
TOO_MANY_OF_ONE = (
    "You asked for this address ten times in ten minutes. Try again later, or bring in the page as a file."
)
TOO_MANY_FILES = "You brought in many files in a short time. Nothing is lost; wait a minute and go on."
INNER = "an address that is not public"
MOST_OF_A_NAME = 400
UNTYPED = ("", "application/octet-stream")
ALIASES = {"application/xhtml+xml": "text/html", "text/x-markdown": "text/markdown"}


def file_input(raw: bytes, media_type: str | None, filename: str | None) -> Input:
    """Give what a file brought in; Invalid for nothing, TooLarge, WrongType for a type that no importer reads."""
    if not raw:
        raise Invalid({"file": [EMPTY]})
    if len(raw) > MAX_BYTES:
        raise TooLarge(TOO_LARGE)
    known = ALIASES.get(media_type or "", media_type)
    if known and known not in MEDIA_TYPES:
        raise WrongType(UNKNOWN)
    return Input(raw, known or None, Method.UPLOAD, filename=filename)


def body_input(filename: str) -> Input:
    """Give the request's body as a file of this name; TooMany after many files in a short time."""
    _count_file()
    charset = request.mimetype_params.get("charset")
    media_type = None if request.mimetype in UNTYPED else request.mimetype
    try:
        raw = request.get_data()
    except RequestEntityTooLarge:
        raise TooLarge(TOO_LARGE) from None
    given = file_input(raw, media_type, filename or None)
    return Input(given.raw, given.media_type, given.method, given.filename, charset)


def one_line(name: str) -> str:
    """Give a file's name without signs that no line can hold: databases and headers take them amiss."""
    return CONTROLS.sub("", name)


def uploaded(file: Any, media_type: str | None = None) -> Input:
    """Give the file of a form; `media_type` is what the person says it is. TooMany after many in a short time."""
    _count_file()
    raw = file.read(MAX_BYTES + 1)
    file.close()
    return file_input(raw, media_type, one_line(file.filename or "")[:MOST_OF_A_NAME])


def fetched_page(address: str) -> Fetched:
    """Fetch a page while no transaction is open; TooMany when others are being fetched, FetchRefused otherwise.

    Log and journal say why it failed and never where: the address may be that of a protected source.
    """
    db.rollback()
    _count_fetch(address)
    try:
        page = fetch(address)
        count_fetch("fetched")
        return page
    except FetchRefused as error:
        count_fetch(error.reason)
        log.info("a page could not be fetched: %s", error.reason)
        if error.inner:
            record_refusal(request, acting(), fetch=INNER)
        if error.reason == "busy":
            raise TooMany(str(error), headers={"Retry-After": "5"}) from None
        raise


def _count_fetch(address: str) -> None:
    person = acting().user_id
    spend(f"fetch:{person}", MOST_FETCHES, timedelta(minutes=1), sentence=TOO_MANY_FETCHES)
    # each person's own count, or the answer would tell what others fetch
    place = sha256(address.encode("utf-8", "replace")).hexdigest()
    spend(f"fetch:{person}:{place}", MOST_OF_ONE, timedelta(minutes=10), sentence=TOO_MANY_OF_ONE)


def _count_file() -> None:
    db.rollback()  # counting is a transaction of its own, and SQLite has one writer
    spend(f"file:{acting().user_id}", MOST_FILES, timedelta(minutes=1), sentence=TOO_MANY_FILES)


def read_apart(given: Input, language: str) -> Document:
    """Read what came in while no transaction is open; Invalid and WrongType as `read_input` raises them."""
    db.rollback()
    return read_input(given, language)


def fetched_apart(address: str, language: str) -> tuple[Input, Document, Fetched]:
    """Fetch and read a page while no transaction is open; Invalid at `url` when it cannot be had.

    Raises WrongType for what is no page, text or document.
    """
    try:
        page = fetched_page(address)
    except FetchRefused as error:
        if error.reason == "type":
            raise WrongType(str(error)) from None
        raise Invalid({"url": [str(error)]}) from None
    given = fetched_input(page)
    try:
        return given, read_input(given, language), page
    except Invalid as error:
        raise Invalid({"url": [error.detail]}) from None
