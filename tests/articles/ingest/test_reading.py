"""From bytes to a document, for every format."""

import pytest

from annotator.articles.ingest import DOCX, PDF, Document, UnreadableInput, guess_media_type, read

PAGE = "<html lang=en><body><h1>Tram line opens</h1><p>Ann said: “yes”.</p></body></html>"


def plain(text: str, **options: str) -> Document:
    """Read a plain text."""
    return read(text.encode(), "text/plain", **options)


def words(document: Document) -> list[str]:
    """The words of each block."""
    return [document.text[block.start : block.end] for block in document.blocks]


def test_plain_text_keeps_every_sign() -> None:
    text = "  Title\u00a0here \n\n\n\tAnn  said\u00ad:\ne\u0301 \u200d\u2028 …\n"
    document = plain(text)
    assert document.text == text
    assert words(document) == ["Title\u00a0here", "Ann  said\u00ad:\ne\u0301 \u200d\u2028 …"]


def test_text_without_empty_lines_has_a_paragraph_a_line_when_lines_are_long() -> None:
    long = "The council voted on the tram line after a debate of seven hours. " * 3
    assert words(plain(f"{long}\n{long}")) == [long.strip(), long.strip()]


def test_wrapped_lines_stay_one_paragraph() -> None:
    assert words(plain("The council voted\non the tram line\nafter a debate.")) == [
        "The council voted\non the tram line\nafter a debate."
    ]


@pytest.mark.parametrize(("line_end"), ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("media_type", ["text/plain", "text/markdown"])
def test_line_ends_make_no_difference(media_type: str, line_end: str) -> None:
    source = line_end.join(["Tram line opens", "", "Ann said yes.", "Ben said no."])
    expected = read(source.replace(line_end, "\n").encode(), media_type)
    assert read(source.encode(), media_type) == expected


@pytest.mark.parametrize(
    ("raw", "declared", "note"),
    [
        ("Київ сказав".encode("utf-16"), None, "utf-16-le"),
        ("\ufeffКиїв сказав".encode("utf-16-be"), "utf-8", "utf-16-be"),
        ("Київ сказав".encode("cp1251"), "windows-1251", "cp1251, as declared"),
    ],
)
def test_the_character_set_is_found_and_said(raw: bytes, declared: str | None, note: str) -> None:
    document = read(raw, "text/plain", declared)
    assert document.text == "Київ сказав"
    assert any(note in said for said in document.notes)


@pytest.mark.parametrize(("form", "declared"), [("utf-8-sig", "koi8-u"), ("utf-8", None), ("utf-8", "UTF-8")])
def test_utf_8_needs_no_note(form: str, declared: str | None) -> None:
    document = read("Київ сказав".encode(form), "text/plain", declared)
    assert (document.text, document.notes) == ("Київ сказав", ())


@pytest.mark.parametrize(
    "head",
    ['<meta charset="koi8-r">', '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">'],
)
def test_a_page_may_name_its_character_set(head: str) -> None:
    document = read(f"<html><head>{head}</head><p>Москва сказала нет</p>".encode("koi8-r"), "text/html")
    assert document.text == "Москва сказала нет"


def test_what_is_not_utf8_is_read_as_windows_1252_and_said() -> None:
    document = read(b"caf\xe9 \x93yes\x94", "text/plain")
    assert document.text == "café “yes”"
    assert "windows-1252" in document.notes[0]


@pytest.mark.parametrize(
    "label", ["utf-7", "rot13", "zlib", "unicode_escape", "idna", "nonsense", "a" * 500, "\0"]
)
def test_a_declared_name_that_is_no_character_set_is_not_believed(label: str) -> None:
    document = read(b"Ann said +ADw-script+AD4-", "text/plain", label)
    assert document.text == "Ann said +ADw-script+AD4-"
    assert "unknown" in document.notes[0]


def test_signs_that_cannot_be_stored_are_replaced_and_counted() -> None:
    document = plain("Ann\0 said\0 yes")
    assert document.text == "Ann\ufffd said\ufffd yes"
    assert document.notes[0].startswith("2 signs")


def test_bytes_that_are_no_utf8_are_counted() -> None:
    document = read(b"Ann said \xff yes", "text/plain", "utf-8")
    assert document.text == "Ann said \ufffd yes"
    assert document.notes[0].startswith("1 places")


@pytest.mark.parametrize("media_type", ["text/html", "text/markdown", "text/plain"])
@pytest.mark.parametrize("raw", [b"", b" \n\t", b"\xef\xbb\xbf", b"\xc2\xa0"])
def test_input_without_words_is_refused(media_type: str, raw: bytes) -> None:
    with pytest.raises(UnreadableInput, match="No words"):
        read(raw, media_type)


@pytest.mark.parametrize("media_type", ["application/msword", "", "image/svg+xml", "text/rtf"])
def test_another_media_type_is_refused_with_advice(media_type: str) -> None:
    with pytest.raises(UnreadableInput) as refused:
        read(b"words", media_type)
    assert "paste" in refused.value.advice


def test_input_beyond_ten_megabytes_is_refused() -> None:
    with pytest.raises(UnreadableInput, match="10 MB"):
        read(b"a" * 10_000_001, "text/plain")


@pytest.mark.parametrize("media_type", ["Text/HTML; charset=utf-8", "application/xhtml+xml"])
def test_a_media_type_may_have_parameters_and_other_names(media_type: str) -> None:
    assert read(PAGE.encode(), media_type).value("title") == "Tram line opens"


@pytest.mark.parametrize(
    ("filename", "text", "media_type"),
    [
        ("page.HTML", "words", "text/html"),
        ("notes.md", "words", "text/markdown"),
        ("notes.txt", "just words, a < b and 2 * 3 * 4", "text/plain"),
        ("notes.txt", "Ann [said](#) yes.", "text/markdown"),
        (None, "<!DOCTYPE html><html>", "text/html"),
        (None, "\n <p>One</p><p>Two</p>", "text/html"),
        (None, "# Title\n\nwords", "text/markdown"),
        (None, "Photo: **Ann / Agency**", "text/markdown"),
        (None, "See <https://example.org/a>", "text/markdown"),
        (None, "Title\n\nNumber #5 is > 4.", "text/plain"),
        (None, "", "text/plain"),
        ("Report.PDF", "%PDF-1.7", PDF),
        ("report.docx", "PK\x03\x04", DOCX),
        (None, "%PDF-1.4", PDF),
        ("download", "PK\x03\x04\ufffd[Content_Types].xml", DOCX),
    ],
)
def test_the_kind_of_pasted_text_is_guessed(filename: str | None, text: str, media_type: str) -> None:
    assert guess_media_type(filename, text) == media_type


def test_a_document_survives_the_way_through_json() -> None:
    document = read(PAGE.encode(), "text/html")
    assert Document.from_json(document.as_json()) == document
