"""The rows: what is done to a server, and what is measured meanwhile.

Latencies are in microseconds, memory in KiB.
"""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from . import clients

# How many rounds a row gets whose figures are steady, or that takes long.
FEW = 3


@dataclass
class Needs:
    """What a server must be told for a row; `None` leaves it its own setting."""

    # Calls that block at the same time.
    blocking: int | None = None
    # Connections at the same time.
    connections: int | None = None
    # No work that depends on time: instructions are counted.
    steady: bool = False


@dataclass
class Row:
    name: str
    title: str
    # Takes the process and the seconds to measure; returns figures by name.
    measure: Callable
    needs: Needs = field(default_factory=Needs)
    # The most rounds; `None` for all.
    rounds: int | None = None


def warm_up(process, connections=64):
    """About half a second of 8,000 requests a second, of which a slow server answers as many as it can."""
    clients.load("rate", process.port, "/health", connections, 0.5, 8000)


def with_cost(process, load):
    """What `load` measures, and the CPU time and memory of the server."""
    before = process.cpu_seconds()
    result = load()
    cpu = process.cpu_seconds() - before
    result["cpu"] = cpu / max(1, result["requests"]) * 1e6
    result["peak"] = process.memory("VmHWM")
    return result


def closed_loop(path, connections, pipelined=1):
    def measure(process, seconds):
        warm_up(process, min(connections, 64))
        return with_cost(process, lambda: clients.wrk(process.port, path, connections, seconds, pipelined))

    return measure


def sleepers(connections):
    """Each connection asks again when it has its answer, so a server with a thread for each can do
    `connections / 50 ms`. The first second starts the threads and isn't measured."""

    def measure(process, seconds):
        clients.wrk(process.port, "/sleep", connections, 1)
        return with_cost(process, lambda: clients.wrk(process.port, "/sleep", connections, seconds))

    return measure


def constant_rate(process, seconds):
    warm_up(process)
    result = with_cost(process, lambda: clients.load("rate", process.port, "/health", 64, seconds, 20_000))
    result["errors"] = 0 if result["requests"] else result["failed"]
    return result


def connection_per_request(process, seconds):
    warm_up(process)
    result = with_cost(process, lambda: clients.load("close", process.port, "/health", 16, seconds, 20_000 * seconds))
    result["errors"] = result["failed"]
    return result


def mix(process, seconds):
    """The slow load begins a second earlier and ends a second later than the fast one."""
    warm_up(process, 16)
    slow = clients.start_wrk(process.port, "/sleep", 200, seconds + 2)
    time.sleep(1)
    fast = clients.wrk(process.port, "/health", 16, seconds)
    slow = clients.finish_wrk(slow)
    fast["slow"] = slow["rps"]
    fast["errors"] += slow["errors"]
    return fast


def idle(process, seconds):
    """10,000 connections that have each been used once, and traffic on 64 others."""
    before = process.memory("VmRSS")
    connections = []
    try:
        for _ in range(10_000):
            connections.append(used_connection(process.port))
        resident = process.memory("VmRSS")
        result = with_cost(process, lambda: clients.wrk(process.port, "/health", 64, seconds))
        result["resident"] = resident
        result["each"] = (resident - before) / len(connections)
        closed = sum(not is_open(connection) for connection in connections)
        if closed:
            result["failed"] = f"closed {closed} of {len(connections)} idle connections"
        return result
    except OSError as error:
        raise OSError(f"{error} after {len(connections)} connections") from error
    finally:
        for connection in connections:
            connection.close()


def used_connection(port):
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    received = b""
    while b"}" not in received:
        part = connection.recv(4096)
        if not part:
            connection.close()
            raise OSError("closed a new connection")
        received += part
    connection.setblocking(False)
    return connection


def is_open(connection):
    try:
        return bool(connection.recv(1))
    except BlockingIOError:
        return True
    except OSError:
        return False


ROWS = [
    Row("health-1", "GET /health, 1 connection", closed_loop("/health", 1)),
    Row("health-64", "GET /health, 64 connections", closed_loop("/health", 64)),
    Row("health-512", "GET /health, 512 connections", closed_loop("/health", 512)),
    Row("users-64", "GET /users/42, 64 connections", closed_loop("/users/42", 64)),
    Row("rate", "GET /health, 20,000 requests a second over 64 connections", constant_rate),
    Row("pipelined", "GET /health, 64 connections, 16 requests at once", closed_loop("/health", 64, pipelined=16)),
    Row("close", "GET /health, a connection for each request, 16 at a time", connection_per_request),
    Row("mix", "200 connections on /sleep, 16 on /health", mix, Needs(blocking=300), FEW),
    Row("sleep-100", "GET /sleep, 100 connections", sleepers(100), Needs(blocking=110), FEW),
    Row("sleep-1000", "GET /sleep, 1,000 connections", sleepers(1000), Needs(blocking=1010), FEW),
    Row("idle", "10,000 idle connections, and GET /health on 64 others", idle, Needs(connections=20_000), FEW),
]
