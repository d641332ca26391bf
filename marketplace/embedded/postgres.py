"""A PostgreSQL of our own: password, 127.0.0.1 only, never root.

The server outlives the process that starts it, so that whoever comes next may use it; the last user stops it.
Killed at any moment it loses nothing that was committed, and the next start repairs what is left.
"""

import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT
from typing import Any

from marketplace.embedded import binaries, kept, processes
from marketplace.embedded.places import claim
from marketplace.embedded.telling import CannotGoOn, last_lines, turn_over

NAME = "market"
RETRY_SECONDS = 60.0
STATUS_LINE = 7  # of postmaster.pid, counted from 0
BUILTIN_LOCALES_SINCE = 17
# For throw-away data only: quick, and gone when the machine loses power.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Cluster:
    """One data folder, its port, its passwords, and the server over it.

    A throw-away cluster is built anew when it cannot be used, and its owner may create databases.
    """

    def __init__(
        self,
        home: Path,
        *,
        throw_away: bool = False,
        settings: Mapping[str, str] | None = None,
        debian: Path = binaries.DEBIAN,
    ) -> None:
        claim(home.parent)
        self.home = home = claim(home).resolve()
        self.data = home / "data"
        self.log = claim(home.parent / "log") / f"{home.name}.log"
        self.throw_away = throw_away
        self.settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "timezone": "UTC",
            **(settings or {}),
        }
        self.account = binaries.account_for(self.data)
        if self.account and not binaries.may_enter(self.account, home):
            raise CannotGoOn(
                f"User {self.account.name} may not enter {home}: name another place with DATA_DIR=…"
            )
        try:
            self.programs = binaries.find(home.parent, self.account, major=self._major(), debian=debian)
        except CannotGoOn:
            if not (throw_away and self.data.exists()):
                raise
            shutil.rmtree(self.data)
            self.programs = binaries.find(home.parent, self.account, major=None, debian=debian)
        wanted = {"password": kept.secret(), "superuser_password": kept.secret()}
        self._passwords = kept.keep(home / "passwords.json", wanted)

    @property
    def port(self) -> int | None:
        """The port of the running server, nothing while it cannot be asked."""
        lines = self._pid_file()
        ready = (
            len(lines) > STATUS_LINE
            and lines[STATUS_LINE].strip() == "ready"
            and self._is_ours(int(lines[0]))
        )
        return int(lines[3]) if ready else None

    @property
    def pid(self) -> int | None:
        """The process of the running server."""
        return int(self._pid_file()[0]) if self.port else None

    @property
    def identity(self) -> str:
        """A text that changes when the cluster is built anew."""
        born = (self.data / "PG_VERSION").stat()
        return f"{born.st_ino} {born.st_mtime_ns}"

    @property
    def url(self) -> str:
        """The address of our database, password included.

        :raises CannotGoOn: the server is down.
        """
        if not (port := self.port):
            raise CannotGoOn("PostgreSQL is down.\n" + last_lines(self.log))
        return f"postgresql://{NAME}:{self._passwords['password']}@127.0.0.1:{port}/{NAME}"

    @contextmanager
    def in_use(self) -> Iterator["Cluster"]:
        """Keep the server up inside the block. Whoever leaves last stops it."""
        users = os.open(self.home / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            with self._door():
                fcntl.flock(users, fcntl.LOCK_SH)
                self._start()
            yield self
        finally:
            with self._door():
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass  # somebody else still works here
                else:
                    self._stop()
            os.close(users)

    def revive(self) -> None:
        """Start the server again after it died in use."""
        with self._door():
            self._start()

    def _door(self) -> AbstractContextManager[None]:
        return kept.locked(self.home / "door.lock")

    def _major(self) -> int | None:
        version = self.data / "PG_VERSION"
        return int(version.read_text()) if version.exists() else None

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _is_ours(self, pid: int) -> bool:
        return str(self.data) in processes.command_line(pid) and processes.lives(pid)

    # --- Making ----------------------------------------------------------------------------------------
    def _create(self) -> None:
        """Build the cluster beside its place and move it there when it is whole."""
        for torn in self.home.glob("draft-*"):
            shutil.rmtree(torn, ignore_errors=True)
        work = Path(tempfile.mkdtemp(prefix="draft-", dir=self.home))
        draft, password = work / "data", work / "password"
        draft.mkdir(mode=0o700)
        password.touch(mode=0o600)
        password.write_text(self._passwords["superuser_password"])
        if self.account:
            for path in (work, draft, password):
                os.chown(path, self.account.uid, self.account.gid)

        modern = self.programs.major >= BUILTIN_LOCALES_SINCE
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if modern else []
        safety = ["--no-sync"] if self.throw_away else []
        self._make(
            *("initdb", "-D", draft, "-U", "postgres", f"--pwfile={password}", "--auth=scram-sha-256"),
            *("--encoding=UTF8", "--locale=C.UTF-8", *locale, *safety),
        )
        # The owner of our database is no superuser: what works here works on a server one is given.
        rights = "LOGIN CREATEDB" if self.throw_away else "LOGIN"
        self._make(
            *("postgres", "--single", "-D", draft, "-c", "exit_on_error=true", "postgres"),
            sql=f"CREATE ROLE {NAME} {rights} PASSWORD '{self._passwords['password']}'\n"
            f"CREATE DATABASE {NAME} OWNER {NAME}\n"
            # Tests corrupt rows behind the triggers, to see that the corruption is found.
            + (f"GRANT SET ON PARAMETER session_replication_role TO {NAME}\n" if self.throw_away else ""),
        )
        password.unlink()
        draft.rename(self.data)
        shutil.rmtree(work)

    def _make(self, program: str, *arguments: str | Path, sql: str | None = None) -> None:
        options: dict[str, Any] = {"stdout": PIPE, "stderr": STDOUT, "text": True}
        if sql is not None:
            options["input"] = sql
        done = binaries.run(self.account, self.programs.folder / program, *arguments, **options)
        if done.returncode:
            raise CannotGoOn(f"{program} failed:\n{done.stdout}")

    # --- Starting and stopping -------------------------------------------------------------------------
    def _start(self) -> None:
        if self.port:
            return
        if not self.data.exists():
            self._create()
        self._prepare_log()
        give_up_at = time.monotonic() + RETRY_SECONDS
        # A killed server may linger for some seconds as a zombie or in its last back ends, and hold its lock.
        while not self._try_to_start():
            if self.throw_away and time.monotonic() > give_up_at - RETRY_SECONDS / 2 and not self._at_work():
                shutil.rmtree(self.data)
                self._create()
            elif time.monotonic() > give_up_at:
                raise CannotGoOn("PostgreSQL does not start.\n" + last_lines(self.log))
            time.sleep(0.3)

    def _try_to_start(self) -> bool:
        self._remove_stale_lock()
        known = kept.read(self.home / "port.json").get("port")
        port = int(known) if known and kept.is_free(int(known)) else kept.any_free_port()
        settings = self.settings | {"port": str(port)}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        # Never a pipe for the output: the server would inherit it, and its reader would wait for ever.
        binaries.run(
            self.account,
            *(self.programs.folder / "pg_ctl", "start", "-D", self.data, "-w", "-t", "30", "-l", self.log),
            *("-o", options),
            stdout=DEVNULL,
            stderr=DEVNULL,
            start_new_session=True,
        )
        if not self.port:
            return False
        kept.write_private(self.home / "port.json", json.dumps({"port": str(self.port)}))
        return True

    def _prepare_log(self) -> None:
        turn_over(self.log)
        self.log.touch(mode=0o600)
        if self.account:
            os.chown(self.log, self.account.uid, self.account.gid)

    def _at_work(self) -> bool:
        return bool(processes.working_in(self.data))

    def _remove_stale_lock(self) -> None:
        """Forget a lock file whose process id now belongs to a stranger: PostgreSQL would wait for it for ever."""
        lines = self._pid_file()
        if lines and lines[0].strip().isdigit() and processes.lives(int(lines[0])) and not self._at_work():
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _stop(self) -> None:
        if not self._pid_file():
            return
        binaries.run(
            self.account,
            *(self.programs.folder / "pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", "60"),
            stdout=DEVNULL,
            stderr=DEVNULL,
        )
        if self.pid:
            raise CannotGoOn("PostgreSQL does not stop.\n" + last_lines(self.log))
