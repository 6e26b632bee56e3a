"""The servers: how each is built and started. What they are told is in `rows.Needs`."""

import json
import re
import subprocess
from dataclasses import dataclass

from .machine import PEERS, tool

RELEASE = PEERS / "target" / "release"
LOAD = RELEASE / "load"


class Unavailable(Exception):
    """A server can't be built or started here."""


@dataclass
class Server:
    """A server without a framework's own needs; the classes below differ in how they are built."""

    name: str
    label: str
    # The most rounds it gets; slow servers don't need as many. `None` for all.
    rounds: int | None = None
    # What the reader of the table must know.
    notes: str = ""
    rust: bool = False

    def build(self):
        """Makes it ready to start, or raises `Unavailable`."""
        raise NotImplementedError

    def version(self):
        raise NotImplementedError

    def command(self, port, needs):
        """The words of the command that listens on a port."""
        raise NotImplementedError


@dataclass
class Rust(Server):
    """A package of the workspace that takes the port and the number of threads for blocking calls."""

    rust: bool = True

    def build(self):
        build_package(f"peer-{self.name}")

    def version(self):
        lock = (PEERS / "Cargo.lock").read_text()
        return re.search(rf'name = "{self.name}"\nversion = "(.+)"', lock)[1]

    def command(self, port, needs):
        threads = [str(needs.blocking)] if needs.blocking else []
        return [str(RELEASE / f"peer-{self.name}"), str(port)] + threads


class MiniSpring(Rust):
    def command(self, port, needs):
        options = {"port": port, "host": "127.0.0.1", "access_log": "false"}
        if needs.blocking:
            options["workers"] = needs.blocking
        if needs.connections:
            options["max_connections"] = needs.connections
        if needs.steady:
            options["watchdog_tick"] = 0
        return [str(RELEASE / "peer-mini-spring")] + [f"--server.{key}={value}" for key, value in options.items()]


class Go(Server):
    def build(self):
        command("go", "build", "-trimpath", "-o", "peer", ".", folder=PEERS / "go")

    def version(self):
        return re.search(r"go([\d.]+)", command("go", "version"))[1]

    def command(self, port, needs):
        return [str(PEERS / "go" / "peer"), str(port)]


class Express(Server):
    def build(self):
        command("node", "--version")
        if not (PEERS / "express" / "node_modules").exists():
            command("npm", "install", "--no-audit", "--no-fund", folder=PEERS / "express")

    def version(self):
        package = PEERS / "express" / "node_modules" / "express" / "package.json"
        return f"{json.loads(package.read_text())['version']} on Node {command('node', '--version').strip('v').strip()}"

    def command(self, port, needs):
        return [tool("node"), str(PEERS / "express" / "server.js"), str(port)]


class Flask(Server):
    # Each a process with threads of its own; threads for blocking calls are divided among them.
    PROCESSES = 2

    def build(self):
        command("gunicorn", "--version")

    def version(self):
        flask = re.search(r"Flask ([\d.]+)", command("flask", "--version"))
        gunicorn = re.search(r"version ([\d.]+)", command("gunicorn", "--version"))
        return f"{flask[1]} on gunicorn {gunicorn[1]}"

    def command(self, port, needs):
        threads = -(-needs.blocking // self.PROCESSES) if needs.blocking else 4
        return [
            tool("gunicorn"), "--chdir", str(PEERS / "flask"), "--bind", f"127.0.0.1:{port}",
            "--worker-class", "gthread", "--workers", str(self.PROCESSES), "--threads", str(threads),
            "--worker-connections", "20000", "--backlog", "4096", "--keep-alive", "75",
            "--log-level", "critical", "app:app",
        ]  # fmt: skip


SERVERS = [
    MiniSpring("mini-spring", "mini-spring"),
    Rust("axum", "axum"),
    Rust("actix-web", "actix-web"),
    Rust("ntex", "ntex", notes="runs on io_uring, under which valgrind can't count its instructions"),
    Rust("may_minihttp", "may_minihttp", notes="no router, and `/sleep` sleeps as a coroutine, without a thread"),
    Rust("rocket", "Rocket"),
    Rust("rouille", "rouille"),
    Go("go", "Go net/http", notes="`/sleep` sleeps as a goroutine, without a thread"),
    Express("express", "Express", rounds=3, notes="two processes; `/sleep` is a timer, without a thread"),
    Flask("flask", "Flask", rounds=3, notes="two processes"),
]


def build_load():
    build_package("load")


def build_package(name):
    command("cargo", "build", "--release", "--quiet", "--locked", "--package", name, folder=PEERS)


def command(name, *words, folder=PEERS):
    """What a command prints."""
    path = tool(name)
    if not path:
        raise Unavailable(f"not measured: {name} isn't installed")
    done = subprocess.run([path, *words], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise Unavailable(f"`{name} {' '.join(words)}` failed: {done.stderr.strip()[-500:]}")
    return done.stdout
