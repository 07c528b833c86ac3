"""TLS: the name must be proved; a server that cannot do so gets no request."""

import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from fetching.internet import OTHER, PUBLIC, SHORT, Internet, onward, page

from annotator.fetching import trusted

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """An authority that the tests trust."""
    return trustme.CA()


@pytest.fixture(scope="module")
def trust(authority: trustme.CA) -> ssl.SSLContext:
    """The program's own rules, with the tests' authority besides."""
    context = trusted.__wrapped__()
    authority.configure_trust(context)
    return context


def serving(authority: trustme.CA, *names: str, until: datetime | None = None) -> ssl.SSLContext:
    """Give what a server of these names says for itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, not_after=until).configure_cert(context)
    return context


@pytest.mark.parametrize(
    "address", ["https://news.test/", "https://news.test./", f"https://{PUBLIC}/", f"https://[{OTHER}]/"]
)
def test_proved_name_is_fetched(
    internet: Internet, authority: trustme.CA, trust: ssl.SSLContext, address: str
) -> None:
    context = serving(authority, "news.test", PUBLIC, OTHER)
    internet.add(page(), ip=OTHER, context=context)
    internet.add(page(), context=context)
    internet.names["news.test."] = [[PUBLIC]]
    assert internet.fetch(address, trust=lambda: trust).body == b"<p>Words.</p>"
    assert [port for _, port in internet.contacted] == [443]


def test_server_is_told_the_name_not_the_ip_address(
    internet: Internet, authority: trustme.CA, trust: ssl.SSLContext
) -> None:
    told: list[str | None] = []
    context = serving(authority, "news.test")
    context.sni_callback = lambda _socket, name, _context: told.append(name)
    internet.add(page(), context=context)
    internet.fetch("https://news.test/", trust=lambda: trust)
    assert told == ["news.test"]


@pytest.mark.parametrize("address", ["https://other.test/", "https://a.news.test/", f"https://{PUBLIC}/"])
def test_s26_certificate_of_another_name_is_refused(
    internet: Internet, authority: trustme.CA, trust: ssl.SSLContext, address: str
) -> None:
    host = internet.add(page(), context=serving(authority, "news.test"))
    internet.names |= {"other.test": [[PUBLIC]], "a.news.test": [[PUBLIC]]}
    refusal = internet.refusal(address, trust=lambda: trust)
    assert (refusal.reason, str(refusal)[:26]) == ("tls", "The site cannot prove that")
    assert (host.reached(), host.asked) == (1, [])


def test_s26_expired_certificate_is_refused(
    internet: Internet, authority: trustme.CA, trust: ssl.SSLContext
) -> None:
    host = internet.add(page(), context=serving(authority, "news.test", until=YESTERDAY))
    assert internet.refusal("https://news.test/", trust=lambda: trust).reason == "tls"
    assert host.asked == []


def test_s26_certificate_of_an_unknown_authority_is_refused(
    internet: Internet, trust: ssl.SSLContext
) -> None:
    host = internet.add(page(), context=serving(trustme.CA(), "news.test"))
    assert internet.refusal("https://news.test/", trust=lambda: trust).reason == "tls"
    assert host.asked == []


def test_the_authority_of_the_tests_is_not_trusted_by_the_program(
    internet: Internet, authority: trustme.CA
) -> None:
    internet.add(page(), context=serving(authority, "news.test"))
    assert internet.refusal("https://news.test/").reason == "tls"


def test_the_program_checks_names_and_dates_and_refuses_old_tls() -> None:
    rules = trusted()
    assert (rules.verify_mode, rules.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert rules.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert trusted() is rules


def test_server_that_speaks_no_tls_is_refused(internet: Internet, trust: ssl.SSLContext) -> None:
    internet.add(lambda _: [], ip=PUBLIC)
    internet.hosts[PUBLIC].answer = page()
    internet.names["news.test"] = [[PUBLIC]]
    assert internet.refusal("https://news.test:80/", SHORT, trust=lambda: trust).reason == "time"


def test_silent_handshake_ends_in_time(internet: Internet, trust: ssl.SSLContext) -> None:
    internet.add(page())
    start = time.monotonic()
    assert internet.refusal("https://news.test/", SHORT, trust=lambda: trust).reason == "time"
    assert time.monotonic() - start < SHORT.seconds + 2


def test_slow_body_within_tls_ends_in_time(
    internet: Internet, authority: trustme.CA, trust: ssl.SSLContext
) -> None:
    def slowly(_: bytes) -> object:
        yield page(b"").replace(b"Length: 0", b"Length: 9999")
        for _turn in range(100):
            time.sleep(0.05)
            yield b"x"

    internet.add(slowly, context=serving(authority, "news.test"))
    start = time.monotonic()
    assert internet.refusal("https://news.test/", SHORT, trust=lambda: trust).reason == "time"
    assert time.monotonic() - start < SHORT.seconds + 2


def test_way_from_https_to_http_is_refused(
    internet: Internet, authority: trustme.CA, trust: ssl.SSLContext
) -> None:
    internet.add(onward("http://other.test/"), context=serving(authority, "news.test"))
    other = internet.add(page(), "other.test", OTHER)
    refusal = internet.refusal("https://news.test/", trust=lambda: trust)
    assert (refusal.reason, str(refusal)[:42]) == ("address", "The page sends on from https to http, wher")
    assert other.reached() == 0


def test_way_from_http_to_https_is_followed(
    internet: Internet, authority: trustme.CA, trust: ssl.SSLContext
) -> None:
    internet.add(onward("https://other.test/"))
    internet.add(page(), "other.test", OTHER, serving(authority, "other.test"))
    got = internet.fetch("http://news.test/", trust=lambda: trust)
    assert (got.redirects, got.status) == (("https://other.test/",), 200)
