"""A server that runs, and what the kernel says of it. Counts its child processes in."""

import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import time

TICK = os.sysconf("SC_CLK_TCK")
# Open files of a server and of its client; the idle row needs one for each connection, in rouille two.
FILES = 40_000


def raise_file_limit():
    """As far as this user may, for this process and those it starts; what there is then."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, max(FILES, hard)))
    except (ValueError, PermissionError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """A running server; leaving the `with` ends it."""

    def __init__(self, server, needs, prefix=()):
        self.port = free_port()
        self.needs = needs
        command = [*prefix, *server.command(self.port, needs)]
        # A session of its own, so that its child processes can be ended with it.
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "NODE_ENV": "production"},
        )

    def __enter__(self):
        try:
            self.wait_until_it_listens()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_):
        self.end()

    def wait_until_it_listens(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise OSError(f"ended at its start with status {self.process.returncode}")
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
                return
            except OSError:
                time.sleep(0.02)
        raise OSError("doesn't listen")

    def end(self):
        """SIGTERM, and after five seconds SIGKILL, also to what it started."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()

    def alive(self):
        return self.process.poll() is None

    def processes(self):
        """The ids of its process and of all below it."""
        found = [self.process.pid]
        for pid in found:
            for children in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
                found.extend(int(child) for child in children.read_text().split())
        return found

    def cpu_seconds(self):
        """User and system time so far, of all its threads."""
        total = 0
        for pid in self.processes():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICK

    def memory(self, field):
        """`VmHWM`, the most it ever had resident, or `VmRSS`, what it has now; in KiB."""
        total = 0
        for pid in self.processes():
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            total += int(re.search(rf"{field}:\s+(\d+)", status)[1])
        return total
