"""The process from which readers are forked: it has loaded the libraries, so that they share them.

Python's own (`multiprocessing`) needs a second process for semaphores that we do not have, takes 6
MB for it, and hands the environment on with all its secrets.
"""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from crawler.frozen import dataclass

_NEEDED = frozenset({"PATH", "HOME", "LANG", "TZ", "TMPDIR", "VIRTUAL_ENV"})
_NEEDED_KINDS = ("PYTHON", "LC_", "LD_")
_PROGRAM = "import sys; sys.path[:] = {path}; from {module} import serve; serve({number})"
_SIZE = struct.Struct("!Q")
# What a terminal or a service manager sends to all processes at once: those here end with their
# connections. SIGHUP has the daemon read its files again.
_TO_ALL = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_WAIT = 0.002  # seconds between two looks whether a process is gone
# Seconds; chosen: so long a server may load the libraries, and one that has them may take to fork.
_LOADED_WITHIN, _FORKED_WITHIN = 120.0, 20.0
_GONE_WITHIN = 5.0  # seconds; a process that was killed is gone at once, but for a busy machine


class NoProcessError(Exception):
    """No process could be started; another time it may be possible."""


@dataclass(frozen=True, slots=True)
class Forked:
    """A process that was forked, and our end of its connection, whose end ends the process."""

    pid: int
    connection: socket.socket

    def kill(self) -> None:
        """End the process, whatever it does."""
        # It is not our child, so its number may be another's soon after it has ended. While its end
        # of the connection is open it has not, and nobody else asks for this.
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> None:
        """Wait until the process is gone."""
        until = time.monotonic() + _GONE_WITHIN
        with suppress(ProcessLookupError):
            while time.monotonic() < until:
                os.kill(self.pid, 0)
                time.sleep(_WAIT)


class ForkServer:
    """Starts itself with the first process that is asked for, and again if it has died or hangs.

    `patience` is how many seconds it may take to fork a process once it has loaded the libraries.
    Any thread may ask it. It and what it forks inherit no secret, and ignore the signals that a
    terminal or a service manager sends to all processes at once: they end with their connections.
    """

    def __init__(self, patience: float = _FORKED_WITHIN) -> None:
        self._asking = threading.Lock()
        self._patience = patience
        self._running: tuple[subprocess.Popen[bytes], socket.socket] | None = None

    def fork(self, function: Callable[..., object], *args: object) -> Forked:
        """A process that calls this function of a module with its end of a connection.

        Raises:
            NoProcessError: none could be started, not from a server that was started anew either.
        """
        words = pickle.dumps((sys.path, pickle.dumps((function, args))))
        with self._asking:
            try:
                return self._forked(words)
            except OSError:  # it has died since the last time, or hangs
                self._end()
            try:
                return self._forked(words)
            except OSError as error:
                self._end()
                raise NoProcessError from error

    def rest(self) -> None:
        """End the server if nothing that it has forked is left, to give its memory back."""
        with self._asking:
            if self._running is None:
                return
            _, control = self._running
            with suppress(OSError):  # it has died by itself, or hangs
                control.sendall(_SIZE.pack(0))
                if _number(control.recv(_SIZE.size)):
                    return
            self._end()

    def end(self) -> None:
        """End the server; what it has forked lives on."""
        with self._asking:
            self._end()

    def _end(self) -> None:
        if self._running is None:
            return
        (process, control), self._running = self._running, None
        control.close()
        process.kill()
        process.wait()

    def _forked(self, words: bytes) -> Forked:
        _, control = self._running = self._running or _started()
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(control, [_SIZE.pack(len(words))], [theirs.fileno()])
                control.sendall(words)
                pid = _number(control.recv(_SIZE.size))
            except OSError:
                ours.close()
                raise
        control.settimeout(self._patience)
        return Forked(pid, ours)


def _number(read: bytes) -> int:
    if len(read) < _SIZE.size:
        raise ConnectionResetError
    return int(_SIZE.unpack(read)[0])


def _started() -> tuple[subprocess.Popen[bytes], socket.socket]:
    ours, theirs = socket.socketpair()
    program = _PROGRAM.format(path=sys.path, module=__name__, number=theirs.fileno())
    # The signals are blocked from its first moment on, before it could say that it ignores them.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _TO_ALL)
    try:
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - this program, no shell
                [sys.executable, "-c", program],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=_plain_environment(),
            )
    except BaseException:
        ours.close()
        raise
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    ours.settimeout(_LOADED_WITHIN)
    return process, ours


def _plain_environment() -> dict[str, str]:
    """What Python needs of the environment, without the secrets of channels."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in _NEEDED or name.startswith(_NEEDED_KINDS)
    }


def serve(number: int) -> NoReturn:
    """Fork a process for each that is asked for over this connection, until it ends."""
    for each in (*_TO_ALL, signal.SIGCHLD):
        signal.signal(each, signal.SIG_IGN)  # of children that are ignored none stays as a zombie
    from crawler.reading import preload

    preload.load()
    with (
        socket.socket(fileno=number) as control,
        control.makefile("rb") as words,
        suppress(ConnectionError),  # who asked was killed
    ):
        while True:
            size, connections, *_ = socket.recv_fds(control, _SIZE.size, 1)
            if not size:
                break
            if not (length := _number(size)):
                control.sendall(_SIZE.pack(_has_children()))
                continue
            asked = words.read(length)
            with socket.socket(fileno=connections[0]) as connection:
                if not (pid := os.fork()):
                    # While it was held here, nobody would hear of the server's end.
                    words.close()
                    control.close()
                    _work(asked, connection)
            control.sendall(_SIZE.pack(pid))
    sys.exit()


def _has_children() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


def _work(words: bytes, connection: socket.socket) -> NoReturn:
    """Do what this process was forked for, and end it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    status = 1
    try:
        sys.path[:], task = pickle.loads(words)  # noqa: S301 - our own
        function, args = pickle.loads(task)  # noqa: S301 - found by this path
        function(connection, *args)
        status = 0
    except BaseException:  # noqa: BLE001 - nothing of the server's may run in this process
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


FORKS = ForkServer()
atexit.register(FORKS.end)
