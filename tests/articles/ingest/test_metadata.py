"""What is read about an article: title, date, byline, address, language, direction, and the roles of its lines."""

import json

import pytest

from annotator.articles.ingest import Document, Found, read
from annotator.articles.schemas import ArticleDetails

PASTED = """
Mayor to Council: Open the Tram Line

May 12, 2025

By Ben Haas

Mayor Olga Kovalenko at the depot. **Eve Stern / City Press / AFP**

The mayor [said](#) on Monday that the line opens soon.

Related article: [Council delays tram](#)

She had promised it in 2021.

Original url:

<https://www.city-press.example/2025/05/13/tram-line>
"""


def roles(document: Document) -> dict[str, str]:
    """The words that have each role; of several, the last."""
    return {
        block.role.value: document.text[block.start : block.end] for block in document.blocks if block.role
    }


def page(head: str, body: str = "<p>Words of the article.</p>", html: str = "") -> Document:
    """Read a page with this head."""
    return read(f"<html {html}><head>{head}</head><body>{body}</body></html>".encode(), "text/html")


def linked(**data: object) -> str:
    """A JSON-LD block of a news article."""
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **data})}</script>'


def test_a_pasted_article_tells_its_details_and_where_they_stand() -> None:
    assert read(PASTED.encode(), "text/markdown").metadata == {
        "title": Found("Mayor to Council: Open the Tram Line", "first short line"),
        "published_on": Found("2025-05-12", "date line"),
        "byline": Found("Ben Haas", "byline"),
        "url": Found("https://www.city-press.example/2025/05/13/tram-line", "source line"),
        "publisher": Found("city-press.example", "address"),
        "direction": Found("ltr", "letters"),
    }


def test_the_lines_of_a_pasted_article_have_roles() -> None:
    assert roles(read(PASTED.encode(), "text/markdown")) == {
        "title": "Mayor to Council: Open the Tram Line",
        "dateline": "May 12, 2025",
        "byline": "By Ben Haas",
        "caption": "Mayor Olga Kovalenko at the depot. Eve Stern / City Press / AFP",
        "related": "Related article: Council delays tram",
        "source_address": "https://www.city-press.example/2025/05/13/tram-line",
    }


def test_plain_text_is_read_by_the_same_lines_and_loses_nothing() -> None:
    document = read(PASTED.encode(), "text/plain")
    assert document.text == PASTED
    assert document.value("url") == "https://www.city-press.example/2025/05/13/tram-line"
    assert document.value("published_on") == "2025-05-12"
    assert document.value("byline") == "Ben Haas"


def test_the_title_is_a_heading_and_the_caption_a_caption() -> None:
    blocks = read(PASTED.encode(), "text/markdown").blocks
    assert (blocks[0].kind, blocks[0].level) == ("heading", 1)
    assert blocks[3].kind == "caption"


def test_the_date_in_the_address_counts_when_nothing_else_dates_the_piece() -> None:
    source = "Words of the article.\n\nOriginal url: https://example.org/2025/04/30/talks"
    assert read(source.encode(), "text/plain").metadata["published_on"] == Found("2025-04-30", "address")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/2025/04/30/x", "2025-04-30"),
        ("/news/2025-4-3/", "2025-04-03"),
        ("/2025/04/x", "2025-04"),
        ("/2025/44/30", None),
        ("/item/20250430", None),
        ("/1234/56/7", None),
    ],
)
def test_a_date_in_an_address_has_its_precision(path: str, value: str | None) -> None:
    source = f"Words of the article.\n\nSource: https://example.org{path}"
    assert read(source.encode(), "text/plain").value("published_on") == value


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("# Heading\n\nwords follow here.", "Heading"),
        ("Is the line open?\n\nwords follow here.", "Is the line open?"),
        ("12 May 2025\n\nTitle\n\nwords follow here.", "Title"),
        ("This is a sentence.\n\n## Below\n\nwords", "Below"),
        ("This is a sentence.\n\nThis is another.", None),
        ("Only one line", None),
        ("By Ann Lee\n\nA sentence.", None),
    ],
)
def test_the_title_is_the_first_heading_or_short_line(source: str, title: str | None) -> None:
    assert read(source.encode(), "text/markdown").value("title") == title


@pytest.mark.parametrize(
    "line",
    [
        "By Monday the line was open.",
        "by far the best",
        "By the river and over the hills we all went to see the new tram line",
    ],
)
def test_not_every_line_that_starts_with_by_is_a_byline(line: str) -> None:
    assert read(f"# Title\n\n{line}\n\nwords.".encode(), "text/markdown").value("byline") is None


@pytest.mark.parametrize(
    ("line", "is_caption"),
    [
        ("The depot. **Eve Stern / City Press**", True),
        ("The depot. **© Eve Stern**", True),
        ("The depot. Photo: Eve Stern", True),
        ("The depot is **very old**", False),
        ("The 24/7 depot is open.", False),
    ],
)
def test_a_caption_is_known_by_its_credit(line: str, is_caption: bool) -> None:
    document = read(f"# Title\n\n{line}\n\nMore words.".encode(), "text/markdown")
    assert ("caption" in roles(document)) is is_caption


def test_front_matter_is_no_text_and_says_so() -> None:
    source = '---\ntitle: "Tram: it opens"\nauthor: Ann Lee\ndate: 2025-05\nlang: uk\ntags: [a]\n---\nСлова статті.'
    document = read(source.encode(), "text/markdown")
    assert document.text == "Слова статті."
    assert document.metadata["title"] == Found("Tram: it opens", "front matter")
    assert [document.value(name) for name in ("byline", "published_on", "language")] == [
        "Ann Lee",
        "2025-05",
        "uk",
    ]
    assert "no text of the article" in document.notes[0]


@pytest.mark.parametrize("source", ["---\n\nwords here.", "---\nwords\n---\nmore.", "a\n---\nx: y\n---\n"])
def test_lines_that_are_no_front_matter_stay_text(source: str) -> None:
    document = read(source.encode(), "text/markdown")
    assert document.notes == ()
    assert {"words", "more", "x:"} & set(document.text.replace(".", " ").split())


def test_linked_data_is_believed_first() -> None:
    document = page(
        linked(
            headline="Tram  opens",
            url="https://city.example/a",
            datePublished="2025-05-12T10:00:00+03:00",
            author=[{"name": "Ann Lee"}, "Ben Haas"],
            publisher={"name": "City Press"},
            inLanguage="en_GB",
        )
        + '<meta property="og:title" content="Other"><title>Third</title>'
    )
    assert {name: found.value for name, found in document.metadata.items()} == {
        "title": "Tram opens",
        "url": "https://city.example/a",
        "published_on": "2025-05-12",
        "byline": "Ann Lee, Ben Haas",
        "publisher": "City Press",
        "language": "en-GB",
        "direction": "ltr",
    }
    assert document.metadata["title"].found_in == "JSON-LD"


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        ('<meta property="og:title" content="T">', "title", Found("T", "OpenGraph")),
        ('<meta name="author" content="Ann Lee">', "byline", Found("Ann Lee", "meta tag")),
        ('<meta name="date" content="2025/05/12">', "published_on", Found("2025-05-12", "meta tag")),
        (
            '<meta property="article:published_time" content="2025-05">',
            "published_on",
            Found("2025-05", "OpenGraph"),
        ),
        ("<title> T\n T </title>", "title", Found("T T", "title of the page")),
        (
            '<link rel="x canonical" href="https://a.example/b">',
            "url",
            Found("https://a.example/b", "canonical link"),
        ),
        ('<link rel="canonical" href="https://www.a.example/b">', "publisher", Found("a.example", "address")),
        (linked(**{"@graph": [{"@type": ["Article"], "headline": "G"}]}), "title", Found("G", "JSON-LD")),
    ],
)
def test_a_page_says_its_details_in_many_places(head: str, name: str, expected: Found) -> None:
    assert page(head).metadata[name] == expected


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="og:url" content="javascript:alert(1)">',
        '<link rel="canonical" href="/relative">',
        '<link rel="canonical" href="https://[bad/">',
        '<base href="https://[bad/">',
        linked(url="data:text/html,x", datePublished="2025-99-99", author=7, headline=[]),
        '<script type="application/ld+json">{"@type": "NewsArticle", </script>',
        f'<script type="application/ld+json">{"[" * 100_000}</script>',
        '<meta name="date" content="yesterday">',
        "<meta><link><base>",
    ],
)
def test_what_is_no_value_is_not_taken(head: str) -> None:
    document = page(head)
    assert set(document.metadata) == {"direction"}
    assert document.text == "Words of the article."


def test_the_first_heading_of_a_page_is_its_title_before_the_title_tag() -> None:
    document = page("<title>Site</title>", "<h1>Tram</h1><p>Words.</p>")
    assert document.metadata["title"] == Found("Tram", "heading")
    assert roles(document) == {"title": "Tram"}


@pytest.mark.parametrize(
    ("html", "body", "direction"),
    [
        ('lang="ar" dir="rtl"', "<p>مرحبا</p>", Found("rtl", "dir of the page")),
        ('lang="he"', "<p>שלום</p>", Found("rtl", "language")),
        ('lang="ar-EG"', "<p>مرحبا</p>", Found("rtl", "language")),
        ('lang="zh-Hans"', "<p>停火</p>", Found("ltr", "language")),
        ("", "<p>السلام عليكم ok</p>", Found("rtl", "letters")),
        ("", "<p>hello words</p>", Found("ltr", "letters")),
        ("", "<p>hello שלום</p>", Found("auto", "letters")),
        ("", "<p>2025</p>", Found("auto", "no letters")),
        ('dir="sideways"', "<p>hello</p>", Found("ltr", "letters")),
    ],
)
def test_the_direction_is_that_of_the_page_the_language_or_the_letters(
    html: str, body: str, direction: Found
) -> None:
    assert page("", body, html).metadata["direction"] == direction


def test_the_language_of_the_project_decides_a_date_that_has_two_meanings() -> None:
    source = "# Titel\n\n04.05.2025\n\nWorte."
    assert read(source.encode(), "text/markdown", language="de").value("published_on") == "2025-05-04"
    assert read(source.encode(), "text/markdown", language="en").value("published_on") is None


def test_what_is_recognised_is_no_longer_than_the_fields_take() -> None:
    long = {"publisher": "p" * 480, "byline": "b" * 480, "language": "-".join(["en", *["abcd"] * 60])}
    head = "\n".join(f"{name}: {value}" for name, value in long.items())
    found = read(f"---\n{head}\n---\n\n# {'t' * 900}\n\nWords.".encode(), "text/markdown")
    names = ("title", "publisher", "byline", "language")
    details = {name: found.value(name) for name in names if found.value(name)}
    assert (
        ArticleDetails().load(details)
        == details
        == {"title": "t" * 500, "publisher": "p" * 300, "byline": "b" * 300}
    )


def test_a_long_address_is_kept_whole() -> None:
    address = "https://desk.example/" + "a" * 900
    assert page(f'<link rel="canonical" href="{address}">').value("url") == address
