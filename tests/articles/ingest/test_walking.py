"""Trees into canonical text, blocks and marks."""

import html as html_escapes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.articles.ingest import Block, BlockKind, Document, Mark, MarkType, UnreadableInput, read
from annotator.sentences import sentences


def page(body: str) -> Document:
    """Read a page with this body."""
    return read(f"<html><body>{body}</body></html>".encode(), "text/html")


def markdown(source: str) -> Document:
    """Read a Markdown text."""
    return read(source.encode(), "text/markdown")


def kinds(document: Document) -> list[tuple[str, int, str]]:
    """Kind, depth and words of each block."""
    return [
        (block.kind.value, block.depth, document.text[block.start : block.end]) for block in document.blocks
    ]


def marked(document: Document) -> list[tuple[str, str, str | None]]:
    """Type, words and address of each mark."""
    return [(mark.type.value, document.text[mark.start : mark.end], mark.href) for mark in document.marks]


def assert_sound(document: Document) -> None:
    """Blocks are in order, apart and inside the text; marks and sentences are inside blocks."""
    edges = [edge for block in document.blocks for edge in (block.start, block.end)]
    assert edges == sorted(edges)
    assert 0 <= edges[0] < edges[-1] <= len(document.text)
    inside = [(block.start, block.end) for block in document.blocks]
    for start, end in inside:
        assert document.text[start:end] == document.text[start:end].strip() != ""
    spans = [(mark.start, mark.end) for mark in document.marks] + sentences(
        document.text, document.blocks, "en"
    )
    for start, end in spans:
        assert any(first <= start < end <= last for first, last in inside)


ARTICLE_MARKDOWN = """\
# Tram line opens 🚋🇺🇦

April 30, 2025

Mayor Olga Kovalenko. **Ben Haas / City Press**

“We *waited* ten years,” she [said](https://example.org/speech?a=1&b=2) on\u00a0Monday.
A ~~line~~ **of *new*** `trams`, e\u0301t\u00e9 \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 停火。

> One day

- first
- second
    - inner

| a | b |
|---|---|
| 1 | 2 |

```
x  =  1
  y
```

line one\\
line two
"""
ARTICLE_HTML = """\
<h1>Tram line   opens
🚋🇺🇦</h1><p>April 30, 2025
<p>Mayor Olga Kovalenko.
  <b>Ben Haas / City Press </b><div>“We <em>waited</em> ten years,” she
<a href="https://example.org/speech?a=1&amp;b=2">said</a> on&nbsp;Monday. A ~~line~~<strong> of <i>new</i></strong>
<code>trams</code>, e\u0301t&eacute; \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 停火。</div>
<blockquote><p>One day</p></blockquote><ul><li>first</li><li><p>second</p><ul><li>inner</ul></ul>
<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>
<pre>
x  =  1
  y
</pre><p>line one<br>
line two</p>
"""


def test_the_same_article_gives_the_same_bytes_from_markdown_and_html() -> None:
    ours, theirs = markdown(ARTICLE_MARKDOWN), page(ARTICLE_HTML)
    assert ours.text.encode() == theirs.text.encode()
    assert ours.blocks == theirs.blocks
    assert ours.marks == theirs.marks
    assert_sound(ours)


def test_the_blocks_of_an_article_have_their_kinds_and_depths() -> None:
    assert kinds(page(ARTICLE_HTML))[3:] == [
        (
            "paragraph",
            0,
            "“We waited ten years,” she said on\u00a0Monday. A ~~line~~ of new trams, e\u0301t\u00e9 שלום مرحبا 停火。",
        ),
        ("quote", 1, "One day"),
        ("list_item", 1, "first"),
        ("list_item", 1, "second"),
        ("list_item", 2, "inner"),
        ("table_cell", 0, "a"),
        ("table_cell", 0, "b"),
        ("table_cell", 0, "1"),
        ("table_cell", 0, "2"),
        ("preformatted", 0, "x  =  1\n  y"),
        ("paragraph", 0, "line one\nline two"),
    ]


def test_marks_are_cut_to_their_words() -> None:
    assert marked(
        page("<p>a <b> bold </b> c<sup>2 </sup><sub>i</sub> <a href='https://x.example/'> link </a>.")
    ) == [
        ("strong", "bold", None),
        ("sup", "2", None),
        ("sub", "i", None),
        ("link", "link", "https://x.example/"),
    ]


def test_a_mark_over_two_blocks_becomes_two() -> None:
    document = page("<a href='https://x.example/'><p>one</p><p>two</p></a>")
    assert marked(document) == [("link", "one", "https://x.example/"), ("link", "two", "https://x.example/")]


def test_a_mark_inside_another_of_its_type_adds_nothing() -> None:
    assert marked(page("<p><b>all <strong>of</strong> it</b>")) == [("strong", "all of it", None)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>a<br><br>b", ["a", "b"]),
        ("<p>a <br> \n b<br>", ["a\nb"]),
        ("a<p>b</p>c", ["a", "b", "c"]),
        ("<p>&nbsp;</p><p>\u00a0a\u00a0b\u00a0</p>", ["a\u00a0b"]),
        ("<p>a\u200db\u00adc\u2009d</p>", ["a\u200db\u00adc\u2009d"]),
        ("<p>on<b>e</b>&#9;two\f\n three", ["one two three"]),
        ("<ul><li>a<p>b</p><p>c</p>d</li></ul>", ["a", "b", "c", "d"]),
        ("<p>a<!-- b --><script>c</script><style>d</style><svg><text>e</text></svg>f", ["af"]),
        ("<p>a</p><p hidden>b</p><p aria-hidden=true>c</p><p style='display: NONE'>d</p>", ["a"]),
        ("<nav>menu</nav><form>field</form><template>t</template><noscript>n</noscript>a", ["a"]),
        ("<figure><img alt=x><figcaption>words</figcaption></figure>", ["words"]),
        ("<dl><dt>term</dt><dd>meaning</dd></dl>", ["term", "meaning"]),
        ("<p>a</p></body></html><p>late", ["a", "late"]),
        ("<p>A &lt;b&gt; &amp;amp; B", ["A <b> &amp; B"]),
    ],
)
def test_white_space_and_tags_are_read_as_browsers_do(body: str, expected: list[str]) -> None:
    document = page(body)
    assert [words for _, _, words in kinds(document)] == expected
    assert document.text == "\n\n".join(expected)


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://example.org/a", "https://example.org/a"),
        (" https://example.org/\n a ", "https://example.org/a"),
        ("MAILTO:ann@example.org", "MAILTO:ann@example.org"),
        ("#", ""),
        ("", ""),
        ("/relative", ""),
    ],
)
def test_a_link_keeps_a_usable_address_or_says_it_is_lost(href: str, kept: str) -> None:
    assert marked(page(f"<p><a href='{href}'>said</a>")) == [("link", "said", kept)]


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " java\tscript:alert(1)",
        "java&#10;script:alert(1)",
        "&#1;javascript:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "tel:123",
        "#note1",
    ],
)
def test_a_link_to_elsewhere_leaves_its_words_only(href: str) -> None:
    document = page(f'<p><a href="{href}">said</a> it')
    assert document.text == "said it"
    assert document.marks == ()


def test_a_relative_link_is_read_against_the_address_of_the_page() -> None:
    document = page("<base href='https://example.org/news/'><p><a href='../a?b'>said</a>")
    assert marked(document) == [("link", "said", "https://example.org/a?b")]


def test_a_link_of_markdown_without_address_is_a_link_whose_address_is_lost() -> None:
    assert marked(markdown("Ann [said](#) so, [twice](javascript:alert(1)).")) == [("link", "said", "")]


def test_html_inside_markdown_stays_words() -> None:
    assert markdown("a <b>b</b>\n\n<script>c</script>").text == "a <b>b</b>\n\n<script>c</script>"


@pytest.mark.parametrize("tag", ["div", "span", "blockquote", "b"])
def test_a_page_nested_deeper_than_256_is_refused(tag: str) -> None:
    with pytest.raises(UnreadableInput, match="nested deeper than 256"):
        page(f"<{tag}>" * 300 + "words")


@pytest.mark.parametrize("trick", ["<div title='</div>'>", "<ul><li>", "<table><tr><td>"])
def test_depth_that_hides_from_counting_is_refused_all_the_same(trick: str) -> None:
    with pytest.raises(UnreadableInput, match="nested deeper than 256"):
        page(trick * 300 + "words")


def test_a_page_nested_200_deep_is_read() -> None:
    assert page("<div>" * 200 + "words").text == "words"


def test_a_long_page_of_open_paragraphs_is_not_deep() -> None:
    assert len(page("<p>words<br><img src=x><li>x" * 1000).blocks) == 2000


@pytest.mark.parametrize("sign", [">", "- ", "1. "])
def test_markdown_nested_too_deeply_is_refused(sign: str) -> None:
    with pytest.raises(UnreadableInput, match="nested too deeply"):
        markdown(sign * 300 + "words")


@pytest.mark.parametrize("sign", ["[", "![", "[]", "[a]("])
def test_markdown_with_more_brackets_than_an_article_has_is_refused(sign: str) -> None:
    with pytest.raises(UnreadableInput, match="2000 opening brackets"):
        markdown("words\n\n" + sign * 2001)


PIECE = st.sampled_from(
    [
        "word",
        " ",
        "\u00a0",
        "\t",
        "\n",
        "👩\u200d🚒",
        "🇺🇦",
        "e\u0301",
        "مرحبا",
        "שלום",
        "停火。",
        "U.S. ",
        "“No.” ",
        "\u00ad",
    ]
)
WORDS = st.lists(PIECE, max_size=8).map(lambda pieces: html_escapes.escape("".join(pieces)))
TAG = st.sampled_from(
    "p b i a div li ul blockquote h2 td table pre br span sup figcaption nav section".split()
)


def wrapped(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Some of these in a tag, closed or left open."""
    return st.tuples(TAG, st.lists(children, max_size=4), st.booleans()).map(
        lambda parts: f"<{parts[0]} href='#'>{''.join(parts[1])}" + (f"</{parts[0]}>" if parts[2] else "")
    )


@given(st.recursive(WORDS, wrapped, max_leaves=20))
def test_every_page_gives_sound_blocks_marks_and_sentences(body: str) -> None:
    assert_sound(page(f"<p>first</p>{body}"))


MARKDOWN = st.text(alphabet="ab #*_>-[]()`|\n\u00a0🇺🇦\u0301.!停ש", max_size=80)


@given(MARKDOWN)
def test_every_markdown_text_gives_sound_blocks_marks_and_sentences(source: str) -> None:
    assert_sound(markdown(f"first\n\n{source}"))


@given(st.text(max_size=80))
def test_every_plain_text_gives_sound_blocks_and_sentences(source: str) -> None:
    assert_sound(read(f"first\n\n{source}".encode(), "text/plain"))


@pytest.mark.parametrize(
    "thing",
    [Block(BlockKind.HEADING, 1, 0, None, 0, 5), Mark(MarkType.LINK, 0, 5, "https://x.example/")],
)
def test_blocks_and_marks_survive_the_way_through_json(thing: Block | Mark) -> None:
    assert type(thing).from_json(thing.as_json()) == thing
