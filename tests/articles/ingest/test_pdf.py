"""PDF into paragraphs, with pages written by hand in a fixed-width font, 50 signs to a full line."""

import pytest
from articles.ingest.pdf_files import Line, assembled, column, pdf, stream

from annotator.articles.ingest import PDF, Document, UnreadableInput, WrongType, read
from annotator.articles.ingest.pdf_paragraphs import joined

FIRST = [
    "The council voted on the tram line after a debate",
    "of seven hours, and the mayor said that the works",
    "would start in June.",
]
SECOND = [
    "Ben Haas, who had spoken against it before, said",
    "that four million was too much.",
]


def given(*pages: list[Line], **options: str) -> Document:
    """Read a file with these pages."""
    return read(pdf(pages, **options), PDF, language="en")


def words(document: Document) -> list[str]:
    """The words of each block."""
    return [document.text[block.start : block.end] for block in document.blocks]


def test_lines_are_joined_to_paragraphs() -> None:
    document = given(column([*FIRST, *SECOND]))
    assert words(document) == [" ".join(FIRST), " ".join(SECOND)]


@pytest.mark.parametrize(
    ("x", "top"), [(60, 540 - 12 * 3 - 10), (75, 540 - 12 * 3)], ids=["a gap", "an indent"]
)
def test_a_gap_or_an_indent_begins_a_paragraph(x: float, top: float) -> None:
    full = [*FIRST[:2], "would start in June, and would go on for a year."]
    document = given([*column(full), *column(SECOND[:1], x=x, top=top), *column(SECOND[1:], top=top - 12)])
    assert words(document) == [" ".join(full), " ".join(SECOND)]


def test_ragged_lines_go_on_where_gaps_part_the_paragraphs() -> None:
    ragged = [FIRST[0], "of seven hours in the hall. It said no.", "She had asked for more time."]
    lines = [line for number in range(5) for line in column(ragged, top=540 - 60 * number)]
    assert words(given(lines)) == [" ".join(ragged)] * 5


def test_indented_lines_one_after_another_are_paragraphs() -> None:
    spoken = ["“Will it rain tomorrow?” Ann said.", "“It will rain all day,” said he."]
    lines = []
    for top in (540, 460, 380):
        lines += [*column(FIRST, top=top), *column(spoken, x=75, top=top - 36)]
    assert words(given(lines)) == [" ".join(FIRST), *spoken] * 3


def test_a_paragraph_goes_on_over_columns_and_pages() -> None:
    left, right = column(FIRST[:1], x=30), column(FIRST[1:2], x=230)
    document = given([*left, *right], column(FIRST[2:] + SECOND))
    assert words(document) == [" ".join(FIRST), " ".join(SECOND)]


def test_a_sentence_that_ends_with_its_page_ends_its_paragraph() -> None:
    ended = [*FIRST[:2], "would start in June, and would go on for a year."]
    assert words(given(column(ended), column(SECOND))) == [" ".join(ended), " ".join(SECOND)]


def test_each_block_knows_the_page_it_starts_on() -> None:
    document = given(column(FIRST), column(SECOND), column(["The end of all."]))
    assert [block.page for block in document.blocks] == [1, 2, 3]


def test_pages_survive_the_way_through_json_and_are_left_out_without() -> None:
    document = given(column(FIRST))
    assert Document.from_json(document.as_json()) == document
    assert "page" not in read(b"words", "text/plain").blocks[0].as_json()


def test_headers_and_footers_are_left_out_and_said() -> None:
    pages = [
        [*column([f"City Daily - page {page}"], top=570), *column(lines), *column([str(page)], top=20)]
        for page, lines in enumerate([FIRST, SECOND, ["Others agreed."]], 1)
    ]
    document = given(*pages)
    assert words(document) == [" ".join(FIRST), " ".join(SECOND), "Others agreed."]
    assert "“City Daily - page 1”, “1”" in document.notes[1]


def test_a_line_that_returns_elsewhere_on_the_page_stays() -> None:
    document = given(*([*column([f"Question {page}."], top=540 - 60 * page)] for page in range(4)))
    assert words(document) == ["Question 0.", "Question 1.", "Question 2.", "Question 3."]


def test_larger_lines_are_headings() -> None:
    document = given([*column(["Tram line opens"], size=18), *column(FIRST, top=500)])
    assert [(block.kind, block.level) for block in document.blocks] == [("heading", 1), ("paragraph", 0)]
    assert document.value("title") == "Tram line opens"


def test_lines_with_a_bullet_are_items() -> None:
    document = given(column([*FIRST, "• Rails", "• Steel"]))
    assert [block.kind for block in document.blocks] == ["paragraph", "list_item", "list_item"]
    assert words(document)[1:] == ["Rails", "Steel"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("The council wants a new infra-", "structure for it.", "infrastructure"),
        ("The council sent it to the IT-", "Department again.", "IT-Department"),
        ("The council said that the 2-", "3 years are long.", "2-3 years"),
        ("A year-by-year plan, and a year-", "by-year budget.", "a year-by-year budget"),
        ("They talked of their far-", "reaching plans.", "far-reaching"),
        ("They called it a Xqzwv-", "yrblt in debate.", "Xqzwvyrblt"),
    ],
)
def test_a_hyphen_at_the_end_of_a_line_is_read_as_soft_or_real(
    first: str, second: str, expected: str
) -> None:
    assert expected in given(column([first, second])).text


@pytest.mark.parametrize("hyphen", ["\x02", "-", "\u2010"])
def test_the_rule_for_hyphens_asks_the_text_before_the_list_of_words(hyphen: str) -> None:
    assert joined(f"co{hyphen}", "op", {"co-op"}, lambda _: True) == "co-op"
    assert joined(f"co{hyphen}", "op", {"coop"}, {"co", "op"}.__contains__) == "coop"
    assert joined(f"co{hyphen}", "op", set(), {"co", "op"}.__contains__) == "co-op"
    assert joined(f"co{hyphen}", "op", set(), {"co"}.__contains__) == "coop"


def test_a_dash_at_the_end_of_a_line_stays() -> None:
    assert joined("the mayor -", "she laughed -", set(), lambda _: True) == "the mayor - she laughed -"


def test_title_and_language_are_those_of_the_file() -> None:
    document = given(column(FIRST), info="/Title(Tram line opens)/Author(x)", extra="/Lang(en-GB)")
    assert (document.value("title"), document.value("language")) == ("Tram line opens", "en-GB")
    assert document.value("byline") is None


@pytest.mark.parametrize("title", ["tram_final2.indd", "Microsoft Word - tram", "Untitled-1", "4711"])
def test_a_title_that_no_person_gave_is_not_taken(title: str) -> None:
    document = given(
        [*column(["Tram line opens"], size=18), *column(FIRST, top=500)], info=f"/Title({title})"
    )
    assert document.value("title") == "Tram line opens"


def test_a_page_without_text_is_said() -> None:
    assert "Pages without text, perhaps scanned: 2." in given(column(FIRST), [], column(SECOND)).notes


def test_a_scan_is_refused() -> None:
    with pytest.raises(UnreadableInput, match=r"scanned.*no text recognition"):
        given([], [])


def test_a_file_without_pages_is_refused() -> None:
    with pytest.raises(UnreadableInput, match="without pages"):
        given()


@pytest.mark.parametrize("kept", [20, 400, 900])
def test_a_file_cut_off_is_refused(kept: int) -> None:
    with pytest.raises(UnreadableInput, match="cut off"):
        read(pdf([column(FIRST), column(SECOND)])[:kept], PDF)


def test_an_encrypted_file_is_refused() -> None:
    protected = "/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O({})/U({})>>"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]
    with pytest.raises(UnreadableInput, match="asks for a password"):
        read(assembled(objects, protected.format("o" * 32, "u" * 32)), PDF)


@pytest.mark.parametrize("raw", [b"MZ\x90\x00 program", b"<html>words", b"PK\x03\x04", b""])
def test_what_is_no_pdf_is_of_another_type(raw: bytes) -> None:
    with pytest.raises(WrongType):
        read(raw, PDF)


def test_more_than_a_thousand_pages_are_refused() -> None:
    page, pages = b"<</Type/Page/Parent 2 0 R>>", b"3 0 R " * 1_001
    tree = b"<</Type/Pages/Count 1001/MediaBox[0 0 9 9]/Kids[%s]>>" % pages
    with pytest.raises(UnreadableInput, match="more than 1000 pages"):
        read(assembled([b"<</Type/Catalog/Pages 2 0 R>>", tree, page]), PDF)


def test_a_damaged_page_leaves_the_others() -> None:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 2/MediaBox[0 0 420 595]/Kids[3 0 R 9 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>",
        stream(b"BT /F 10 Tf 60 500 Td (Words of page one) Tj ET"),
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
    ]
    document = read(assembled(objects), PDF)
    assert document.text == "Words of page one"
    assert document.notes[1].startswith("Pages ")
