"""Uploads that are made to harm by their request, not by their content: parts, names, lengths that nobody states."""

import io
import re
import socket
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from attacks.untouched import REFUSED, untouched
from contract.world import HTTP
from exchange.archives import entries_of, zipped
from exchange.rich import rich_document
from factories import make_people, make_project
from running import RunningServer

from annotator.accounts.models import User
from annotator.accounts.tokens import make_token
from annotator.app import create_app
from annotator.columns import new_id
from annotator.config import read_settings
from annotator.database import db
from annotator.identity import Scope

BOUND = b"a-boundary"
PART = b'--%s\r\nContent-Disposition: form-data; name="%b"\r\n\r\nx\r\n'
FLOODS = {
    "10,000 parts": b"".join(PART % (BOUND, b"f%d" % number) for number in range(10_000)),
    "a name of 1 MB": PART % (BOUND, b"n" * 1_000_000),
    "2,000 headers": b"--%s\r\n%s\r\n\r\nx\r\n" % (BOUND, b"\r\n".join(b"A%d: b" % n for n in range(2_000))),
    "line feeds": b"\n" * 5_000_000,
    "line feeds in a part": (PART % (BOUND, b"text"))[:-3] + b"\r\n" * 2_500_000,
    "a part without a head": b"--%s\r\n" % BOUND + b"x" * 5_000_000,
    "boundaries": b"--%s\r\n" % BOUND * 100_000,
}
NAMES = [
    "../../etc/passwd", "C:\\x\\law.docx", "CON.pdf", "x" * 5_000 + ".txt", "...", "a\u202etxt.exe", 'a"; x="b.txt',
    "a\x00b.txt", "a%0d%0aSet-Cookie: x=y.txt", "-rf", "😀" * 200, " ", "a\tb.txt",
]  # fmt: skip


def form(client: Any, project: Any, body: bytes) -> Any:
    """Send a form's body as it is."""
    kind = f"multipart/form-data; boundary={BOUND.decode()}"
    return client.post(f"/projects/{project.slug}/articles/new", data=body, content_type=kind)


@pytest.fixture
def server(tmp_path: Path, sqlite_template: bytes) -> Any:
    """The real program with a temporary folder of its own: `path` takes a file, `token` is Ann's."""
    (tmp_path / "tmp").mkdir()
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance/annotator.sqlite").write_bytes(sqlite_template)
    app = create_app(read_settings(str(tmp_path / "instance")))
    with app.app_context():
        people = make_people(db.session)
        project = make_project(db.session, people)
        ann = db.session.get_one(User, people.ann)
        _, token = make_token(db.session, ann, name="test", scope=Scope.WRITE, actor=people.ann)
        db.commit()
    app.extensions["annotator.database"].engine.dispose()
    found = RunningServer(tmp_path / "instance", settings={"TMPDIR": str(tmp_path / "tmp")})
    found.start()
    yield SimpleNamespace(
        url=found.url, token=token, path=f"{HTTP}/articles/{new_id()}/file?project={project.id}"
    )
    found.stop()


def sent_in_chunks(server: Any, mebibytes: int) -> bytes:
    """Send so much without saying how much; gives the head of the answer."""
    port = int(server.url.rsplit(":", 1)[1])
    head = f"PUT {server.path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {server.token}\r\n"
    head += "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), 30) as out:
        out.sendall(head.encode())
        for _ in range(mebibytes):
            out.sendall(b"%x\r\n%s\r\n" % (1 << 20, b"x" * (1 << 20)))
        out.sendall(b"0\r\n\r\n")
        return out.recv(4_000)


def test_u01_a_file_over_the_limit_without_a_length_leaves_nothing(server: Any, tmp_path: Path) -> None:
    answer = sent_in_chunks(server, 12)
    assert answer.startswith(b"HTTP/1.1 413 "), answer
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_u02_floods_of_parts_names_and_line_feeds(app: Any, ann: Any, project: Any, flood: bytes) -> None:
    with untouched(app, but=REFUSED):
        begun = time.process_time()
        answer = form(ann, project, flood + b"--%s--\r\n" % BOUND)
        assert time.process_time() - begun < 1
    assert answer.status_code in (400, 413, 422), answer.status_code


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[1:30])
def test_u11_names_are_cleaned_and_never_a_path(
    ann: Any, project: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "in/here").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "in/here")
    text = f"Words of {len(name)} signs."
    made = ann.post(
        f"/projects/{project.slug}/articles/new", data={"file": (io.BytesIO(text.encode()), name)}
    )
    assert made.status_code in (303, 422), made.status_code
    for row in ann.get(f"{HTTP}/projects/{project.id}/articles").json["items"]:
        header = ann.get(f"{HTTP}/snapshots/{row['snapshot']}/raw").headers["Content-Disposition"]
        cleaned = unquote(header.rpartition("''")[2])
        assert re.fullmatch(
            r"attachment; filename=\"[\w.-]+\"; filename\*=UTF-8''[\w.%~-]+", header, re.ASCII
        ), header
        assert re.fullmatch(r'[^\\/:*?"<>|%;\x00-\x1f\u202e]{1,84}', cleaned), cleaned
        assert cleaned.partition(".")[0].lower() not in ("", "con")
    assert [path.name for path in tmp_path.rglob("*")] == ["in", "here"]


def test_u11_two_files_of_one_name_are_two_snapshots(ann: Any, project: Any) -> None:
    for words in (b"First words.", b"Second words."):
        data = {"file": (io.BytesIO(words), "same.txt")}
        assert ann.post(f"/projects/{project.slug}/articles/new", data=data).status_code == 303
    rows = ann.get(f"{HTTP}/projects/{project.id}/articles").json["items"]
    bodies = [ann.get(f"{HTTP}/snapshots/{row['snapshot']}/raw").data for row in rows]
    assert sorted(bodies) == [b"First words.", b"Second words."]


@pytest.mark.parametrize(
    "name", ["../climbed", "/etc/climbed", "copies/../../climbed", "C:\\climbed", "copies\\..\\x"]
)
def test_u12_names_in_an_archive_that_lead_out_of_it(
    app: Any, as_: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "in/here").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "in/here")
    archive = zipped([*entries_of(rich_document()), (name, b"x")])
    with untouched(app, but=REFUSED):
        refused = as_("cleo").post(f"{HTTP}/import", data=archive, content_type="application/zip")
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, ascii(name)[1:-1])
    assert [path.name for path in tmp_path.rglob("*")] == ["in", "here"]
    assert not Path("/etc/climbed").exists()
