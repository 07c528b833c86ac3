"""Ways to an inner host: by its address, by a name, by a redirect, by a fickle resolver. None arrives."""

from collections.abc import Iterable

import pytest
from fetching.internet import OTHER, PUBLIC, Internet, asked_path, onward, page

from annotator.fetching import resolve

# Each is read as an inner IP address: refused with the sentence for closed and silent hosts.
LITERAL = """
    http://127.0.0.1/ https://127.0.0.1/ http://127.0.0.1:8080/ https://127.0.0.1:8443/ http://127.0.0.1./
    http://127.1/ http://127.0.1/ http://127.255.255.254/ http://0/ http://0.0.0.0/ http://0x0/ http://2130706433/
    http://0x7f000001/ http://0x7F.1/ http://0X7f.0x0.0x0.0x1/ http://0177.0.0.1/ http://017700000001/
    http://127.0.0.0x1/ http://0300.0250.0.1/ http://127%2e0%2e0%2e1/ http://%31%32%37.0.0.1/
    http://１２７.０.０.１/ http://①②⑦.⓪.⓪.①/ http://127。0。0。1/ http://127．0．0．1/ http://127｡0｡0｡1/ http://１２７。１/
    http://10.0.0.5/ http://10.255.255.255/ http://172.16.0.1/ http://172.31.255.255/ http://192.168.0.1/
    http://3232235521/ http://0xa000005/ http://100.64.0.1/ http://100.100.100.200/ http://100.127.255.255/
    http://169.254.169.254/latest/meta-data/ http://2852039166/ http://0xA9FEA9FE/ http://169.254.43518/
    http://0251.0376.0251.0376/ http://168.63.129.16/ http://192.0.0.192/ http://192.88.99.1/ http://192.0.2.1/
    http://198.18.0.1/ http://224.0.0.1/ http://239.255.255.250/ http://240.0.0.1/ http://255.255.255.255/
    http://[::1]/ http://[0:0:0:0:0:0:0:1]/ http://[::]/ http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/
    http://[::ffff:10.0.0.5]/ http://[::ffff:169.254.169.254]/ http://[::ffff:8.8.8.8]/ http://[::ffff:0:127.0.0.1]/
    http://[::127.0.0.1]/ http://[64:ff9b::127.0.0.1]/ http://[64:ff9b::a9fe:a9fe]/ http://[64:ff9b:1::10.0.0.5]/
    http://[2002:7f00:1::]/ http://[2002:a00:5::1]/ http://[2001:0:7f00:1::]/ http://[2001:db8::1]/
    http://[fec0::1]/ http://[fc00::1]/ http://[fd00:ec2::254]/ http://[fd12:3456::1]/ http://[fe80::1]/
    http://[ff02::1]/ http://[100::1]/ http://[5f00::1]/ http://[3fff::1]/ http://[2620:4f:8000::1]/
""".split()
# Each is refused as an address, before anything is resolved.
TWISTED = [
    "http://ann@127.0.0.1/", "http://ann:pw@127.0.0.1/", "http://news.test@127.0.0.1/", "http://news.test:80@127.0.0.1/",
    "http://127.0.0.1@news.test/", "http://news.test\\@127.0.0.1/", "http://127.0.0.1\\.news.test/",
    "http:\\\\127.0.0.1/", "http://@127.0.0.1/", "http://news.test#@127.0.0.1\\/",
    "http://127.0.0.1\t/", "http://127.0.\t0.1/", "http://127.0.0.1\r\n/", "http://127.0.0.1/\r\nHost: x",
    "http://127.0.0.1%00/", "http://127.0.0.1/%00", "http://127.0.0.1\x00.news.test/", " http://127.0.0.1/",
    "http://127.0.0.1/ ", "http://127.0.0.1 /", "http://127.0.0.1/a b", "\thttp://127.0.0.1/", "ht\ntp://127.0.0.1/",
    "http://127.0.0.1\x7f/", "http://127.0.0.1\u2028/", "http://127.0.0.1%09/", "http://127.0.0.1%20/",
    "http://127.0.0.1%0d%0a/", "http://127.0.0.1%2f@news.test/", "http://127.0.0.1%23@news.test/",
    "http:127.0.0.1/", "http:/127.0.0.1/", "http:///127.0.0.1/", "//127.0.0.1/", "127.0.0.1", "127.0.0.1:80",
    "file:///etc/passwd", "file://127.0.0.1/", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "dict://127.0.0.1/",
    "data:text/html,x", "javascript:alert(1)", "ws://127.0.0.1/", "jar:http://127.0.0.1/", "view-source:http://127.0.0.1/",
    "http://127.0.0.1:22/", "http://127.0.0.1:25/", "http://127.0.0.1:6379/", "http://127.0.0.1:0/",
    "http://127.0.0.1:65536/", "http://127.0.0.1:-1/", "http://127.0.0.1:5432/", "http://127.0.0.1:80a/",
    "http://127.0.0.1/" + "a" * 3000, "http://[fe80::1%25lo]/", "http://[::1%lo]/", "http://127.0.0.1..",
    "http://127.0.0.1.0/", "http://256.0.0.1/", "http://0x7f.0.0.0.1/", "http://[::127.0.0.1/", "http://[127.0.0.1]/",
]  # fmt: skip
# What a name may stand for; a public address beside an inner one changes nothing.
ANSWERS = [
    ["127.0.0.1"], ["::1"], ["10.0.0.5"], ["172.20.0.1"], ["192.168.1.1"], ["100.64.0.1"], ["169.254.169.254"],
    ["fd00:ec2::254"], ["fe80::1"], ["fe80::1%lo"], ["fec0::1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"],
    ["2002:7f00:1::"], ["0.0.0.0"], ["::"], [PUBLIC, "127.0.0.1"], ["127.0.0.1", PUBLIC], [PUBLIC, OTHER, "10.0.0.5"],
    [OTHER, "::1"], [PUBLIC, "::ffff:10.0.0.5"], [], ["2a00:1450::1%lo"],
]  # fmt: skip
BROKEN_ANSWERS = [[PUBLIC, "127.1"], ["localhost"], [""], ["0x7f.1"]]
TARGETS = {
    "loopback": "http://127.0.0.1/",
    "short": "http://127.1/",
    "metadata": "http://169.254.169.254/latest/",
    "private": "http://10.0.0.5/",
    "carrier": "http://100.64.0.1/",
    "six": "http://[::1]/",
    "mapped": "http://[::ffff:7f00:1]/",
    "without-scheme": "//127.0.0.1/",
    "name": "http://inner.test/",
    "mixed": "http://mixed.test/",
}
TWISTED_TARGETS = {
    "user": "http://ann@127.0.0.1/",
    "backslash": "\\\\127.0.0.1/",
    "file": "file:///etc/passwd",
    "gopher": "gopher://127.0.0.1/",
    "port": "http://127.0.0.1:6379/",
    "tab": "http://127.0.\t0.1/",
    "space": "http://127.0.0.1 /",
    "folded": "http://127.0.0.1/\r\n x",
}
HOPS = [1, 2, 5]
UNREACHABLE = "No page can be reached at this address."


def chain(target: str, hops: int, status: str = "302 Found") -> object:
    """Give a host that sends on through its own addresses, and with the last of `hops` to the target."""

    def answer(request: bytes) -> Iterable[bytes]:
        hop = int(asked_path(request)[1:]) + 1
        return [onward(target if hop == hops else f"/{hop}", status)]

    return answer


def addresses(listed: list[str]) -> list[object]:
    return [pytest.param(text, id=f"{number:02}-{ascii(text)[1:50]}") for number, text in enumerate(listed)]


@pytest.mark.parametrize("address", addresses(LITERAL))
def test_inner_address_is_refused_and_not_contacted(internet: Internet, address: str) -> None:
    refusal = internet.refusal(address)
    assert (refusal.reason, refusal.status, str(refusal)[:39]) == ("network", None, UNREACHABLE)
    assert (internet.inner.reached(), internet.resolved) == (0, [])


@pytest.mark.parametrize("address", addresses(LITERAL[::8]))
def test_without_the_guard_the_inner_host_would_be_reached(internet: Internet, address: str) -> None:
    internet.inner.answer = page(b"Inner words.")
    assert internet.fetch(address.replace("https", "http"), allow=lambda ip: True).body == b"Inner words."
    assert internet.inner.reached() == 1


@pytest.mark.parametrize("address", addresses(TWISTED))
def test_twisted_address_is_refused_before_anything_is_resolved(internet: Internet, address: str) -> None:
    internet.add(page())
    assert internet.refusal(address).reason == "address"
    assert (internet.inner.reached(), internet.resolved, internet.contacted) == (0, [], [])


@pytest.mark.parametrize("found", ANSWERS + BROKEN_ANSWERS, ids="+".join)
def test_name_with_an_inner_address_is_refused_whatever_else_it_has(
    internet: Internet, found: list[str]
) -> None:
    internet.add(page())
    internet.names["news.test"] = [found]
    refusal = internet.refusal("http://news.test/")
    assert (refusal.reason, str(refusal)[:39]) == ("network", UNREACHABLE)
    assert (internet.inner.reached(), internet.contacted) == (0, [])


@pytest.mark.parametrize(
    "name", ["localhost", "localhost.", "LOCALHOST", "ｌocalhost", "ip6-loopback", "metadata.internal"]
)
def test_name_is_judged_by_what_it_resolves_to(internet: Internet, name: str) -> None:
    internet.names = {
        one: [["127.0.0.1"]] for one in ("localhost", "localhost.", "ip6-loopback", "metadata.internal")
    }
    assert internet.refusal(f"http://{name}/").reason == "network"
    assert (internet.inner.reached(), len(internet.resolved)) == (0, 1)


def test_the_system_says_what_localhost_is(internet: Internet) -> None:
    assert {"127.0.0.1", "::1"} & set(resolve("localhost", 80))
    assert resolve("127.0.0.1", 80) == ["127.0.0.1"]
    assert internet.refusal("http://localhost/", resolver=resolve).reason == "network"
    assert internet.contacted == []


@pytest.mark.parametrize("hops", HOPS)
@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_redirect_to_an_inner_host_ends_at_that_hop(internet: Internet, target: str, hops: int) -> None:
    public = internet.add(chain(target, hops))
    internet.names |= {"inner.test": [["10.0.0.5"]], "mixed.test": [[PUBLIC, "10.0.0.5"]]}
    assert str(internet.refusal("http://news.test/0"))[:39] == UNREACHABLE
    assert (internet.inner.reached(), public.reached()) == (0, hops)


@pytest.mark.parametrize("target", TWISTED_TARGETS.values(), ids=TWISTED_TARGETS)
def test_redirect_to_a_twisted_address_ends_there(internet: Internet, target: str) -> None:
    public = internet.add(chain(target, 2))
    assert internet.refusal("http://news.test/0").reason == "address"
    assert (internet.inner.reached(), public.reached()) == (0, 2)


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
def test_every_kind_of_redirect_is_looked_at(internet: Internet, status: str) -> None:
    internet.add(chain("http://10.0.0.5/", 1, status))
    assert internet.refusal("http://news.test/0").reason == "network"
    assert internet.inner.reached() == 0


@pytest.mark.parametrize("attempt", [1, 2, 3])
def test_rebinding_name_leads_only_to_the_address_that_was_looked_at(
    internet: Internet, attempt: int
) -> None:
    internet.add(page())
    internet.names["news.test"] = [[PUBLIC], ["127.0.0.1"]]
    assert internet.fetch("http://news.test/").status == 200
    assert (internet.contacted, internet.inner.reached()) == ([(PUBLIC, 80)], 0)
    assert internet.refusal("http://news.test/").reason == "network"
    assert (len(internet.contacted), internet.inner.reached()) == (1, 0)


def test_name_that_rebinds_between_two_hops_is_refused_at_the_second(internet: Internet) -> None:
    internet.add(onward("/again"))
    internet.names["news.test"] = [[PUBLIC], ["10.0.0.5"]]
    assert internet.refusal("http://news.test/").reason == "network"
    assert (internet.resolved, internet.inner.reached()) == ([("news.test", 80)] * 2, 0)


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_proxies_of_the_environment_are_not_asked(
    internet: Internet, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    internet.add(page())
    monkeypatch.setenv(variable, f"http://127.0.0.1:{internet.inner.port}")
    assert internet.fetch("http://news.test/").status == 200
    assert internet.inner.reached() == 0


def test_refused_closed_and_silent_hosts_get_one_answer(internet: Internet) -> None:
    def silent(ip: object, port: int, seconds: float) -> object:
        raise TimeoutError

    internet.add(page()).close()
    closed = internet.refusal("http://news.test/")
    others = [internet.refusal("http://10.0.0.5/"), internet.refusal("http://unknown.test/")]
    others.append(internet.refusal("http://news.test/", connector=silent))
    assert [(str(one), one.reason, one.status) for one in others] == [(str(closed), "network", None)] * 3
