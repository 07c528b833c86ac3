"""``read_safely``: what strangers made is read in a child process with limits (docs/adr/0016)."""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import IO

from annotator.articles.ingest.child import MAX_ANSWER
from annotator.articles.ingest.content import PLAIN
from annotator.articles.ingest.document import Document, UnreadableInput, WrongType
from annotator.articles.ingest.reading import acceptable, read

_PASTE = "Nothing was kept. Copy its words and paste them instead."
_PIECE = 65_536
_PROGRAM = "from annotator.articles.ingest.child import answer_once; answer_once()"


class Busy(UnreadableInput):
    """Nothing is wrong with the bytes: too many others are being read just now."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("Too many files are being read just now.", "Try again in a minute.")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use: bytes of memory, seconds of processor time, seconds by the clock."""

    memory: int = 768 * 1024 * 1024
    cpu_seconds: int = 8
    seconds: float = 15


AT_ONCE = 4
LONGEST_WAIT = 5.0
"""Children at a time in one process, and seconds that the next waits for its turn."""

_turns = BoundedSemaphore(AT_ONCE)
_LIMITS = Limits()


def read_safely(
    raw: bytes,
    media_type: str,
    charset: str | None = None,
    *,
    language: str | None = None,
    limits: Limits = _LIMITS,
) -> Document:
    """The document in these bytes, as ``read`` gives it, whatever they do to the one who reads them.

    Plain text is read here; all else by a child process within ``limits``, without network, that writes nothing.
    Raises UnreadableInput as ``read`` does, and when the child dies or takes too long; Busy when no turn comes in 5 s.
    """
    media_type = acceptable(raw, media_type)
    if media_type == PLAIN:
        return read(raw, media_type, charset, language=language)
    asked = {
        "media_type": media_type,
        "charset": charset,
        "language": language,
        "memory": limits.memory,
        "cpu_seconds": limits.cpu_seconds,
    }
    if not _turns.acquire(timeout=LONGEST_WAIT):
        raise Busy
    try:
        return _document(run_child(json.dumps(asked).encode() + b"\n", raw, limits.seconds))
    finally:
        _turns.release()


def _document(said: bytes) -> Document:
    try:
        answer = json.loads(said)
    except ValueError:
        raise _broke_off() from None
    if "document" in answer:
        return Document.from_json(answer["document"])
    kind = WrongType if answer["wrong_type"] else UnreadableInput
    raise kind(answer["happened"], answer["advice"])


def run_child(head: bytes, raw: bytes, seconds: float, program: str = _PROGRAM) -> bytes:
    """What the child says to these bytes; UnreadableInput when it dies, says too much, or takes too long."""
    command = [sys.executable, "-I", "-B", "-X", "utf8", "-c", program]
    child = subprocess.Popen(  # noqa: S603 - no word of the command comes from outside
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        start_new_session=True,
    )
    try:
        said = _exchanged(child, (head, raw), time.monotonic() + seconds)
        if len(said) > MAX_ANSWER:
            raise _broke_off()
        code = child.wait(timeout=1)
    except (TimeoutError, subprocess.TimeoutExpired):
        raise UnreadableInput("It took too long to read.", _PASTE) from None
    finally:
        _end(child)
    if code == -signal.SIGXCPU:
        raise UnreadableInput("It took too long to read.", _PASTE)
    if code:
        raise _broke_off()
    return said


def _exchanged(child: subprocess.Popen[bytes], pieces: tuple[bytes, ...], deadline: float) -> bytes:
    """Write all pieces and read the answer at the same time; TimeoutError at the deadline."""
    assert child.stdin
    assert child.stdout
    waiting = [memoryview(piece) for piece in pieces if piece]
    said = bytearray()
    with selectors.DefaultSelector() as selector:
        for pipe, event in ((child.stdin, selectors.EVENT_WRITE), (child.stdout, selectors.EVENT_READ)):
            os.set_blocking(pipe.fileno(), False)
            selector.register(pipe, event)
        while selector.get_map() and len(said) <= MAX_ANSWER:
            ready = selector.select(max(deadline - time.monotonic(), 0))
            if not ready:
                raise TimeoutError
            for key, _ in ready:
                done = (
                    _hear(child.stdout, said) if key.fileobj is child.stdout else _tell(child.stdin, waiting)
                )
                if done:
                    selector.unregister(key.fileobj)
                if done and key.fileobj is child.stdin:
                    with suppress(BrokenPipeError):
                        child.stdin.close()
    return bytes(said)


def _hear(pipe: IO[bytes], said: bytearray) -> bool:
    """Take what can be read now; whether that was all."""
    piece = os.read(pipe.fileno(), _PIECE)
    said += piece
    return not piece


def _tell(pipe: IO[bytes], waiting: list[memoryview]) -> bool:
    """Write what can be written now; whether that was all. A child that listens no more is told nothing more."""
    try:
        written = os.write(pipe.fileno(), waiting[0][:_PIECE])
    except BrokenPipeError:
        waiting.clear()
    else:
        waiting[0] = waiting[0][written:]
        if not waiting[0]:
            del waiting[0]
    return not waiting


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child, with all that it may have started, unless it has ended; close the pipes."""
    if child.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()


def _broke_off() -> UnreadableInput:
    return UnreadableInput(
        "It could not be read: the program that reads files ran out of memory or broke off.", _PASTE
    )
