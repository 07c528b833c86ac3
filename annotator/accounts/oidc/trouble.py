"""What can go wrong on the way through the provider: what happened, what to do, and a word for the log."""

from annotator.errors import AnnotatorError


class SignOnFailed(AnnotatorError):
    """Nobody was signed in; `reason` is the log's word for it and names no person, `todo` says what helps."""

    status, name, title = 403, "sign-on-failed", "You are not signed in"

    def __init__(self, reason: str, detail: str, todo: str, *, status: int = 403) -> None:
        """Keep the reason beside the sentences."""
        super().__init__(detail)
        self.user_id: str | None = None
        self.reason = reason
        self.todo = todo
        self.status = status


AGAIN = "Begin again."
ASK = "Tell your administrator what stands here."
LINK = "Ask your administrator for a link, open it and sign in through it once. From then on this way works."


def other_browser() -> SignOnFailed:
    """Give the refusal of an answer that this browser did not ask for, or asked for too long ago (A27)."""
    return SignOnFailed(
        "state",
        "This answer does not belong to a sign-in that was begun in this browser less than ten minutes ago.",
        AGAIN,
        status=400,
    )


def other_issuer() -> SignOnFailed:
    """Give the refusal of an answer that names another provider (RFC 9207)."""
    return SignOnFailed(
        "issuer", "The answer came from another provider than the one asked.", ASK, status=400
    )


def denied(name: str, reason: str) -> SignOnFailed:
    """Give the refusal that the provider itself pronounced."""
    return SignOnFailed(reason, f"{name} did not let you in, or you broke it off there.", AGAIN)


def provider_down(name: str, reason: str) -> SignOnFailed:
    """Say that the provider does not answer as it should."""
    return SignOnFailed(
        reason,
        f"{name} does not answer just now. Nothing is lost; whoever is signed in here stays so.",
        "Wait a few minutes and try again. If it goes on, tell your administrator.",
        status=503,
    )


def code_refused(name: str) -> SignOnFailed:
    """Say that the provider did not take its own code: it was used, or it has expired."""
    return SignOnFailed("code", f"The answer of {name} has expired or was used already.", AGAIN)


def bad_token(name: str, reason: str) -> SignOnFailed:
    """Say that what the provider stated cannot be believed."""
    return SignOnFailed(
        f"id token: {reason}", f"What {name} said about you could not be verified, and was not believed.", ASK
    )


def unknown_person(name: str) -> SignOnFailed:
    """Say that the person is known at the provider, and not here."""
    return SignOnFailed("unknown person", f"{name} knows you, but you have no account here.", LINK)


def address_taken() -> SignOnFailed:
    """Say that somebody here has this e-mail address: an account is never joined by it."""
    return SignOnFailed(
        "address taken",
        "There is an account with your e-mail address, and it does not belong to this identity.",
        LINK,
        status=409,
    )


def address_missing(name: str) -> SignOnFailed:
    """Say that the provider states no e-mail address that an account could have."""
    return SignOnFailed("no address", f"{name} told us no confirmed e-mail address of yours.", LINK)


def identity_taken() -> SignOnFailed:
    """Say that the identity is joined to another account."""
    return SignOnFailed(
        "identity taken",
        "You already have another account here, and it is joined to this identity. The link was not used.",
        "Sign in from the page to sign in. If the link is for somebody else, let them open it.",
        status=409,
    )


def has_factor(user_id: str) -> SignOnFailed:
    """Say that a link is not enough for somebody who has a second factor here; the journal says who."""
    failed = SignOnFailed(
        "second factor",
        "This account has a second factor here, and a link is not enough to join it. The link was not used.",
        "Sign in from the page to sign in. If that does not work, ask your administrator to remove your second "
        "factors, and open the link again.",
    )
    failed.user_id = user_id
    return failed


def joined_already(user_id: str) -> SignOnFailed:
    """Say that the person is joined to another identity of the provider; the journal says who."""
    failed = SignOnFailed(
        "joined already",
        "This account is joined to another identity there. Nothing was changed, and the link was not used.",
        "Sign in from the page to sign in, as before. If you have a new identity, ask your administrator to take "
        "the old one away and to send a new link.",
        status=409,
    )
    failed.user_id = user_id
    return failed


def deactivated(user_id: str) -> SignOnFailed:
    """Say that the person may not come in any more; the journal says whom."""
    failed = SignOnFailed("deactivated", "Your account here is deactivated.", "Ask your administrator.")
    failed.user_id = user_id
    return failed


def other_person() -> SignOnFailed:
    """Say that somebody else confirmed at the provider than who is signed in here."""
    return SignOnFailed(
        "other person", "Somebody else signed in there than is signed in here. Nothing was confirmed.", AGAIN
    )


def not_recent(name: str) -> SignOnFailed:
    """Say that the provider does not state that the person has just signed in there."""
    return SignOnFailed(
        "auth_time",
        f"{name} did not say that you have just signed in there, so that nothing was confirmed.",
        "Sign out, there too, and sign in again.",
    )
