"""Run every check of `make test`, go on after a failure, and say at the end which ones failed."""

import subprocess
import sys
import time


def main(steps: list[str]) -> int:
    """Run each make target in turn; return 1 when one of them failed."""
    results: list[tuple[str, bool, float]] = []
    for step in steps:
        print(f"\n== make {step}", flush=True)
        began = time.monotonic()
        ended = subprocess.run(["make", "--no-print-directory", step], check=False)
        results.append((step, ended.returncode == 0, time.monotonic() - began))
    print("\n== " + ", ".join(_line(*result) for result in results), flush=True)
    return int(not all(passed for _, passed, _ in results))


def _line(step: str, passed: bool, seconds: float) -> str:  # noqa: FBT001
    return f"{step} {'passed' if passed else 'FAILED'} ({seconds:.0f} s)"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
