"""The real program in a process of its own, for tests that open it in a browser, kill it or restart it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent
ADDRESS = re.compile(r"Annotator serves at http://[^\s/]+:(\d+)/")
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH")


class RunningServer:
    """`annotator run` with an instance folder of its own; `url` has no slash at the end."""

    def __init__(
        self,
        instance: Path,
        *,
        command: Sequence[str | Path] = (sys.executable, "-m", "annotator"),
        folder: Path = ROOT,
        settings: dict[str, str] | None = None,
    ) -> None:
        self.instance = instance
        self.log = instance.parent / f"{instance.name}.log"
        self.url = ""
        self._command = [str(part) for part in command]
        self._folder = folder
        self._settings = settings or {}
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0

    def start(self) -> None:
        """Start and wait until it serves, at the port it had before; raise RuntimeError with its log."""
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                [*self._command, "run", "--host", "127.0.0.1", "--port", str(self._port)],
                cwd=self._folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        self._port = self._wait_for_port(self._process)
        self.url = f"http://127.0.0.1:{self._port}"
        self._wait_for_answer(self._process)

    def stop(self) -> None:
        """End it as Ctrl-C or a service manager does, and wait."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once, as a crash does."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop it and start it again at the same address with the same data."""
        self.stop()
        self.start()

    @property
    def pid(self) -> int:
        """The process that serves; RuntimeError when none does."""
        if self._process is None:
            raise RuntimeError("the server does not run")
        return self._process.pid

    def run(self, *arguments: str, typed: str = "") -> str:
        """Run an `annotator` command on the same instance; return what it printed, raise when it fails."""
        ended = subprocess.run(
            [*self._command, *arguments],
            cwd=self._folder,
            env=self._environment(),
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode:
            raise RuntimeError(f"annotator {' '.join(arguments)}:\n{ended.stdout}\n{ended.stderr}")
        return ended.stdout.strip()

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        own = {"ANNOTATOR_INSTANCE": str(self.instance), "PYTHONUNBUFFERED": "1"}
        return {**kept, **own, **self._settings}

    def _wait_for_port(self, process: subprocess.Popen[bytes]) -> int:
        until = time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None:
            if found := ADDRESS.search(self.log.read_text()):
                return int(found[1])
            time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"annotator run did not say where it serves:\n{self.log.read_text()}")

    def _wait_for_answer(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until and process.poll() is None:
            with suppress(OSError), urlopen(f"{self.url}/healthz", timeout=5):
                return
            time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"{self.url}/healthz does not answer:\n{self.log.read_text()}")

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise
        finally:
            self._process = None
