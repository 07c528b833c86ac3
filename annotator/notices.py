"""The sentence a page shows after a redirect, by a code in the address: no second cookie is needed for it."""

from flask import request

NOTICES = {
    "saved": "Saved.",
    "signed-out": "You are signed out.",
    "password-set": "Your password is set, and you are signed in.",
    "password-changed": "Your password is changed. Other devices are signed out.",
    "email-asked": "Look in the mailbox of the new address: a link there confirms it.",
    "email-changed": "Your e-mail address is changed. Sign in with it from now on.",
    "others-ended": "You are signed in here only.",
    "person-added": "The person is added. Hand on the link below.",
    "link-made": "A new link is made. Earlier links no longer work.",
    "person-deactivated": "The person is deactivated. Their work and name stay.",
    "person-activated": "The person is active again.",
    "admin-granted": "This person is an administrator now.",
    "admin-withdrawn": "This person is no longer an administrator.",
    "link-mailed": "A link to set the password is on its way by mail. Earlier links no longer work.",
    "invitation-mailed": "The invitation is on its way by mail.",
    "invitations-mailed": "The invitations are on their way by mail.",
    "invitation-revoked": "The invitation is withdrawn. Its link no longer works.",
    "roles-given": "The roles are given.",
    "factors-removed": "All second factors of this person are removed, and their sessions have ended.",
    "policy-set": "The rules of signing in are set.",
    "role-set": "The role is set.",
    "member-removed": "The person is no longer a member.",
    "project-added": "The project is made.",
    "project-archived": "The project is archived. It can be read, not changed.",
    "project-reopened": "The project is open again.",
    "project-joined": "You have joined the project. The journal says so.",
    "token-revoked": "The token no longer works.",
    "step-over": "Signing in took too long, or was finished elsewhere. Please sign in again.",
    "factor-needed": "This site asks you for a second factor. Add one here; then everything else is open to you.",
    "factor-added": "Your authenticator app is set up.",
    "factor-over": "Setting up the app took longer than ten minutes. Nothing was changed; begin again.",
    "factor-removed": "The authenticator app is removed.",
    "passkey-added": "The passkey is added.",
    "passkey-removed": "The passkey is removed.",
    "codes-few": "That recovery code is used up, and few are left. Make new ones here.",
    **{
        f"codes-left-{left}": f"You signed in with a recovery code. It is used up; {left} are left."
        for left in range(4, 10)
    },
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
