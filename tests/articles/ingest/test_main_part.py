"""Which part of a page is the article."""

import pytest

from annotator.articles.ingest import read

SITE = "<header><a href=/>Daily</a></header><nav>menu</nav>{}<aside>Most read</aside><footer>Imprint</footer>"
WORDS = "<p>The tram line opened on Monday after ten years.</p>"


def text(body: str) -> str:
    """The canonical text of a page with this body."""
    return read(SITE.format(body).encode(), "text/html").text


@pytest.mark.parametrize(
    "body",
    [
        f"<article><h1>Tram</h1>{WORDS}</article>",
        f"<main><h1>Tram</h1>{WORDS}</main>",
        f"<div role=main><header><h1>Tram</h1></header>{WORDS}<aside>Read also</aside></div>",
        f"<h1>Tram</h1><div itemprop=articleBody>{WORDS}</div>",
        f"<article><header><h1>Tram</h1></header><div itemprop='x articleBody'>{WORDS}</div></article>",
        f"<article><h1>Tram</h1>{WORDS}<footer>Share</footer></article><article>A teaser</article>",
        f"<main><div><h1>Tram</h1></div><article>{WORDS}</article></main>",
    ],
)
def test_the_article_is_told_from_the_page_around_it(body: str) -> None:
    assert text(body) == "Tram\n\nThe tram line opened on Monday after ten years."


def test_without_a_main_part_the_whole_body_is_taken() -> None:
    assert text(f"<h1>Tram</h1>{WORDS}").split("\n\n") == [
        "Daily",
        "Tram",
        "The tram line opened on Monday after ten years.",
        "Most read",
        "Imprint",
    ]


def test_a_list_of_equal_articles_is_no_main_part() -> None:
    sections = "".join(f"<article><h2>{number}</h2>{WORDS}</article>" for number in range(5))
    assert text(f"<h1>Charter</h1>{sections}").startswith("Daily\n\nCharter\n\n0")


def test_a_hidden_article_is_not_taken() -> None:
    assert "secret" not in text(f"<article hidden>secret {WORDS * 9}</article><main>{WORDS}</main>")


def test_the_page_says_when_its_main_part_was_taken() -> None:
    document = read(SITE.format(f"<article>{WORDS}</article>").encode(), "text/html")
    assert document.notes == ("Taken: the part that the page marks as its article.",)


def test_links_that_lead_nowhere_are_counted() -> None:
    document = read(
        b"<p><a href='javascript:x()'>one</a> <a href='tel:1'>two</a> <a href='#a'>three</a>", "text/html"
    )
    assert document.notes == ("2 links lead nowhere that can be opened; their words were kept.",)
