"""The servers we start as our own children: watched, restarted, ended."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from marketplace.embedded import processes
from marketplace.embedded.places import ROOT
from marketplace.embedded.telling import last_lines, say, turn_over

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
CALM_SECONDS = 60.0


class Server:
    """One command that shall run for as long as we do."""

    def __init__(
        self, name: str, command: list[str], *, environment: Mapping[str, str], mark: str, log: Path
    ) -> None:
        self.name = name
        self.deaths = 0
        self.log = log / f"{name}.log"
        self._mark = f"{mark}.{name}"
        self._command = command
        self._environment = {**environment, processes.MARK: self._mark}
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = self._start_again_at = 0.0

    def start(self) -> None:
        """Start the command in a session of its own, so that Ctrl-C reaches only us and we end it in order."""
        turn_over(self.log)
        self._started_at = time.monotonic()
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 (our own words)
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=partial(processes.end_with_parent, os.getpid()),  # noqa: PLW1509 (one thread)
            )

    def watch(self) -> None:
        """Report a death and, after a pause that grows with each one, start again."""
        now = time.monotonic()
        if self._process and (status := self._process.poll()) is not None:
            self._process = None
            # Its children would hold the port and the queue.
            processes.end_carrying(self._mark, patience=0)
            self.deaths = 1 if now - self._started_at > CALM_SECONDS else self.deaths + 1
            pause = min(FIRST_PAUSE * 2 ** (self.deaths - 1), LONGEST_PAUSE)
            self._start_again_at = now + pause
            said = f"The end of {self.log}:\n{last_lines(self.log)}"
            say(f"{self.name} died ({_how(status)}), again in {pause:g} s. {said}")
        elif not self._process and now >= self._start_again_at:
            self.start()
            say(f"{self.name} started again")

    def start_again(self) -> None:
        """End the server and start it again."""
        self.ask_to_end()
        self.end(patience=10)
        self.start()

    def ask_to_end(self) -> None:
        """Let the server finish what it is doing, and then end."""
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def end(self, *, patience: float) -> None:
        """Wait for the end, then make sure that nothing of the server is left."""
        if self._process:
            try:
                self._process.wait(patience)
            except subprocess.TimeoutExpired:
                say(f"{self.name} does not end by itself: ended by force")
                self._process.kill()
                self._process.wait()
            self._process = None
        processes.end_carrying(self._mark, patience=0)


def _how(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"exit code {status}"
