"""The sentence a page shows after a redirect, by a code in the address: no second cookie is needed for it."""

from flask import request

NOTICES = {
    "saved": "Saved.",
    "signed-out": "You are signed out.",
    "password-set": "Your password is set. Please sign in.",
    "person-added": "The person is added. Hand on the link below.",
    "link-made": "A new link is made. Earlier links no longer work.",
    "person-deactivated": "The person is deactivated. Their work and name stay.",
    "person-activated": "The person is active again.",
    "admin-granted": "This person is an administrator now.",
    "admin-withdrawn": "This person is no longer an administrator.",
    "role-set": "The role is set.",
    "member-removed": "The person is no longer a member.",
    "project-added": "The project is made.",
    "project-archived": "The project is archived. It can be read, not changed.",
    "project-reopened": "The project is open again.",
    "project-joined": "You have joined the project. The journal says so.",
    "token-revoked": "The token no longer works.",
    "session-ended": "That session has ended.",
    "sessions-ended": "All sessions of this person have ended.",
    "article-added": "The article is in.",
    "article-deleted": "The article is deleted.",
    "article-restored": "The article is back.",
    "imported": "The file is imported.",
    "demo-added": "The sample project is here. Have a look around.",
}


def notice() -> str | None:
    """Give the sentence for the address's `notice`, or None."""
    return NOTICES.get(request.args.get("notice", ""))
