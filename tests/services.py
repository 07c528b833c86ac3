"""What the tests need beside Python: one throw-away PostgreSQL for the whole run, and Chromium.

All workers of a run share one cluster in a folder of its own under /tmp. The first test that asks
starts it, the process that was started by hand ends it, and a watcher ends it where that one was killed.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql

from tools import programs

settings.register_profile(
    "annotator",
    deadline=None,
    derandomize="CI" in os.environ,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("annotator")

ROOT = Path(__file__).parent.parent
FOLDER = pytest.StashKey[Path]()
FIRST = {"packaging": 0, "browser": 1}
WATCH = """(
while kill -0 "$1" && [ -d "$2" ]; do sleep 1; done
[ -f "$2/data/postmaster.pid" ] && kill -QUIT "$(head -n 1 "$2/data/postmaster.pid")" && sleep 1
rm -rf "$2"
) >/dev/null 2>&1 </dev/null &"""


class PostgresServer:
    """A running cluster, reached by a socket in its folder; every database in it is for a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, database: str) -> str:
        """Return the address of a database as SQLAlchemy writes it."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create_database(self, template: str = "template0", name: str | None = None) -> str:
        """Return the name of a new database, a copy of the template (nobody may be connected to that one)."""
        name = name or f"t_{uuid.uuid4().hex}"
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, ending whatever is still connected to it."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def template(self, name: str, build: Callable[[str], object]) -> str:
        """Return the name of a template database that `build(url)` fills once for the whole run."""
        with self._lock(f"template-{name}"):
            done = self.folder / f"template-{name}.done"
            if not done.exists():
                build(self.url(self.create_database(name=name)))
                done.touch()
        return name

    def start(self) -> None:
        """Start the cluster unless another worker has; raise RuntimeError with its log when it fails."""
        with self._lock("cluster"):
            if not (self.folder / "running").exists():
                self._initialise()
                self._launch()
                (self.folder / "running").touch()

    def stop(self) -> None:
        """End the cluster at once and remove its folder."""
        if (self.folder / "data/postmaster.pid").exists():
            self._control("stop", "--mode=immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _initialise(self) -> None:
        account = _account()
        if account:
            person = pwd.getpwnam(account)
            os.chown(self.folder, person.pw_uid, person.pw_gid)
        options = ("--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
        self._as_owner("initdb", f"--pgdata={self.folder}/data", *options)

    def _launch(self) -> None:
        given = {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": "200",
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
        }
        lines = "".join(f"{name} = '{value}'\n" for name, value in given.items())
        with (self.folder / "data/postgresql.conf").open("a") as written:
            written.write(lines)
        self._control("start", "--wait", f"--log={self.folder}/log")
        watcher = ["sh", "-c", WATCH, "watcher", _main_process(), str(self.folder)]
        subprocess.run(watcher, start_new_session=True, check=True)

    def _control(self, action: str, *options: str) -> None:
        self._as_owner("pg_ctl", action, f"--pgdata={self.folder}/data", "--silent", *options)

    def _as_owner(self, program: str, *options: str) -> None:
        # PostgreSQL refuses to run as root, so the tests of root run it as another account.
        account = _account()
        other: dict[str, Any] = {}
        if account:
            other = {"user": account, "group": pwd.getpwnam(account).pw_gid, "extra_groups": []}
        report = self.folder / "report"
        with report.open("ab") as output:
            ended = subprocess.run(
                [_postgres_folder() / program, *options],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                check=False,
                **other,
            )
        if ended.returncode:
            logs = [path.read_text() for path in (report, self.folder / "log") if path.exists()]
            raise RuntimeError(f"{program} {' '.join(options)} failed:\n" + "\n".join(logs))

    def _run(self, statement: LiteralString, *names: str) -> None:
        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]

    @contextmanager
    def _lock(self, name: str) -> Iterator[None]:
        with (self.folder / f"{name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _account() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {person.pw_name for person in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _main_process() -> str:
    return os.environ.get("ANNOTATOR_TESTS_PROCESS", str(os.getpid()))


def _postgres_folder() -> Path:
    folder = programs.find_postgres()
    if folder is None:
        pytest.exit("PostgreSQL's server was not found: `make programs` installs it or says how.", 4)
    return folder


def chromium_path() -> Path:
    """Return the Chromium to start; end the run with a clear word where there is none."""
    found = programs.find_chromium()
    if found is None:
        pytest.exit("Chromium was not found: `make programs` installs it or says how.", 4)
    return found


def pytest_configure(config: pytest.Config) -> None:
    """Choose the folder of the cluster: the main process makes it, the workers are told."""
    workerinput = getattr(config, "workerinput", None)
    if workerinput is not None:
        config.stash[FOLDER] = Path(workerinput["postgres_folder"])
        return
    # A socket's path has room for about a hundred characters: /tmp, whatever TMPDIR says.
    config.stash[FOLDER] = Path(tempfile.mkdtemp(prefix="annotator-pg-", dir="/tmp"))
    os.environ["ANNOTATOR_TESTS_PROCESS"] = str(os.getpid())


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where the cluster of this run lies."""
    node.workerinput["postgres_folder"] = str(node.config.stash[FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the cluster with the run that it was made for."""
    if not hasattr(config, "workerinput") and FOLDER in config.stash:
        PostgresServer(config.stash[FOLDER]).stop()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their folder, and start with the slow ones: no worker waits for them at the end."""
    for item in items:
        folder = _folder(item)
        if folder in FIRST:
            item.add_marker(folder)
        if folder == "packaging":
            item.add_marker(pytest.mark.xdist_group("packaging"))
    items.sort(key=lambda item: FIRST.get(_folder(item), 2))


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(ROOT / "tests").parts[0] if item.path.is_relative_to(ROOT / "tests") else ""


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> PostgresServer:
    """The cluster of this run, started when the first test asks."""
    server = PostgresServer(pytestconfig.stash[FOLDER])
    server.start()
    return server


@pytest.fixture
def make_postgres_database(postgres_server: PostgresServer) -> Iterator[Callable[..., str]]:
    """A function `(template="template0")` that gives the URL of a new database, dropped after the test."""
    made: list[str] = []

    def make(template: str = "template0") -> str:
        made.append(postgres_server.create_database(template))
        return postgres_server.url(made[-1])

    yield make
    for name in made:
        postgres_server.drop_database(name)


@pytest.fixture
def postgres_url(make_postgres_database: Callable[..., str]) -> str:
    """The URL of a fresh, empty PostgreSQL database."""
    return make_postgres_database()
