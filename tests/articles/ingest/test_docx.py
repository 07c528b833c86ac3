"""Word documents into text, and what is refused before they are opened."""

import pytest
from articles.ingest.docx_files import docx, item, packed, paragraph, run, with_files

from annotator.articles.ingest import DOCX, Document, UnreadableInput, WrongType, read

HTML = """<h1>Tram line opens</h1><p>“We <em>waited</em> ten years,” she <a href="https://example.org/speech">said</a>
on\u00a0Monday. <strong>Été \U0001f68b</strong></p><h2>Costs</h2><ul><li>Rails<ul><li>Steel</li></ul></li></ul>
<blockquote>No comment, e\u0301 soft\u00adware.</blockquote><table><tr><td>Cost</td><td>4 million</td></tr></table>
<p>End.</p>"""

MARKDOWN = """# Tram line opens

“We *waited* ten years,” she [said](https://example.org/speech)
on\u00a0Monday. **Été \U0001f68b**

## Costs

- Rails
  - Steel

> No comment, e\u0301 soft\u00adware.

| Cost | 4 million |
|------|-----------|

End."""


def linked(key: str, words: str) -> str:
    """Words with a link to the address of this id."""
    return f'<w:hyperlink r:id="{key}">{run(words)}</w:hyperlink>'


def cell(words: str) -> str:
    """A cell of a table."""
    return f"<w:tc>{paragraph(run(words))}</w:tc>"


ARTICLE = (
    paragraph(run("Tram line opens"), "Title")
    + paragraph(
        run("“We ")
        + run("waited", "<w:i/>")
        + run(" ten  years,” she ")
        + linked("a", "said")
        + run(" on\u00a0Monday. ")
        + run("Été \U0001f68b", "<w:b/>")
    )
    + paragraph(run("Costs"), "Heading2")
    + item("Rails")
    + item("Steel", 1)
    + paragraph(run("No comment, e\u0301 soft") + "<w:r><w:softHyphen/></w:r>" + run("ware."), "Quote")
    + f"<w:tbl><w:tr>{cell('Cost')}{cell('4 million')}</w:tr></w:tbl>"
    + paragraph(run("End."))
)


def given(body: str, **parts: str) -> Document:
    """Read a document with this body."""
    return read(docx(body, **parts), DOCX)


def words(document: Document) -> list[tuple[str, str]]:
    """Kind and words of each block."""
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def test_one_article_gives_the_same_text_whatever_its_format() -> None:
    document = read(docx(ARTICLE, links={"a": "https://example.org/speech"}), DOCX)
    assert document.text == read(HTML.encode(), "text/html").text
    assert document.text == read(MARKDOWN.encode(), "text/markdown").text


def test_blocks_and_marks_are_those_of_the_page() -> None:
    document = read(docx(ARTICLE, links={"a": "https://example.org/speech"}), DOCX)
    page = read(HTML.encode(), "text/html")
    assert (document.blocks, document.marks) == (page.blocks, page.marks)


def test_tracked_insertions_are_text_and_deletions_are_not() -> None:
    changed = (
        f"<w:ins>{run('Ann ')}</w:ins><w:del><w:r><w:delText>Ben </w:delText></w:r></w:del>{run('said')}"
    )
    document = given(paragraph(changed))
    assert document.text == "Ann said"
    assert "Tracked changes: 1 insertions are in the text, 1 deletions are not." in document.notes


def test_a_footnote_is_a_paragraph_at_the_end_and_its_sign_stays() -> None:
    noted = paragraph(run("Costs rose") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run("."))
    footnote = f'<w:footnote w:id="2">{paragraph(run("City budget, page 4."), "FootnoteText")}</w:footnote>'
    document = given(noted + paragraph(run("End.")), footnotes=footnote)
    assert [text for _, text in words(document)] == ["Costs rose[1].", "End.", "[1] City budget, page 4."]
    assert document.notes[0].startswith("Footnotes: 1, at the end")


def test_a_list_at_the_end_is_no_footnote() -> None:
    assert words(given(paragraph(run("One.")) + item("Two"))) == [("paragraph", "One."), ("list_item", "Two")]


def test_comments_are_left_out_and_counted() -> None:
    commented = f'<w:commentRangeStart w:id="0"/>{run("Said.")}<w:commentRangeEnd w:id="0"/>'
    body = paragraph(commented + '<w:r><w:commentReference w:id="0"/></w:r>')
    comment = f'<w:comment w:id="0" w:author="Ben">{paragraph(run("Check this."))}</w:comment>'
    document = given(body, comments=comment)
    assert (document.text, document.notes) == ("Said.", ("Comments left out: 1.",))


def test_a_caption_is_a_caption() -> None:
    document = given(paragraph(run("Words.")) + paragraph(run("The new tram"), "Caption"))
    assert words(document)[1] == ("caption", "The new tram")


def test_links_that_lead_to_files_keep_their_words() -> None:
    body = paragraph(linked("a", "one") + run(" ") + linked("b", "two"))
    document = read(docx(body, links={"a": "file:///etc/passwd", "b": "\\\\host\\share"}), DOCX)
    assert document.text == "one two"
    assert all(not mark.href for mark in document.marks)


@pytest.mark.parametrize(
    ("files", "note"),
    [
        ({"word/vbaProject.bin": b"\0" * 9}, "It has macros; they were neither read nor run."),
        ({"word/embeddings/oleObject1.bin": b"\0" * 9}, "Files embedded in it were left out."),
        (
            {
                "word/_rels/settings.xml.rels": '<Relationships><Relationship Type="x/attachedTemplate" '
                'Target="http://example.org/a.dotm" TargetMode="External"/></Relationships>'
            },
            "It names a template outside; nothing was fetched.",
        ),
    ],
)
def test_what_is_not_text_is_left_out_and_said(files: dict[str, str | bytes], note: str) -> None:
    document = read(with_files(docx(paragraph(run("Words."))), files), DOCX)
    assert (document.text, document.notes) == ("Words.", (note,))


def test_the_title_in_its_properties_is_taken_unless_it_is_a_file_name() -> None:
    core = '<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title></c>'
    raw = docx(paragraph(run("It opened on Monday, after ten years.")))
    titled = read(with_files(raw, {"docProps/core.xml": core.format("Tram line opens")}), DOCX)
    assert titled.metadata["title"].found_in == "properties of the document"
    named = read(with_files(raw, {"docProps/core.xml": core.format("tram_final2.docx")}), DOCX)
    assert named.value("title") != "tram_final2.docx"


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://example.org/a.dtd">',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://example.org/a"> %x;]>',
        '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_declares_a_document_type_is_refused(declaration: str, encoding: str) -> None:
    evil = f'<?xml version="1.0" encoding="{encoding}"?>{declaration}<a>&x;</a>'.encode(encoding)
    with pytest.raises(UnreadableInput, match="document type"):
        read(with_files(docx(""), {"word/document.xml": evil}), DOCX)


@pytest.mark.parametrize("name", ["../x.xml", "word/../../x", "/etc/x", "C:x", "word\\..\\x"])
def test_names_that_lead_out_are_refused(name: str) -> None:
    with pytest.raises(UnreadableInput, match="leads out of it"):
        read(with_files(docx(paragraph(run("Words."))), {name: "x"}), DOCX)


def test_three_million_paragraphs_are_refused_before_they_are_read() -> None:
    raw = docx("<w:p/>" * 3_000_000)
    assert len(raw) < 60_000
    with pytest.raises(UnreadableInput, match="packed more than 200 times"):
        read(raw, DOCX)


def test_more_elements_than_an_article_has_are_refused() -> None:
    with pytest.raises(UnreadableInput, match="more parts"):
        read(docx("".join(f'<w:p w:rsidR="{number * 7919:08X}"/>' for number in range(250_001))), DOCX)


def test_much_text_is_refused_by_what_the_directory_says() -> None:
    with pytest.raises(UnreadableInput, match="unpacks to more than 60 MB"):
        read(with_files(docx(""), {"word/media/a.bin": b"\0" * 70_000_000}), DOCX)


def test_sixty_thousand_entries_are_refused() -> None:
    with pytest.raises(UnreadableInput, match="more than 2000 files"):
        read(packed({f"word/{number}.xml": "" for number in range(60_000)}), DOCX)


def test_two_entries_of_one_name_are_refused() -> None:
    with pytest.raises(UnreadableInput, match="two files of one name"):
        read(packed({"word/a.xml": "a", "WORD/A.xml": "b"}), DOCX)


def test_entries_that_lie_over_each_other_are_refused() -> None:
    raw = bytearray(docx(paragraph(run("Words."))))
    places = [place for place in range(len(raw)) if raw[place : place + 4] == b"PK\x01\x02"]
    raw[places[1] + 42 : places[1] + 46] = raw[places[2] + 42 : places[2] + 46]
    with pytest.raises(UnreadableInput, match="lie over each other"):
        read(bytes(raw), DOCX)


@pytest.mark.parametrize("kept", [30, 700, 1_500])
def test_a_document_cut_off_is_refused(kept: int) -> None:
    with pytest.raises(UnreadableInput, match="damaged or cut off"):
        read(docx(ARTICLE)[:kept], DOCX)


def test_another_archive_is_no_word_document() -> None:
    with pytest.raises(WrongType, match="not a Word document"):
        read(packed({"content.xml": "<a/>"}), DOCX)


@pytest.mark.parametrize("raw", [b"<p>words", b"%PDF-1.4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b""])
def test_what_is_no_archive_is_of_another_type(raw: bytes) -> None:
    with pytest.raises(WrongType):
        read(raw, DOCX)
