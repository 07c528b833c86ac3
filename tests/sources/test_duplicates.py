"""Addresses that name the same page have the same key, and no others have."""

import pytest

from annotator.sources.duplicates import bare_doi, url_key

SAME = [
    ("http://example.org", "https://example.org/"), ("https://EXAMPLE.org/A", "https://example.org/A"),
    ("https://www.example.org/a", "https://example.org/a"), ("http://example.org:80/a", "https://example.org:443/a"),
    ("https://example.org/a/", "https://example.org/a"), ("https://example.org/a#top", "https://example.org/a"),
    ("https://example.org/a#:~:text=the%20words", "https://example.org/a"),
    ("https://example.org/a?b=2&a=1", "https://example.org/a?a=1&b=2"),
    ("https://example.org/a?utm_source=x&utm_medium=y&a=1", "https://example.org/a?a=1"),
    ("https://example.org/a?fbclid=1", "https://example.org/a?gclid=2&msclkid=3"),
    ("https://example.org/%7Ea", "https://example.org/~a"), ("https://пример.example/а", "https://xn--e1afmkfd.example/%D0%B0"),
    ("https://example.org./a", "https://example.org/a"), (" https://example.org/a ", "https://example.org/a"),
    ("https://example.org/a?", "https://example.org/a"),
]  # fmt: skip
OTHER = [
    ("https://example.org/a", "https://example.org/b"), ("https://example.org/a", "https://example.org/A"),
    ("https://example.org/a?id=1", "https://example.org/a?id=2"), ("https://example.org:8443/a", "https://example.org/a"),
    ("https://m.example.org/a", "https://example.org/a"), ("https://example.org/#!/a", "https://example.org/#!/b"),
    ("https://example.org/a?q=", "https://example.org/a"), ("https://www2.example.org", "https://example.org"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_addresses_of_one_page_have_one_key(one: str, other: str) -> None:
    assert url_key(one) == url_key(other) != ""


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_addresses_of_two_pages_have_two_keys(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


@pytest.mark.parametrize("text", ["", "law", "ftp://example.org/a", "mailto:a@example.org", "https://", "https://[::1",
                                  "https://example.org:99999/", "javascript:alert(1)"])  # fmt: skip
def test_what_is_no_web_address_has_no_key(text: str) -> None:
    assert url_key(text) == ""


def test_a_key_is_its_own_key_again() -> None:
    keys = [url_key(one) for one, _ in SAME]
    assert [url_key(f"https://{key}") for key in keys] == keys


@pytest.mark.parametrize(("given", "bare"), [("10.1000/X", "10.1000/x"), ("https://doi.org/10.1000/x", "10.1000/x"),
                                             ("doi.org/10.1000/x", "10.1000/x"), ("DOI:10.1000/x", "10.1000/x"),
                                             ("Law", "law"), ("", "")])  # fmt: skip
def test_a_doi_loses_its_resolver(given: str, bare: str) -> None:
    assert bare_doi(given) == bare
