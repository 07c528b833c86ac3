"""The actions of the journal, as `resource:action`, one line of meaning each."""

from enum import StrEnum


class Action(StrEnum):
    """What an event says was done."""

    REFUSED = "request:refused"  # a known person tried what their role does not allow
    SIGNED_IN = "session:started"
    SIGN_IN_FAILED = "session:refused"  # a wrong password for a known address
    SIGNED_OUT = "session:ended"
    USER_ADDED = "user:added"
    USER_CHANGED = "user:changed"  # name, e-mail, language
    USER_DEACTIVATED = "user:deactivated"
    USER_ACTIVATED = "user:activated"
    ADMIN_GRANTED = "user:admin-granted"
    ADMIN_WITHDRAWN = "user:admin-withdrawn"
    LINK_MADE = "user:link-made"  # a one-time link to set a password
    LINK_ENDED = "user:link-ended"  # whoever made it is no administrator any more
    PASSWORD_SET = "user:password-set"  # noqa: S105 - the name of an action
    INVITATION_ADDED = "invitation:added"
    INVITATION_RENEWED = "invitation:renewed"  # a new link for another while; the old one ends
    INVITATION_REVOKED = "invitation:revoked"
    INVITATION_ACCEPTED = "invitation:accepted"
    IDENTITY_BOUND = "user:identity-bound"  # signs in through the provider of single sign-on from now on
    IDENTITY_UNBOUND = "user:identity-unbound"  # an administrator took what they had there away
    TOKEN_ADDED = "token:added"  # noqa: S105
    TOKEN_REVOKED = "token:revoked"  # noqa: S105
    FACTOR_ADDED = "factor:added"  # an authenticator app
    FACTOR_REMOVED = "factor:removed"
    FACTORS_RESET = "factor:reset"  # an administrator took all of a person's factors away
    CODES_MADE = "factor:codes-made"  # recovery codes; earlier ones ended
    CODE_USED = "factor:code-used"  # a recovery code
    PASSKEY_ADDED = "passkey:added"
    PASSKEY_CHANGED = "passkey:changed"  # its name
    PASSKEY_REMOVED = "passkey:removed"
    PASSKEY_REFUSED = "passkey:refused"
    POLICY_CHANGED = "policy:changed"  # of whom the site demands a second factor
    PROJECT_ADDED = "project:added"
    PROJECT_CHANGED = "project:changed"
    PROJECT_ARCHIVED = "project:archived"
    PROJECT_REOPENED = "project:reopened"
    PROJECT_EXPORTED = "project:exported"
    PROJECT_IMPORTED = "project:imported"
    MEMBER_ADDED = "member:added"
    MEMBER_CHANGED = "member:changed"
    MEMBER_REMOVED = "member:removed"
    ARTICLE_ADDED = "article:added"
    ARTICLE_CHANGED = "article:changed"
    ARTICLE_DELETED = "article:deleted"
    ARTICLE_RESTORED = "article:restored"
    ARTICLE_EXPORTED = "article:exported"
    SNAPSHOT_CAPTURED = "snapshot:captured"
    ANNOTATION_ADDED = "annotation:added"
    ANNOTATION_CHANGED = "annotation:changed"
    ANNOTATION_DELETED = "annotation:deleted"
    ANNOTATION_RESTORED = "annotation:restored"
    SOURCE_ADDED = "source:added"
    SOURCE_CHANGED = "source:changed"
    SOURCE_DELETED = "source:deleted"
    SOURCE_RESTORED = "source:restored"
    SOURCE_CHECKED = "source:checked"  # its page was looked for, and no copy could be had
    READER_ADDED = "source:reader-added"  # may read a protected source from now on
    READER_REMOVED = "source:reader-removed"
    SPEAKER_ADDED = "speaker:added"
    SPEAKER_CHANGED = "speaker:changed"
    SPEAKER_MERGED = "speaker:merged"  # found to be the same as another, which takes what was said
    SPEAKER_MERGE_UNDONE = "speaker:merge-undone"
    STATEMENT_ADDED = "statement:added"
    STATEMENT_CHANGED = "statement:changed"
    STATEMENT_DELETED = "statement:deleted"
    STATEMENT_RESTORED = "statement:restored"
    LINK_ADDED = "link:added"
    LINK_CHANGED = "link:changed"
    LINK_DECIDED = "link:decided"  # a second person accepted or rejected a contradiction
    LINK_DELETED = "link:deleted"
    LINK_RESTORED = "link:restored"
    AUDIT_EXPORTED = "audit:exported"  # lines of the journal left the house
