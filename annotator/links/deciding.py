"""A contradiction and its decision: who may decide, what puts it back (docs/adr/0018)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from annotator.annotations.models import Annotation
from annotator.columns import now
from annotator.errors import NotAllowed, WrongState
from annotator.journal.models import Event
from annotator.journal.operations import FOLLOWERS, record
from annotator.journal.tags import Action
from annotator.links.models import ContradictionState, Link
from annotator.links.places import check_readable
from annotator.links.schemas import OF_CONTRADICTIONS

DECIDED_ABOUT = ("relation", "passage", "explanation", *OF_CONTRADICTIONS)
DECIDED = (ContradictionState.ACCEPTED.value, ContradictionState.REJECTED.value)
MINE = "You proposed this contradiction. Somebody else decides it."
SHAPED = "You had a hand in this contradiction since it was last decided. Somebody else decides it."
# what of an end a decision looked at, as the journal names the fields
LOOKED_AT = {
    Action.STATEMENT_CHANGED: ("quote", "said_on", "speaker"),
    Action.ANNOTATION_CHANGED: ("claim_text", "claimant", "claimed_on", "spans"),
}


def propose(link: Link, actor: str) -> None:
    """Let the contradiction stand as proposed by `actor`, undecided."""
    link.contradiction_state, link.proposed_by_id = ContradictionState.PROPOSED.value, actor
    link.decided_by_id = link.decided_at = None
    link.decision_reason = ""


def decide(session: Session, link: Link, data: Mapping[str, Any], *, actor: str) -> Link:
    """Accept or reject a contradiction as a second person (checked by DecisionIn); a decision may be changed.

    Raises NotAllowed for whoever proposed or shaped it and for who may not see its source, WrongState for another
    relation.
    """
    check_readable(session, link)
    if link.relation != "contradicts":
        raise WrongState("Only a contradiction is decided.")
    if link.proposed_by_id == actor:
        raise NotAllowed(MINE)
    if actor in hands(session, link.id):
        raise NotAllowed(SHAPED)
    before = {"state": link.contradiction_state, "reason": link.decision_reason}
    link.contradiction_state, link.decision_reason = data["answer"], data.get("reason", "")
    link.decided_by_id, link.decided_at = actor, now()
    link.stamp(actor, link.decided_at)
    session.flush()
    after = {"state": link.contradiction_state, "reason": link.decision_reason}
    article = article_of(session, link)
    record(session, Action.LINK_DECIDED, link, actor=actor, before=before, after=after, article=article)
    return link


def article_of(session: Session, link: Link) -> str | None:
    """Give the id of the article that the near end stands in."""
    return session.scalar(select(Annotation.article_id).where(Annotation.id == link.annotation_id))


def hands(session: Session, link_id: str) -> set[str | None]:
    """Give who shaped the contradiction, by the journal: since it became one, or was changed after a decision."""
    lines = select(Event.action, Event.actor_id, Event.after).where(Event.subject_id == link_id)
    found: set[str | None] = set()
    decided = False
    for action, actor, after in session.execute(lines.order_by(Event.number)):
        if action == Action.LINK_DECIDED.value:
            decided = True
        elif not {*DECIDED_ABOUT, "state"}.isdisjoint(after or ()):
            if decided or "relation" in after:
                found = set()
            found.add(actor)
            decided = False
    return found


def _ends_changed(
    session: Session,
    end: Any,
    action: Action,
    before: dict[str, Any],
    after: dict[str, Any],
    actor: str | None,
) -> None:
    """Put decided contradictions of this end back to proposed: nobody decided about its new words."""
    names = [name for name in LOOKED_AT[action] if _said(before.get(name)) != _said(after.get(name))]
    if not names or actor is None:
        return
    here = or_(Link.annotation_id == end.id, Link.statement_id == end.id, Link.target_id == end.id)
    decided = select(Link).where(here, Link.contradiction_state.in_(DECIDED)).order_by(Link.id)
    for link in session.scalars(decided.with_for_update(of=Link)).all():
        old = {"state": link.contradiction_state}
        propose(link, actor)
        link.stamp(actor, now())
        session.flush()
        new, article = {"state": link.contradiction_state}, article_of(session, link)
        record(session, Action.LINK_CHANGED, link, actor=actor, before=old, after=new, article=article)


def _said(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


for _action in LOOKED_AT:
    FOLLOWERS.setdefault(_action, []).append(_ends_changed)
