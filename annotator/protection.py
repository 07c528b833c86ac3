"""Protected sources: named readers alone see what they are; to everyone else they read "Source protected".

The conditions here name tables and not models, so that every feature can state them. Who asks is found out when
the query runs: a query that forgets to say so answers as to a stranger (docs/adr/0013).
"""

from typing import Any

from flask import has_request_context
from sqlalchemy import ColumnElement, bindparam, case, exists, literal, null, or_, select

from annotator.columns import IdType
from annotator.database import Model
from annotator.identity import current

PROTECTED = "protected"
TITLE = "Source protected"


def reader_id() -> str | None:
    """Give who reads: the person of this request; nobody on the command line, which reads as a stranger does."""
    identity = current() if has_request_context() else None
    return identity.user_id if identity else None


def readable(source: Any) -> ColumnElement[bool]:
    """Give the condition that whoever reads may see the source; `source` is the model, an alias or the table."""
    columns = getattr(source, "c", source)
    readers = Model.metadata.tables["source_readers"]
    asking = bindparam("reader", callable_=reader_id, type_=IdType)
    named = exists().where(readers.c.source_id == columns.id, readers.c.user_id == asking)
    return or_(columns.confidentiality != PROTECTED, named)


def readable_id(key: Any) -> ColumnElement[bool]:
    """Give the condition that the source named by the column `key`, if any, may be seen by whoever reads."""
    sources = Model.metadata.tables["sources"].alias()
    return or_(key.is_(None), exists(select(sources.c.id).where(sources.c.id == key, readable(sources))))


def masked(source: Any, column: Any, instead: Any = None) -> ColumnElement[Any]:
    """Give the column's value where the source may be seen, else `instead`."""
    return case(
        (readable(source), column), else_=null() if instead is None else literal(instead, column.type)
    )
