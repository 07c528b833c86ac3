"""Addresses and servers that try to lead the fetcher into the house, or to keep it busy: asked for over the API."""

import time
from typing import Any

import pytest
from attacks.fetches import addresses, bring
from attacks.untouched import REFUSED, untouched
from fetching.internet import PUBLIC, Internet, onward, page, rounds
from sqlalchemy import select

from annotator.database import db
from annotator.journal.models import Event

LOOPBACK = ["127.0.0.1", "127.1", "0", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]", "localhost"]
INNER = ["169.254.169.254", "10.0.0.5", "172.16.0.1", "192.168.0.1", "100.64.0.1", "[fd00:ec2::254]"]
NAMED = ["127.0.0.1", "10.0.0.5", "::1", "fd00:ec2::254", "::ffff:10.0.0.5", "64:ff9b::7f00:1"]
TWISTED = [
    "http://user:pw@news.test/", "http://news.test/%00", "http://news.test/a\tb", "http://news.test/\r\nHost: evil",
    " http://news.test/", "http://news.test/" + "a" * 3_000, "http://127.0.0.1\\@news.test/", "http://news.test@127.0.0.1/",
]  # fmt: skip
SCHEMES = [
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "ftp://news.test/",
    "data:text/html,x",
    "dict://127.0.0.1/",
]
PORTS = [22, 25, 6379, 0, 65536]
HOPS = {
    "loopback": {"/": "http://127.0.0.1/"},
    "metadata": {"/": "http://169.254.169.254/latest/meta-data/"},
    "a name with a private address": {"/": "http://inner.test/"},
    "two public hops, then inside": {
        "/": "http://other.test/1",
        "/1": "http://news.test/2",
        "/2": "http://10.0.0.5/",
    },
}
VARIANTS = addresses(["127.0.0.1", "10.0.0.5", "169.254.169.254", "192.168.1.1", "100.64.0.1"], ["/"])
INNER_FETCH = "an address that is not public"


def refusals(app: Any, actor: str) -> list[dict[str, Any]]:
    """The lines about what a person was refused."""
    with app.app_context():
        query = select(Event.after).where(Event.action == "request:refused", Event.actor_id == actor)
        return list(db.session.scalars(query))


def assert_kept_out(app: Any, client: Any, project: Any, internet: Internet, address: str) -> Any:
    """The answer is 422 within two seconds, nothing changed, and neither the inner host nor any other was contacted."""
    with untouched(app, but=REFUSED):
        begun = time.monotonic()
        answer = bring(client, project, address)
        assert time.monotonic() - begun < 2
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/url"), address
    assert (internet.inner.reached(), internet.contacted) == (0, []), address
    return answer


@pytest.mark.parametrize("host", LOOPBACK)
def test_s01_to_s08_loopback_however_it_is_written(
    app: Any, ann: Any, project: Any, internet: Internet, host: str
) -> None:
    internet.names["localhost"] = [["127.0.0.1", "::1"]]
    assert_kept_out(app, ann, project, internet, f"http://{host}/")


@pytest.mark.parametrize("host", INNER)
def test_s09_to_s14_addresses_of_the_house_and_of_clouds(
    app: Any, ann: Any, people: Any, project: Any, internet: Internet, host: str
) -> None:
    assert_kept_out(app, ann, project, internet, f"http://{host}/")
    route = {"method": "PUT", "route": "/api/v1/articles/<id:article_id>", "fetch": INNER_FETCH}
    assert refusals(app, people.ann) == [route]


@pytest.mark.parametrize("found", NAMED)
@pytest.mark.parametrize("beside", [[], [PUBLIC]], ids=["alone", "beside a public one"])
def test_s15_a_name_with_an_inner_address(
    app: Any, ann: Any, project: Any, internet: Internet, found: str, beside: list[str]
) -> None:
    internet.names["news.test"] = [[*beside, found]]
    assert_kept_out(app, ann, project, internet, "http://news.test/")


@pytest.mark.parametrize("time_of_three", [1, 2, 3])
def test_s16_a_name_that_rebinds_leads_to_the_vetted_address_alone(
    app: Any, ann: Any, project: Any, internet: Internet, time_of_three: int
) -> None:
    internet.add(page(b"<p>Words %d.</p>" % time_of_three))
    internet.names["news.test"] = [[PUBLIC], ["127.0.0.1"]]
    assert bring(ann, project, "http://news.test/").status_code == 201
    with untouched(app, but=REFUSED):
        assert bring(ann, project, "http://news.test/").status_code == 422
    assert (internet.contacted, internet.inner.reached()) == ([(PUBLIC, 80)], 0)


@pytest.mark.parametrize("address", TWISTED, ids=lambda address: ascii(address)[1:40])
def test_s17_twisted_addresses(app: Any, ann: Any, project: Any, internet: Internet, address: str) -> None:
    internet.names["news.test"] = [["127.0.0.1"]]
    assert_kept_out(app, ann, project, internet, address)


@pytest.mark.parametrize("address", SCHEMES)
def test_s18_other_schemes(app: Any, ann: Any, project: Any, internet: Internet, address: str) -> None:
    assert_kept_out(app, ann, project, internet, address)


@pytest.mark.parametrize("port", PORTS)
def test_s19_other_ports(app: Any, ann: Any, project: Any, internet: Internet, port: int) -> None:
    internet.names["news.test"] = [[PUBLIC]]
    assert_kept_out(app, ann, project, internet, f"http://news.test:{port}/")


@pytest.mark.parametrize("hops", HOPS.values(), ids=HOPS)
def test_s20_to_s23_redirects_end_at_the_hop_that_leads_inside_and_leave_a_line(
    app: Any, ann: Any, people: Any, project: Any, internet: Internet, hops: dict[str, str]
) -> None:
    def answer(request: bytes) -> list[bytes]:
        return [onward(hops[request.split(b" ")[1].decode()])]

    internet.add(answer)
    internet.names |= {"other.test": [[PUBLIC]], "inner.test": [["192.168.0.1"]]}
    with untouched(app, but=REFUSED):
        refused = bring(ann, project, "http://news.test/")
    assert (refused.status_code, "No page can be reached" in refused.text) == (422, True)
    assert (internet.inner.reached(), len(internet.contacted)) == (0, len(hops))
    assert [line["fetch"] for line in refusals(app, people.ann)] == [INNER_FETCH]


def test_s20_closed_and_silent_hosts_leave_no_line_and_get_the_same_words(
    app: Any, ann: Any, people: Any, project: Any, internet: Internet
) -> None:
    unknown, inner = (bring(ann, project, f"http://{host}/") for host in ("nowhere.test", "10.0.0.5"))
    assert (unknown.status_code, unknown.data) == (inner.status_code, inner.data)
    assert len(refusals(app, people.ann)) == 1


@pytest.mark.parametrize("answer", [onward("/"), rounds(6)], ids=["to itself", "six hops"])
def test_s24_redirects_without_end(app: Any, ann: Any, project: Any, internet: Internet, answer: Any) -> None:
    internet.add(answer)
    begun = time.monotonic()
    with untouched(app, but=REFUSED):
        refused = bring(ann, project, "http://news.test/0")
    assert (refused.status_code, "sent on too many times" in refused.text) == (422, True)
    assert time.monotonic() - begun < 10


def test_s01_to_s14_in_every_spelling_of_inner_addresses(internet: Internet) -> None:
    assert len(VARIANTS) > 1_000
    wrong = [
        address for address in VARIANTS if internet.refusal(address).reason not in ("network", "address")
    ]
    assert (wrong, internet.inner.reached(), internet.contacted, internet.resolved) == ([], 0, [], [])
