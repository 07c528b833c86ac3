"""How often something may be done: counted in the database, so that every process counts together."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Integer, delete, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from annotator.columns import now
from annotator.database import Model, db
from annotator.errors import TooMany

KEPT_WINDOWS = 2
TOO_MANY = "This was asked for too often. Nothing is lost; wait a little and try again."


class RateCount(Model):
    """How often something was done in one stretch of time; `ends` is the stretch's end in Unix seconds."""

    __tablename__ = "rate_counts"

    key: Mapped[str] = mapped_column(primary_key=True)
    ends: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False, index=True
    )
    count: Mapped[int]


def spend(
    key: str, most: int, per: timedelta, *, sentence: str = TOO_MANY, at: datetime | None = None
) -> None:
    """Count one more of `key`; TooMany with Retry-After beyond `most` in this stretch of `per`.

    Counted in a transaction of its own, before the thing is done: what is refused afterwards counts too, and many
    asked at once share one count. Call it before anything is asked of a writing request's own session, which holds
    SQLite's only writing place. Stretches begin at full multiples of `per`, so that one row is enough.
    """
    seconds = int(per.total_seconds())
    moment = int((at or now()).timestamp())
    ends = moment - moment % seconds + seconds
    with db.here.apart() as session:
        counted = session.scalar(_counting(session, key, ends))
        if counted == 1:  # a stretch has begun: those long past are of no use
            session.execute(delete(RateCount).where(RateCount.ends < moment - KEPT_WINDOWS * 86_400))
    if counted is not None and counted > most:
        error = TooMany(sentence)
        error.headers = {"Retry-After": str(max(1, ends - moment))}
        raise error


def _counting(session: Session, key: str, ends: int) -> Any:
    dialect = session.get_bind().dialect.name
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    query = insert(RateCount).values(key=key, ends=ends, count=1)
    return query.on_conflict_do_update(
        index_elements=["key", "ends"], set_={"count": RateCount.count + literal(1)}
    ).returning(RateCount.count)
