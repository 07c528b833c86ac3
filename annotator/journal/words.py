"""The words on screen for the lines of the journal: what was done, to what, and which fields."""

from collections.abc import Mapping
from typing import Any

from annotator.journal.tags import Action
from annotator.wording import CHOICES

ACTIONS: dict[Action, str] = {
    Action.REFUSED: "Was refused",
    Action.SIGNED_IN: "Signed in",
    Action.SIGN_IN_FAILED: "Sign-in refused",
    Action.SIGNED_OUT: "Signed out, or sessions ended",
    Action.USER_ADDED: "Added a person",
    Action.USER_CHANGED: "Changed a person",
    Action.USER_DEACTIVATED: "Deactivated a person",
    Action.USER_ACTIVATED: "Reactivated a person",
    Action.ADMIN_GRANTED: "Made an administrator",
    Action.ADMIN_WITHDRAWN: "Withdrew the administrator's right",
    Action.LINK_MADE: "Made a link to set a password",
    Action.LINK_ENDED: "Ended a link to set a password",
    Action.PASSWORD_SET: "Set a password",
    Action.INVITATION_ADDED: "Invited a person",
    Action.INVITATION_RENEWED: "Sent an invitation again",
    Action.INVITATION_REVOKED: "Revoked an invitation",
    Action.INVITATION_ACCEPTED: "Accepted an invitation",
    Action.IDENTITY_BOUND: "Bound to single sign-on",
    Action.IDENTITY_UNBOUND: "Unbound from single sign-on",
    Action.FACTOR_ADDED: "Added a second factor",
    Action.FACTOR_REMOVED: "Removed a second factor",
    Action.FACTORS_RESET: "Took away a person's second factors",
    Action.CODES_MADE: "Made recovery codes",
    Action.CODE_USED: "Used a recovery code",
    Action.PASSKEY_ADDED: "Added a passkey",
    Action.PASSKEY_CHANGED: "Renamed a passkey",
    Action.PASSKEY_REMOVED: "Removed a passkey",
    Action.PASSKEY_REFUSED: "Passkey refused",
    Action.POLICY_CHANGED: "Changed the rules of signing in",
    Action.TOKEN_ADDED: "Made an API token",
    Action.TOKEN_REVOKED: "Revoked an API token",
    Action.PROJECT_ADDED: "Added a project",
    Action.PROJECT_CHANGED: "Changed a project",
    Action.PROJECT_ARCHIVED: "Archived a project",
    Action.PROJECT_REOPENED: "Reopened a project",
    Action.PROJECT_EXPORTED: "Exported a project",
    Action.PROJECT_IMPORTED: "Imported into a project",
    Action.MEMBER_ADDED: "Added a member",
    Action.MEMBER_CHANGED: "Changed a member's role",
    Action.MEMBER_REMOVED: "Removed a member",
    Action.ARTICLE_ADDED: "Added an article",
    Action.ARTICLE_CHANGED: "Changed an article",
    Action.ARTICLE_DELETED: "Deleted an article",
    Action.ARTICLE_RESTORED: "Restored an article",
    Action.ARTICLE_EXPORTED: "Exported an article",
    Action.SNAPSHOT_CAPTURED: "Captured a copy",
    Action.ANNOTATION_ADDED: "Added an annotation",
    Action.ANNOTATION_CHANGED: "Changed an annotation",
    Action.ANNOTATION_DELETED: "Deleted an annotation",
    Action.ANNOTATION_RESTORED: "Restored an annotation",
    Action.SOURCE_ADDED: "Added a source",
    Action.SOURCE_CHANGED: "Changed a source",
    Action.SOURCE_DELETED: "Deleted a source",
    Action.SOURCE_RESTORED: "Restored a source",
    Action.SOURCE_CHECKED: "Checked a source",
    Action.READER_ADDED: "Named a reader of a protected source",
    Action.READER_REMOVED: "Took out a reader of a protected source",
    Action.SPEAKER_ADDED: "Added a speaker",
    Action.SPEAKER_CHANGED: "Changed a speaker",
    Action.SPEAKER_MERGED: "Merged two speakers",
    Action.SPEAKER_MERGE_UNDONE: "Took merged speakers apart",
    Action.STATEMENT_ADDED: "Added a statement",
    Action.STATEMENT_CHANGED: "Changed a statement",
    Action.STATEMENT_DELETED: "Deleted a statement",
    Action.STATEMENT_RESTORED: "Restored a statement",
    Action.LINK_ADDED: "Added a link",
    Action.LINK_CHANGED: "Changed a link",
    Action.LINK_DECIDED: "Decided a contradiction",
    Action.LINK_DELETED: "Deleted a link",
    Action.LINK_RESTORED: "Restored a link",
    Action.AUDIT_EXPORTED: "Exported the journal",
}
RESOURCES = {
    "request": "Refusals",
    "session": "Signing in",
    "user": "People",
    "invitation": "Invitations",
    "factor": "Second factors",
    "passkey": "Passkeys",
    "policy": "Sign-in rules",
    "token": "API tokens",
    "project": "Projects",
    "member": "Members",
    "article": "Articles",
    "snapshot": "Copies",
    "annotation": "Annotations",
    "source": "Sources",
    "speaker": "Speakers",
    "statement": "Statements",
    "link": "Links",
    "audit": "The journal",
}
KINDS = {
    "user": "Person",
    "project": "Project",
    "apitoken": "API token",
    "invitation": "Invitation",
    "sitepolicy": "Sign-in rules",
    "totpfactor": "Second factor",
    "passkey": "Passkey",
    "site": "The site",
    "article": "Article",
    "snapshot": "Copy",
    "annotation": "Annotation",
    "source": "Source",
    "speaker": "Speaker",
    "statement": "Statement",
    "link": "Link",
}
FIELDS = {
    "email": "E-mail address",
    "is_admin": "Administrator",
    "user": "Person",
    "role": "Role",
    "expires_at": "Works until",
    "archived_at": "Archived",
    "exported_at": "Exported",
    "second_factor_for": "Second factor needed for",
    "via": "By",
}

METHODS = dict(CHOICES["method"])
TRIED = {"code": "Code from the app", "recovery": "Recovery code", "passkey": "Passkey"}


def line_words(line: Mapping[str, Any]) -> str:
    """Give the words for what a line says was done: signing out oneself differs from ending sessions."""
    if line["action"] != Action.SIGNED_OUT:
        return action_words(line["action"])
    own = line["actor"] is not None and line["actor"]["id"] == line["subject"]["id"]
    return "Signed out" if own and not line["after"] else "Sessions ended"


def value_words(name: str, value: Any) -> Any:
    """Give the words for a value of a field that has a choice of its own; any other value as it is."""
    choices = {"method": METHODS, "second_factor": TRIED}.get(name, {})
    return choices.get(value, value) if isinstance(value, str) else value


def action_words(action: str) -> str:
    """Give the words for what was done; of an action that this program does not know, its own name."""
    known = {found.value: words for found, words in ACTIONS.items()}
    return known.get(action) or plain(action.replace(":", " "))


def resource_words(resource: str) -> str:
    """Give the words for what a group of actions is about."""
    return RESOURCES.get(resource) or plain(resource)


def kind_words(kind: str) -> str:
    """Give the words for the kind of a thing."""
    return KINDS.get(kind) or plain(kind)


def field_words(name: str) -> str:
    """Give the words for a field."""
    return FIELDS.get(name) or plain(name)


def plain(name: str) -> str:
    """Give a name of the code as words."""
    words = name.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def grouped_actions() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Give the actions by what they are about: `(resource, its words, [(action, its words)])`."""
    found: dict[str, list[tuple[str, str]]] = {}
    for action in Action:
        found.setdefault(action.value.partition(":")[0], []).append((action.value, action_words(action)))
    return [(resource, resource_words(resource), actions) for resource, actions in found.items()]
