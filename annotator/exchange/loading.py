"""Rows of a file turned into rows of the database: keys, dates and hashes as columns, derived columns made anew."""

from base64 import b64decode
from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import itemgetter
from types import SimpleNamespace
from typing import Any, cast

import orjson
from marshmallow.fields import List
from sqlalchemy import insert
from sqlalchemy.orm import Session

from annotator import markdown
from annotator.annotations.models import Span, Tag
from annotator.articles.models import Article, Assignee
from annotator.articles.queries import search_words
from annotator.exchange.fields import Fields, WorldDate
from annotator.exchange.kinds import KINDS, PROJECT, Kind
from annotator.fields import as_day, bounds
from annotator.protection import PROTECTED
from annotator.sources.duplicates import url_key
from annotator.sources.kind import SOURCE
from annotator.sources.models import SourceReader
from annotator.statements.kind import SPEAKER, STATEMENT
from annotator.statements.models import StatementTag
from annotator.text import fold

Row = dict[str, Any]
Copies = Callable[[Row], bytes]
LIBRARY = {"sources": SOURCE, "speakers": SPEAKER, "statements": STATEMENT}
render = lru_cache(maxsize=256)(markdown.render)


@lru_cache(maxsize=4096)
def dated(prefix: str, value: str | None) -> Row:
    """Give the three columns of a date of the world, as text."""
    return {name: as_day(found) for name, found in bounds(prefix, value).items()}


def column_maker(kind: Kind) -> Callable[[Row], Row]:
    """Give the function that turns a checked row of a file into the columns of the kind's own table.

    Times, days and ids are left as the text they are: both databases take them so.
    """
    keys = {label: getattr(kind.model, name).property.columns[0].name for label, name in kind.labels.items()}
    fields = kind.schema().fields
    dates = [
        (name, keys[name].removesuffix("_on"))
        for name, field in fields.items()
        if isinstance(field, WorldDate)
    ]
    values = [(name, keys[name]) for name, field in fields.items() if type(field) in (List, Fields)]
    special = {name for name, _ in dates + values}
    plain = [(name, keys[name]) for name in fields if name in keys and name not in special]

    def make(row: Row) -> Row:
        found = {column: row[name] for name, column in plain}
        for name, column in values:
            found[column] = None if row[name] is None else orjson.dumps(row[name]).decode()
        for name, prefix in dates:
            found.update(dated(prefix, row[name]))
        return found

    return make


def put(session: Session, model: Any, rows: list[Row]) -> None:
    """Insert rows of equal columns, whose values are as the driver takes them: text for ids, times, days and JSON."""
    connection = session.connection()
    statement = insert(model.__table__).compile(dialect=connection.dialect, column_keys=list(rows[0]))
    values: Any = rows
    if statement.positiontup is not None:
        values = list(map(itemgetter(*statement.positiontup), rows))
    connection.exec_driver_sql(statement.string, values)


MAKERS = {name: column_maker(kind) for name, kind in KINDS.items()}
make_project = column_maker(PROJECT)


def raw_within(row: Row) -> bytes:
    """Give the bytes of a snapshot that stand in the file itself."""
    return b64decode(row["raw"])


class Loader:
    """Turns the lists of a checked document into rows by table, for one project."""

    def __init__(
        self, document: dict[str, Any], project_id: str, *, copies: Copies, reader: str | None
    ) -> None:
        """Take the document, the project its things go into, what gives the bytes of a snapshot, and who may read
        the protected sources among them.
        """
        self.project_id = project_id
        self.copies = copies
        self.reader = reader
        self.origin = document["sha256"]
        newest = sorted(document["snapshots"], key=lambda row: row["number"])
        self.texts = {row["article"]: row["text"] for row in newest}
        self.numbers = {row["id"]: row["number"] for row in newest}

    def rows(self, name: str, row: Row) -> Iterator[tuple[Any, Row]]:
        """Give (model, columns) for a row of the list `name` and for its children."""
        own = MAKERS[name](row)
        if name != "people":
            own["project_id"] = self.project_id
        if name in LIBRARY:
            own["folded"] = LIBRARY[name].fold(SimpleNamespace(**row))
        yield KINDS[name].model, own
        more: Any = getattr(self, f"_{name}", None)
        if more:
            yield from more(row, own)

    def _articles(self, row: Row, own: Row) -> Iterator[tuple[Any, Row]]:
        own["folded"] = search_words(cast(Article, SimpleNamespace(**row)), self.texts[row["id"]])
        for user in row["assignees"]:
            yield Assignee, {"article_id": row["id"], "user_id": user}

    def _sources(self, row: Row, own: Row) -> Iterator[tuple[Any, Row]]:
        own["url_key"] = url_key(row["url"])
        if row["confidentiality"] == PROTECTED and self.reader is not None:
            yield SourceReader, {"source_id": row["id"], "user_id": self.reader}

    def _snapshots(self, row: Row, own: Row) -> Iterator[tuple[Any, Row]]:
        own["raw"] = self.copies(row)
        own["length"] = len(row["text"])
        yield from ()

    def _statements(self, row: Row, own: Row) -> Iterator[tuple[Any, Row]]:
        for ordinal, tag in enumerate(row["tags"]):
            yield StatementTag, {"statement_id": row["id"], "tag": tag, "ordinal": ordinal}

    def _annotations(self, row: Row, own: Row) -> Iterator[tuple[Any, Row]]:
        own["body_html"] = render(row["body"])
        own["folded"] = self._words(row)
        for ordinal, tag in enumerate(row["tags"]):
            yield Tag, {"annotation_id": row["id"], "tag": tag, "ordinal": ordinal}
        for span in row["spans"]:
            columns = {**span, "annotation_id": row["id"], "snapshot_id": span["snapshot"]}
            columns["confirmed_by_id"] = columns.pop("confirmed_by")
            del columns["snapshot"]
            yield Span, columns

    def _words(self, row: Row) -> str:
        """Give what finding looks into: as `annotations.operations` does, with the words on the newest snapshot."""
        newest = max(self.numbers[span["snapshot"]] for span in row["spans"])
        spans = [span["exact"] for span in row["spans"] if self.numbers[span["snapshot"]] == newest]
        return fold("\n".join([row["claim_text"], row["body"], *spans, *row["tags"]]))

    def _links(self, row: Row, own: Row) -> Iterator[tuple[Any, Row]]:
        passage = row["passage"] or {}
        own["passage_snapshot_id"] = passage.get("snapshot")
        for name in ("start", "end", "exact", "prefix", "suffix"):
            own[f"passage_{name}"] = passage.get(name)
        yield from ()

    def _events(self, row: Row, own: Row) -> Iterator[tuple[Any, Row]]:
        own["origin"] = self.origin
        yield from ()
