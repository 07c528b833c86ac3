"""Hosts and pages that try to keep the fetcher busy, to fill it, or to send it on its way."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from articles.ingest.docx_files import docx, paragraph, run, with_files
from articles.ingest.pdf_files import column, pdf
from attacks.fetches import Crowded, bring
from attacks.hostile_files import OFFICE, RELATIONS
from attacks.untouched import REFUSED, untouched
from factories import sign_in
from fetching.internet import PUBLIC, SHORT, Internet, bare, page

from annotator import fetching
from annotator.articles import incoming
from annotator.articles.ingest import DOCX, PDF

OUTSIDE = "http://other.test/outside"
PAGE = (
    b"<base href=http://other.test/><link rel=stylesheet href=a.css><meta http-equiv=refresh content='0;url=b'>"
    b"<p>Words <img src=//other.test/c.png srcset='d.png 2x'> <iframe src=e></iframe><svg><image href=f /></svg>"
    b"<object data=g></object><video poster=h src=i></video><a href=j ping=k>more</a></p>"
)
TEMPLATE = RELATIONS.format(
    f'<Relationship Id="rId1" Type="{OFFICE}/attachedTemplate" Target="{OUTSIDE}" TargetMode="External"/>'
)
DOCUMENT = with_files(
    docx(paragraph(run("Words of a document.")), links={"rId9": OUTSIDE}),
    {"word/_rels/settings.xml.rels": TEMPLATE},
)
HOLD_REFERENCES = {
    "page": (PAGE, "text/html"),
    "PDF": (pdf([column(["Words of a page."])], extra=f"/OpenAction<</S/URI/URI({OUTSIDE})>>"), PDF),
    "DOCX": (DOCUMENT, DOCX),
}
NO_PAGES = [
    (b"PK\x03\x04", "application/zip"), (b"GIF89a", "image/gif"), (b"MZ\x90", "application/x-msdownload"),
    (b"%PDF-1.7", "text/html"), (b"\x7fELF", "application/octet-stream"), (b"<svg/>", "image/svg+xml"),
]  # fmt: skip
COMPRESSED = page(b"\x1f\x8b" + b"x" * 99, "Content-Encoding: gzip")


def endless(_: bytes) -> Any:
    yield bare(b"")
    while True:
        yield b"x" * 65_536


def dripping(_: bytes) -> Any:
    yield bare(b"")
    for _turn in range(30):
        time.sleep(1)
        yield b"x"


@pytest.mark.parametrize(("answer", "words"), [(endless, "larger than 10 MB"), (dripping, "took longer than"),
                                               (COMPRESSED, "compressed")],
                         ids=["without end", "a byte a second", "gzip"])  # fmt: skip
def test_s25_floods_drips_and_bombs_end_in_size_and_time(
    app: Any,
    ann: Any,
    project: Any,
    internet: Internet,
    monkeypatch: pytest.MonkeyPatch,
    answer: Any,
    words: str,
) -> None:
    limits = SHORT if answer is dripping else fetching.DEFAULT
    monkeypatch.setattr(incoming, "fetch", partial(incoming.fetch, limits=limits))
    internet.add(answer)
    begun = time.monotonic()
    with untouched(app, but=REFUSED):
        refused = bring(ann, project, "http://news.test/")
    assert (refused.status_code in (415, 422), words in refused.text) == (True, True)
    assert time.monotonic() - begun < limits.seconds + 2


@pytest.mark.parametrize(("body", "kind"), NO_PAGES)
def test_s27_what_is_no_page(
    app: Any, ann: Any, project: Any, internet: Internet, body: bytes, kind: str
) -> None:
    internet.add(page(body, kind=kind))
    with untouched(app, but=REFUSED):
        assert bring(ann, project, "http://news.test/").status_code == 415


@pytest.mark.usefixtures("within_one_stretch")
def test_s28_a_hundred_fetches_of_one_person_at_once(
    app: Any, ann: Any, people: Any, project: Any, internet: Internet
) -> None:
    crowded = Crowded(seconds=1)
    internet.add(crowded)
    clients = [sign_in(app, people.ann) for _ in range(20)]
    with ThreadPoolExecutor(100) as threads:
        asked = [threads.submit(bring, clients[n % 20], project, f"http://news.test/{n}") for n in range(100)]
        begun = time.monotonic()
        assert ann.get(f"/projects/{project.slug}/").status_code == 200
        waited = time.monotonic() - begun
        answers = [one.result() for one in asked]
    statuses = [answer.status_code for answer in answers]
    assert (set(statuses), crowded.most <= fetching.AT_ONCE) == ({201, 429}, True)
    assert statuses.count(429) >= 100 - incoming.MOST_FETCHES
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers if answer.status_code == 429)
    assert waited < 5


@pytest.mark.usefixtures("within_one_stretch")
def test_s28_one_address_twenty_times(app: Any, ann: Any, as_: Any, project: Any, internet: Internet) -> None:
    host = internet.add(page())
    statuses = [bring(ann, project, "http://news.test/").status_code for _ in range(20)]
    assert (statuses[0], set(statuses[1:10]), set(statuses[10:])) == (201, {409}, {429})
    assert host.reached() == incoming.MOST_OF_ONE
    assert bring(as_("ben"), project, "http://news.test/").status_code == 409


OUTSIDE = "http://other.test/outside"


@pytest.mark.parametrize("made", HOLD_REFERENCES.values(), ids=HOLD_REFERENCES)
def test_s29_nothing_that_a_fetched_document_refers_to_is_fetched(
    ann: Any, project: Any, internet: Internet, made: tuple[bytes, str]
) -> None:
    body, kind = made
    host = internet.add(page(body, kind=kind))
    other = internet.add(page(), "other.test", "93.184.215.15")
    answer = bring(ann, project, "http://news.test/")
    assert answer.status_code == 201, answer.text
    assert ann.get(f"/articles/{answer.json['id']}/").status_code == 200
    assert (host.reached(), other.reached(), internet.inner.reached()) == (1, 0, 0)
    assert internet.contacted == [(PUBLIC, 80)]


def test_s25_nothing_of_a_fetch_is_left_running(internet: Internet) -> None:
    before = threading.active_count()
    internet.add(dripping)
    internet.refusal("http://news.test/", SHORT)
    until = time.monotonic() + 10
    # the host's own thread ends when it next writes
    while threading.active_count() > before + 2 and time.monotonic() < until:
        time.sleep(0.1)
    assert threading.active_count() <= before + 2
