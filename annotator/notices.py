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
    "speaker-added": "The speaker is added.",
    "speakers-merged": "The two speakers are one now.",
    "merge-undone": "The two speakers are apart again.",
    "statement-added": "The statement is added.",
    "statement-deleted": "The statement is deleted.",
    "statement-restored": "The statement is back.",
    "link-added": "The link is made. Say which words count, and where they stand.",
    "link-refused": "This could not be linked: it is gone. Nothing was changed.",
    "source-added": "The source is in.",
    "source-deleted": "The source is deleted.",
    "source-restored": "The source is back.",
    "copy-first": "The first copy is kept.",
    "copy-unchanged": "Nothing has changed since the copy before. The new copy is kept, too.",
    "copy-changed": "The text has changed since the copy before. Both are kept.",
    "copy-gone": "The page is gone. The source and its copies are kept.",
    "copy-failed": "The source is kept, its page could not be had. The list of checks says why.",
    "copy-busy": "The source is kept. Other pages are being fetched just now: fetch its copy in a moment.",
    "imported": "The file is imported.",
    "demo-added": "The sample project is here. Have a look around.",
}


def notice() -> str | None:
    """Give the sentence for the address's `notice`, or None."""
    return NOTICES.get(request.args.get("notice", ""))
