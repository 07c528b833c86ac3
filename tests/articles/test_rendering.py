"""Blocks and pieces of the reader, and the markup they become."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader
from lxml import html

from annotator.articles.rendering import BlockView, Piece, block_views, safe_href

TEMPLATES = Path(__file__).parents[2] / "templates"
TEXT = "Head 👩‍👩‍👧\n\nA link and\nmore words.\n\n\nLast one"
BLOCKS: list[dict[str, Any]] = [
    {"kind": "heading", "level": 1, "depth": 0, "start": 0, "end": 10},
    {"kind": "paragraph", "level": 0, "depth": 0, "start": 12, "end": 34},
    {"kind": "list_item", "level": 0, "depth": 2, "role": None, "start": 37, "end": 45},
]


def link(start: int, end: int, href: str) -> dict[str, Any]:
    """A link mark."""
    return {"type": "link", "start": start, "end": end, "href": href}


def markup(views: list[BlockView]) -> html.HtmlElement:
    """The blocks as the template writes them, read by an HTML parser."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    shown = "{% for block in blocks %}{{ show(block) }}{% endfor %}"
    source = f"{{% from 'articles/_block.html' import show %}}<article>{shown}</article>"
    return html.fromstring(environment.from_string(source).render(blocks=views))


def test_pieces_joined_are_the_blocks_own_words() -> None:
    views = block_views(
        TEXT, BLOCKS, [link(14, 18, "https://a.example")], [("x", 0, 20, "open"), ("y", 16, 45, "refuted")]
    )
    assert ["".join(piece.text for piece in view.pieces) for view in views] == TEXT.replace(
        "\n\n\n", "\n\n"
    ).split("\n\n")


def test_a_block_states_offset_length_and_what_stands_before_it() -> None:
    views = block_views(TEXT, BLOCKS, [])
    assert [(view.id, view.start, view.length, view.gap) for view in views] == [
        ("b0", 0, 10, ""),
        ("b1", 12, 22, "\n\n"),
        ("b2", 37, 8, "\n\n\n"),
    ]


def test_headings_of_the_text_begin_below_the_title() -> None:
    levels = [{"kind": "heading", "level": level, "start": 0, "end": 4} for level in (0, 1, 2, 6)]
    assert [block_views("Head", [level], [])[0].tag for level in levels] == ["h2", "h2", "h3", "h6"]


def test_overlapping_spans_become_flat_pieces_with_the_shortest_first() -> None:
    spans = [("long", 12, 34, "open"), ("short", 14, 18, "refuted")]
    pieces = block_views(TEXT, BLOCKS, [], spans)[1].pieces
    assert [(piece.text, piece.annotations, piece.tone) for piece in pieces] == [
        ("A ", ("long",), "open"),
        ("link", ("short", "long"), "refuted"),
        (" and\nmore words.", ("long",), "open"),
    ]


def test_without_spans_no_piece_names_an_annotation() -> None:
    assert {piece.annotations for view in block_views(TEXT, BLOCKS, []) for piece in view.pieces} == {()}


def test_marks_that_overlap_are_all_kept() -> None:
    marks = [{"type": "strong", "start": 12, "end": 18}, {"type": "em", "start": 16, "end": 22}]
    pieces = block_views(TEXT, BLOCKS, marks)[1].pieces
    assert pieces[1] == Piece("nk", strong=True, em=True)


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://a.example/?q=1", "https://a.example/?q=1"),
        (" mailto:ann@example.org ", "mailto:ann@example.org"),
        ("", ""),
        ("#", ""),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt:alert(1)", None),
        ("data:text/html,x", None),
        ("/relative", None),
        ("http://[broken", None),
    ],
)
def test_only_addresses_a_browser_may_follow_become_links(href: str, kept: str | None) -> None:
    assert safe_href(href) == kept


def test_a_link_without_address_is_shown_as_missing() -> None:
    page = markup(block_views(TEXT, BLOCKS, [link(14, 18, "")]))
    assert [found.text for found in page.xpath("//span[@class='source-missing']")] == ["link"]


def test_a_link_tells_nobody_where_its_reader_came_from() -> None:
    page = markup(block_views(TEXT, BLOCKS, [link(14, 18, "https://a.example/")]))
    assert page.xpath("//a/@rel") == ["noopener noreferrer nofollow"]


def test_the_pages_text_is_the_canonical_text_of_each_block() -> None:
    views = block_views(
        TEXT, BLOCKS, [link(14, 18, ""), {"type": "code", "start": 0, "end": 45}], [("x", 5, 40, "open")]
    )
    elements = markup(views).xpath("//*[@data-o]")
    assert [element.text_content() for element in elements] == [
        TEXT[view.start : view.start + view.length] for view in views
    ]
    assert [int(element.get("data-n")) for element in elements] == [
        len(element.text_content()) for element in elements
    ]


def test_a_gap_is_stated_only_where_it_is_not_an_empty_line() -> None:
    page = markup(block_views(TEXT, BLOCKS, []))
    assert page.xpath("//*[@data-o]/@data-gap") == ["\n\n\n"]


def test_words_are_escaped() -> None:
    hostile = '<img src=x onerror="alert(1)">&amp;'
    blocks = [{"kind": "paragraph", "start": 0, "end": len(hostile)}]
    page = markup(block_views(hostile, blocks, [], [("a", 0, 4, "open")]))
    assert page.xpath("//img") == []
    assert page.xpath("string(//p)") == hostile


def test_marks_point_at_the_card_of_the_shortest_span() -> None:
    page = markup(block_views(TEXT, BLOCKS, [], [("long", 12, 34, "open"), ("short", 14, 18, "refuted")]))
    middle = page.xpath("//mark")[1]
    assert dict(middle.attrib) == {
        "class": "tone-refuted",
        "aria-details": "annotation-short",
        "data-annotations": "short long",
    }


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(1, 30), st.sampled_from(["open", "refuted"])), max_size=25
    )
)
def test_every_code_point_knows_just_the_spans_that_cover_it(drawn: list[tuple[int, int, str]]) -> None:
    spans = [
        (f"n{number}", start, start + length, tone) for number, (start, length, tone) in enumerate(drawn)
    ]
    for view in block_views(TEXT, BLOCKS, [], spans):
        known = [set(piece.annotations) for piece in view.pieces for _ in piece.text]
        offsets = range(view.start, view.start + view.length)
        assert known == [{name for name, start, end, _ in spans if start <= at < end} for at in offsets]
