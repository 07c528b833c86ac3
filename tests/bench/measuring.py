"""Clocks and medians: what is compared takes turns in one run, so that a busy machine slows all alike."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

CLEAR_PEAK = "5"


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured, what it is held against, the aim, and whether it is reached."""

    name: str
    measured: str
    compared: str = ""
    aim: str = ""
    reached: bool | None = None


def in_turns(rounds: int, **works: Callable[[], object]) -> dict[str, float]:
    """Run each work once a round, and give the median of the CPU time each took in this process, in ms."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            begun = time.process_time_ns()
            work()
            taken[name].append((time.process_time_ns() - begun) / 1e6)
    return {name: median(times) for name, times in taken.items()}


def cpu_of(pid: int) -> float:
    """Give the CPU time that all threads of a process have had, in ms (user and system; proc(5), schedstat)."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e6


def memory_of(pid: int, line: str = "VmRSS") -> float:
    """Give a process's memory in MB: `VmRSS` now, `VmHWM` at its highest since `forget_peak`."""
    for words in map(str.split, Path(f"/proc/{pid}/status").read_text().splitlines()):
        if words[0] == f"{line}:":
            return int(words[1]) / 1024
    raise ValueError(line)


def forget_peak(pid: int) -> None:
    """Let VmHWM begin anew (proc(5), clear_refs)."""
    Path(f"/proc/{pid}/clear_refs").write_text(CLEAR_PEAK)
