"""What a page may be: status, type, character set, headers, redirects; and what we say when we ask."""

import gzip
from datetime import UTC, datetime
from typing import Any

import pytest
from fetching.internet import (
    OTHER,
    Internet,
    asked_path,
    bare,
    onward,
    page,
    rounds,
)

from annotator import fetching
from annotator.fetched import kept_headers
from annotator.fetching import DEFAULT, FetchRefused, Limits

READ_TYPES = """
    text/html application/xhtml+xml text/plain text/markdown application/pdf
    application/vnd.openxmlformats-officedocument.wordprocessingml.document
""".split()
OTHER_TYPES = [
    "application/zip",
    "image/png",
    "image/svg+xml",
    "application/octet-stream",
    "text/xml",
    "text/htm",
    "",
]
CHARSETS = [
    ("text/html; charset=utf-8", "utf-8"), ('TEXT/HTML ; a=b; Charset="Windows-1251"', "windows-1251"),
    ("text/html;charset=x-nonsense", "x-nonsense"), ("text/html", None), ("text/html; mycharset=utf-8", None),
    ("text/html; charset=", None), ("text/html; charset='koi8-r'", "koi8-r"), ("text/html; charset = utf-8", "utf-8"),
]  # fmt: skip


def test_limits_are_twenty_seconds_ten_megabytes_and_five_redirects() -> None:
    assert Limits(20, 10_000_000, 5) == DEFAULT == Limits()
    assert fetching.AT_ONCE == 4


def test_page_comes_with_all_that_was_said_about_it(internet: Internet) -> None:
    internet.add(page(b"<p>Words.</p>", "X-Kind: News", kind="text/html; charset=UTF-8", status="203 Also"))
    before = datetime.now(UTC)
    got = internet.fetch("http://NEWS.test/a?b#c")
    assert (got.url, got.final_url, got.redirects) == ("http://NEWS.test/a?b#c", "http://news.test/a?b", ())
    assert (got.status, got.media_type, got.charset, got.body) == (
        203,
        "text/html",
        "utf-8",
        b"<p>Words.</p>",
    )
    assert got.headers == (
        ("content-type", "text/html; charset=UTF-8"), ("content-length", "13"), ("x-kind", "News"),
    )  # fmt: skip
    assert before <= got.at <= datetime.now(UTC)


def test_request_is_that_of_any_browser_and_names_nobody(internet: Internet) -> None:
    host = internet.add(page(b"", "Set-Cookie: a=b"))
    internet.fetch("http://news.test:8080/a%20b?c=ü")
    lines = host.asked[0].decode().split("\r\n")
    assert lines[:2] == ["GET /a%20b?c=%C3%BC HTTP/1.1", "Host: news.test:8080"]
    names = [line.partition(":")[0] for line in lines[2:]]
    assert names == ["User-Agent", "Accept", "Accept-Encoding", "Connection", "", ""]
    assert {"Accept-Encoding: identity", "Connection: close"} < set(lines)
    assert [line for line in lines if line.startswith("User-Agent: Mozilla/5.0 ") and "nnotat" not in line]


def test_neither_cookies_nor_the_page_before_go_along_to_the_next(internet: Internet) -> None:
    internet.add(page(b"", "Set-Cookie: a=b", "Location: http://other.test/", status="302 Found"))
    other = internet.add(page(), "other.test", OTHER)
    internet.fetch("http://news.test/")
    assert [word for word in (b"cookie", b"referer", b"news.test") if word in other.asked[0].lower()] == []


@pytest.mark.parametrize("kind", READ_TYPES)
def test_types_that_can_be_read_come_in(internet: Internet, kind: str) -> None:
    internet.add(page(kind=kind))
    assert internet.fetch("http://news.test/").media_type == kind


@pytest.mark.parametrize("kind", OTHER_TYPES)
def test_other_types_are_refused(internet: Internet, kind: str) -> None:
    internet.add(page(kind=kind))
    refusal = internet.refusal("http://news.test/")
    assert (refusal.reason, refusal.status) == ("type", 200)
    assert str(refusal).startswith("What lies at this address is no page")


def test_answer_without_a_type_is_refused(internet: Internet) -> None:
    internet.add(b"HTTP/1.1 200 OK\r\n\r\n<p>")
    assert internet.refusal("http://news.test/").reason == "type"


@pytest.mark.parametrize(("kind", "charset"), CHARSETS)
def test_character_set_is_given_as_declared(internet: Internet, kind: str, charset: str | None) -> None:
    internet.add(page(kind=kind))
    got = internet.fetch("http://news.test/")
    assert (got.media_type, got.charset) == ("text/html", charset)


def test_the_first_of_two_types_counts(internet: Internet) -> None:
    internet.add(page(b"", "Content-Type: text/plain", kind="application/zip"))
    assert internet.refusal("http://news.test/").reason == "type"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("404 Not Found", "gone"), ("410 Gone", "gone"), ("400 Bad", "status"), ("401 Who", "status"),
        ("403 Forbidden", "status"), ("405 No", "status"), ("409 No", "status"), ("411 No", "status"),
        ("429 Slowly", "status"), ("500 Ouch", "status"), ("503 Busy", "status"), ("999 No", "status"),
        ("300 Many", "status"), ("304 Same", "status"), ("305 Proxy", "status"), ("199 Early", "status"),
    ],
)  # fmt: skip
def test_error_of_the_site_is_told_with_its_number(internet: Internet, status: str, reason: str) -> None:
    internet.add(page(b"", "Location: http://news.test/", status=status, kind="image/png"))
    refusal = internet.refusal("http://news.test/")
    assert (refusal.reason, refusal.status) == (reason, int(status[:3]))
    assert f"answers {status[:3]}" in str(refusal)


@pytest.mark.parametrize("status", ["200 OK", "299 Fine"])
def test_every_good_status_is_a_page(internet: Internet, status: str) -> None:
    internet.add(page(status=status))
    assert internet.fetch("http://news.test/").status == int(status[:3])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_without_an_address_is_an_error_of_the_site(internet: Internet, status: int) -> None:
    internet.add(page(status=f"{status} On"))
    refusal = internet.refusal("http://news.test/")
    assert (refusal.reason, refusal.status) == ("status", status)


def test_good_answer_that_names_a_location_is_a_page(internet: Internet) -> None:
    internet.add(page(b"", "Location: http://10.0.0.5/"))
    assert internet.fetch("http://news.test/").redirects == ()


def test_five_redirects_are_followed(internet: Internet) -> None:
    internet.add(rounds(5))
    got = internet.fetch("http://news.test/0")
    assert got.redirects == tuple(f"http://news.test/{hop}" for hop in (1, 2, 3, 4, 5))
    assert got.final_url == "http://news.test/5"


@pytest.mark.parametrize("answer", [rounds(6), lambda _: [onward("/0")]], ids=["six", "circle"])
def test_six_redirects_and_circles_are_refused(internet: Internet, answer: Any) -> None:
    host = internet.add(answer)
    refusal = internet.refusal("http://news.test/0")
    assert (refusal.reason, str(refusal)[:34]) == ("address", "The page is sent on too many times")
    assert host.reached() == 6


@pytest.mark.parametrize(
    ("location", "path"),
    [("/\xc3\xa4", "/%C3%A4"), ("/\xe4", "/%EF%BF%BD"), ("/a b", "/a%20b"), (" /a \t", "/a"), ("?x", "/?x")],
)
def test_location_is_read_as_browsers_read_it(internet: Internet, location: str, path: str) -> None:
    internet.add(lambda request: [page() if asked_path(request) == path else onward(location)])
    assert internet.fetch("http://news.test/").redirects == (f"http://news.test{path}",)


@pytest.mark.parametrize(
    "header",
    ["Content-Encoding: gzip", "Content-Encoding: br", "content-encoding: Identity, gzip", "Transfer-Encoding: gzip",
     "Transfer-Encoding: gzip, chunked", "Content-Encoding: identity\r\nContent-Encoding: gzip"],
)  # fmt: skip
def test_compressed_page_is_refused_unread(internet: Internet, header: str) -> None:
    internet.add(bare(gzip.compress(b"x" * 1_000_000), header))
    refusal = internet.refusal("http://news.test/")
    assert (refusal.reason, refusal.status) == ("type", 200)
    assert str(refusal).startswith("The page came compressed")


@pytest.mark.parametrize("header", ["Content-Encoding: Identity", "Content-Encoding:", "X-Encoding: gzip"])
def test_plain_page_may_say_that_it_is_plain(internet: Internet, header: str) -> None:
    internet.add(page(b"abc", header))
    assert internet.fetch("http://news.test/").body == b"abc"


def test_headers_are_kept_up_to_100_and_16000_characters() -> None:
    assert kept_headers([("A", "b")] * 101) == (("a", "b"),) * 100
    assert len(kept_headers([("A", "b" * 15_999), ("c", "")])) == 1
    assert kept_headers([("A", "b" * 16_000), ("c", "d")]) == ()


def test_controls_in_headers_become_spaces(internet: Internet) -> None:
    internet.add(page(b"", "A: b\r\n\tc\x1f\x00d\x7fe"))
    assert dict(internet.fetch("http://news.test/").headers)["a"] == "b c d e"


def test_lines_that_are_no_headers_do_no_harm(internet: Internet) -> None:
    internet.add(page(b"<p>", "no header at all", ": empty", "\xff: \xfe"))
    assert internet.fetch("http://news.test/").body == b"<p>"


def test_refusal_is_a_value_error_with_a_sentence() -> None:
    refusal = FetchRefused("gone", "It is gone.", 410)
    assert (isinstance(refusal, ValueError), str(refusal), refusal.status) == (True, "It is gone.", 410)
