"""What runs in the child process: limits first, then ``read``; one document in, one answer out.

On the standard input comes a line of JSON (media_type, charset, language, limits), then the bytes. On the standard
output goes JSON: the document, or what happened and what to do. Nothing else is read, written, or sent.
"""

import ctypes
import json
import os
import resource
import sys
from contextlib import suppress
from typing import Any, BinaryIO

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of linux/sched.h
_STEP_BACK = 5
MAX_BLOCKS = 50_000
MAX_ANSWER = 8_000_000
"""Bytes of JSON; the process that asked takes no more."""

_PASTE = "Copy its words and paste them instead."


def confine(memory: int, seconds: int) -> bool:
    """Set the limits of this process for good: memory in bytes, seconds of processor time, no files, no network.

    It also steps back behind the server's own threads. The answer: whether it is cut off from the network, as some
    kernels give no namespace of its own (docs/adr/0016).
    """
    os.nice(_STEP_BACK)
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        _, hard = resource.getrlimit(limit)
        soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # The soft limit of time ends the process by a signal of its own; at the hard one none could tell why.
        harder = soft + 1 if limit == resource.RLIMIT_CPU and soft == value else soft
        resource.setrlimit(limit, (soft, harder))
    return _leave_network()


def _leave_network() -> bool:
    if sys.platform != "linux":
        return False
    with suppress(OSError, AttributeError):
        unshare = ctypes.CDLL(None).unshare
        return any(unshare(flags) == 0 for flags in (_NEW_USER | _NEW_NETWORK, _NEW_NETWORK))
    return False


def answer(asked: dict[str, Any], raw: bytes) -> dict[str, Any]:
    """What to say to the process that asked: ``document``, or ``happened``, ``advice`` and ``wrong_type``."""
    from annotator.articles.ingest.document import UnreadableInput, WrongType
    from annotator.articles.ingest.reading import read

    try:
        document = read(raw, asked["media_type"], asked["charset"], language=asked["language"])
        if len(document.blocks) > MAX_BLOCKS:
            raise UnreadableInput(f"It has more than {MAX_BLOCKS} paragraphs.", _PASTE)
        return {"document": document.as_json()}
    except UnreadableInput as error:
        return _failed(error.happened, error.advice, wrong_type=isinstance(error, WrongType))
    except MemoryError:
        return _failed("It needs more memory than one file may have.", _PASTE)
    except Exception:  # noqa: BLE001 - libraries fail on damaged files in ways of their own
        return _failed("It is damaged in a way that cannot be read.", _PASTE)


def _failed(happened: str, advice: str, *, wrong_type: bool = False) -> dict[str, Any]:
    return {"happened": happened, "advice": advice, "wrong_type": wrong_type}


def main(source: BinaryIO, target: BinaryIO) -> None:
    """Answer one question."""
    asked = json.loads(source.readline())
    confine(asked["memory"], asked["cpu_seconds"])
    said = json.dumps(answer(asked, source.read()), ensure_ascii=False, separators=(",", ":")).encode()
    if len(said) > MAX_ANSWER:
        said = json.dumps(_failed("It holds more text than can be read.", _PASTE)).encode()
    target.write(said)
    target.flush()


def answer_once() -> None:
    """Answer on the standard output, where nothing that a library prints may come between."""
    with os.fdopen(os.dup(1), "wb") as spoken:
        os.dup2(2, 1)
        main(sys.stdin.buffer, spoken)
