"""User-space instructions for a request, counted by callgrind.

They hardly differ from run to run, whatever else the machine does. What the kernel does isn't in them.
"""

import pathlib
import re
import socket
import tempfile

from .process import Server as Process
from .rows import Needs

NAME = "instructions"
WARM, COUNTED = 500, 1000
PATHS = {"health": "/health", "users": "/users/42"}

# About what a browser sends.
REQUEST = (
    "GET {} HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"
    "Accept: application/json, text/html;q=0.9\r\nAccept-Encoding: gzip, deflate, br\r\n"
    "Accept-Language: en-GB,en;q=0.7\r\nConnection: keep-alive\r\n\r\n"
)


def measure(server):
    """The instructions of a run with requests less those of a run without them, for each of them."""
    base = total(server, "/health", 0)
    return {name: (total(server, path, COUNTED) - base) / COUNTED for name, path in PATHS.items()}


def total(server, path, count):
    """All instructions of a run with requests to warm up and `count` others, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "callgrind"
        prefix = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={file}", "--fair-sched=yes"]
        with Process(server, Needs(steady=True), prefix) as process:
            with socket.create_connection(("127.0.0.1", process.port), timeout=30) as connection:
                for number in range(WARM + count):
                    wanted = "/health" if number < WARM else path
                    connection.sendall(REQUEST.format(wanted).encode())
                    read_response(connection)
        counts = re.findall(r"^(?:summary|totals): (\d+)", file.read_text(), re.MULTILINE)
        return int(counts[-1])


def read_response(connection):
    received = b""
    while True:
        part = connection.recv(65536)
        if not part:
            raise OSError("closed the connection")
        received += part
        head, found, body = received.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        if found and length and len(body) >= int(length[1]):
            return
