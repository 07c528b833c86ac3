"""What tests of sources ask for beside the usual: a source, a client that brings copies in, a web site."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from contract.world import HTTP, put
from sources.website import Website, running

from annotator.columns import new_id


@pytest.fixture
def ann(as_: Any) -> Any:
    return as_("ann")


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Website]:
    """A web site of the test's own at http://news.example."""
    with running(monkeypatch) as found:
        yield found


@pytest.fixture
def source(ann: Any, project: SimpleNamespace) -> dict[str, Any]:
    """A source at http://news.example/law."""
    return put(ann, "sources", {"project": project.id, "title": "Law", "url": "http://news.example/law"})


@pytest.fixture
def keep(ann: Any, source: dict[str, Any]) -> Callable[..., Any]:
    """`keep(text="...")` or `keep(fetch=True)` brings a copy of the source in; gives the answer."""

    def bring(key: str = "", by: Any = ann, **how: Any) -> Any:
        return by.put(f"{HTTP}/snapshots/{key or new_id()}", json={"source": source["id"], **how})

    return bring


@pytest.fixture
def upload(ann: Any, source: dict[str, Any]) -> Callable[..., Any]:
    """`upload(b"...", "a.html", "text/html")` brings a file in as a copy of the source; gives the answer."""

    def bring(raw: bytes, name: str, media_type: str, key: str = "", by: Any = ann) -> Any:
        query = {"source": source["id"], "name": name}
        path = f"{HTTP}/snapshots/{key or new_id()}/file"
        return by.put(path, query_string=query, data=raw, headers={"Content-Type": media_type})

    return bring
