"""Reading in a child process: what hostile files cost, and what the child cannot do."""

import json
import resource
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from articles.ingest.docx_files import docx, packed, paragraph, run, with_files
from articles.ingest.pdf_files import assembled, column, pdf, stream

from annotator.articles.ingest import DOCX, PDF, Limits, UnreadableInput, WrongType, read, read_safely, safely

HTML, MARKDOWN, PLAIN = "text/html", "text/markdown", "text/plain"
TIGHT = Limits(memory=300 * 1024 * 1024, cpu_seconds=2, seconds=15)
MOST_GROWTH = 20 * 1024
"""Kibibytes by which reading may make this process larger."""

CONFINE = (
    "from annotator.articles.ingest.child import confine; cut = confine(500_000_000, 5); import json, sys; "
)
FORMATS = {
    HTML: "<h1>Ö</h1><p>Ann <b>said</b> 🚋</p>".encode(),
    MARKDOWN: "# Ö\n\nAnn **said** 🚋".encode(),
    PLAIN: "Ö\n\nAnn said 🚋".encode(),
    DOCX: docx(paragraph(run("Ö"), "Title") + paragraph(run("Ann said 🚋"))),
    PDF: pdf([column(["Ann said that it would rain."]), column(["And so it did."])]),
}


def child(program: str, raw: bytes = b"", seconds: float = 10) -> Any:
    """What a child with another program says, as JSON."""
    return json.loads(safely.run_child(b"{}\n", raw, seconds, program))


def size(name: str) -> int:
    """How many kibibytes this process has now (VmRSS) or had at most (VmHWM)."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition(f"{name}:")[2].split()[0])


def refused(raw: bytes, media_type: str, limits: Limits) -> tuple[str, float, int]:
    """The words of the refusal, the seconds until it, and by how much this process grew meanwhile."""
    Path("/proc/self/clear_refs").write_text("5", "utf-8")
    before, start = size("VmRSS"), time.monotonic()
    with pytest.raises(UnreadableInput) as error:
        read_safely(raw, media_type, limits=limits)
    return str(error.value), time.monotonic() - start, size("VmHWM") - before


def flate_bomb(mebibytes: int, filters: int) -> bytes:
    """A PDF whose one page unpacks to so much white space."""
    page = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>"
    tree = b"<</Type/Pages/Count 1/MediaBox[0 0 9 9]/Kids[3 0 R]>>"
    content = stream(b" " * (mebibytes << 20), filters=filters)
    return assembled([b"<</Type/Catalog/Pages 2 0 R>>", tree, page, content])


def looping(page_kids: bytes, inner: bytes) -> bytes:
    """A PDF with pages inside themselves, or forms that draw themselves."""
    return assembled(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 9/MediaBox[0 0 9 9]/Kids[%s]>>" % page_kids,
            b"<</Type/Page/Parent 2 0 R/Resources<</XObject<</X 5 0 R>>>>/Contents 4 0 R>>",
            stream(b"/X Do " * 10),
            b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>"
            b"/Length %d>>stream\n%s\nendstream" % (len(inner), inner),
        ]
    )


def attributes(number: int) -> bytes:
    """A tag with so many attributes."""
    return b"<p " + b" ".join(b'a%d="x"' % place for place in range(number)) + b">words</p>"


BOMBS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "docx of 3 million paragraphs": (lambda: docx("<w:p/>" * 3_000_000), DOCX, "packed more than 200 times"),
    "docx with 300 MB of text": (
        lambda: with_files(docx(""), {"word/document.xml": b"<a>" + b"x" * 300_000_000 + b"</a>"}),
        DOCX,
        "more than 60 MB",
    ),
    "docx of 60,000 files": (
        lambda: packed({f"word/{place}.xml": "" for place in range(60_000)}),
        DOCX,
        "more than 2000 files",
    ),
    "docx that takes too long": (
        lambda: docx("".join(paragraph(run(f"{place * 7919}")) for place in range(45_000))),
        DOCX,
        "took too long",
    ),
    "pdf of 1 GiB": (lambda: flate_bomb(1_024, 1), PDF, "ran out of memory"),
    "pdf of 512 MiB packed twice": (lambda: flate_bomb(512, 2), PDF, "ran out of memory"),
    "pdf with pages inside pages": (lambda: looping(b"2 0 R 2 0 R", b"0 0 m"), PDF, "No page of this PDF"),
    "pdf that draws itself": (lambda: looping(b"3 0 R", b"/X Do /X Do"), PDF, "ran out of memory"),
    "nested tags": (lambda: b"<div>" * 100_000, HTML, "nested deeper than 256"),
    "100,000 attributes": (lambda: attributes(100_000), HTML, "took too long"),
    "more paragraphs than an article": (lambda: b"<p>x</p>" * 60_000, HTML, "more than 50000 paragraphs"),
    "nested quotes": (lambda: b">" * 500_000, MARKDOWN, "nested too deeply"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_hostile_file_is_refused_in_time_and_leaves_this_process_small(name: str) -> None:
    make, media_type, happened = BOMBS[name]
    words, seconds, growth = refused(make(), media_type, TIGHT)
    assert happened in words
    assert seconds < 15
    assert growth < MOST_GROWTH
    assert read_safely(FORMATS[media_type], media_type).blocks


@pytest.mark.parametrize("media_type", FORMATS)
def test_the_child_reads_as_this_process_does(media_type: str) -> None:
    raw = FORMATS[media_type]
    assert read_safely(raw, media_type, "utf-8", language="en") == read(
        raw, media_type, "utf-8", language="en"
    )


def test_a_long_value_in_an_attribute_is_no_harm() -> None:
    raw = b"<p title='" + b"x" * 5_000_000 + b"'>words</p>"
    assert read_safely(raw, HTML).text == "words"


def test_plain_text_needs_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safely, "run_child", None)
    assert read_safely(b"words", PLAIN).text == "words"


@pytest.mark.parametrize("media_type", [HTML, PLAIN, MARKDOWN])
def test_content_of_another_type_is_refused_before_a_child_starts(
    media_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safely, "run_child", None)
    with pytest.raises(WrongType, match="PDF"):
        read_safely(FORMATS[PDF], media_type)


def test_the_child_says_of_which_type_a_file_is_not() -> None:
    with pytest.raises(WrongType, match="not a Word document"):
        read_safely(packed({"a": "b"}), DOCX)


def test_eight_files_at_once_are_all_read() -> None:
    with ThreadPoolExecutor(8) as threads:
        read_all = list(threads.map(lambda number: read_safely(b"<p>%d" % number, HTML).text, range(8)))
    assert read_all == [str(number) for number in range(8)]


def test_who_waits_too_long_for_a_turn_is_told_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safely, "LONGEST_WAIT", 0.01)
    taken = [safely._turns.acquire() for _ in range(safely.AT_ONCE)]
    with pytest.raises(UnreadableInput, match="Try again in a minute"):
        read_safely(b"<p>words", HTML)
    safely._turns.release(len(taken))
    assert read_safely(b"<p>words", HTML).text == "words"


@pytest.mark.parametrize(
    ("program", "happened"),
    [
        ("import time; time.sleep(60)", "too long"),
        ("import subprocess; subprocess.Popen(['sleep', '60'])", "too long"),
        ("import os; os.abort()", "broke off"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "broke off"),
        ("raise SystemExit(3)", "broke off"),
        ("import os; [os.write(1, b'x' * 65536) for _ in range(1000)]", "broke off"),
    ],
)
def test_a_child_that_dies_hangs_or_babbles_is_a_file_that_cannot_be_read(
    program: str, happened: str
) -> None:
    with pytest.raises(UnreadableInput, match=happened):
        child(program, b"x" * 5_000_000, seconds=1)


def test_a_child_that_says_nothing_is_a_file_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safely, "run_child", lambda *_: b"")
    with pytest.raises(UnreadableInput, match="broke off"):
        read_safely(b"<p>words", HTML)


def test_the_child_has_the_limits_it_is_given() -> None:
    said = child(
        CONFINE + "import resource as r; json.dump([r.getrlimit(x) for x in "
        "(r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE, r.RLIMIT_NOFILE, r.RLIMIT_CORE)], sys.stdout)"
    )
    assert said == [[500_000_000] * 2, [5, 6], [0, 0], [64, 64], [0, 0]]
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 64


def test_the_child_reaches_no_network_where_the_kernel_can_cut_it_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = listening.getsockname()
        said = child(
            f"{CONFINE}import socket; reached = not socket.socket().connect_ex({address!r}); "
            "json.dump({'cut off': cut, 'reached': reached}, sys.stdout)"
        )
    assert said["reached"] is not said["cut off"]


def test_the_child_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "written"
    said = child(
        f"{CONFINE}import os; place = os.open({str(path)!r}, os.O_CREAT | os.O_WRONLY)\n"
        "try: os.write(place, b'words')\nexcept OSError as error: json.dump(error.errno, sys.stdout)"
    )
    assert (said, path.read_bytes()) == (27, b"")


def test_the_child_knows_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOTATOR_SECRET", "words")
    said = child("import os, json, sys; json.dump(dict(os.environ), sys.stdout)")
    assert set(said) <= {"LC_CTYPE"}


def test_the_child_loads_no_parser_before_its_limits() -> None:
    said = child(
        "import annotator.articles.ingest.child, json, sys; json.dump(list(sys.modules), sys.stdout)"
    )
    assert not {"lxml", "mammoth", "pypdfium2", "markdown_it", "simplemma"} & set(said)


def test_nothing_of_a_child_is_left_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        read_safely(b"<p>words", HTML)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
