"""wrk and the load client of the workspace, run against a server."""

import json
import pathlib
import re
import subprocess

from .servers import LOAD

SCRIPT = pathlib.Path(__file__).parent / "wrk.lua"


def start_wrk(port, path, connections, seconds, pipelined=1):
    url = f"http://127.0.0.1:{port}{path}"
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(SCRIPT), url, "--", str(pipelined)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def finish_wrk(process):
    """What the script prints at the end: `rps`, `requests`, `errors`, and `p50` and `p99` in µs."""
    out, _ = process.communicate(timeout=120)
    line = re.search(r"^result (.+)$", out, re.MULTILINE)
    if not line:
        raise OSError("wrk couldn't measure it")
    return json.loads(line[1])


def wrk(port, path, connections, seconds, pipelined=1):
    return finish_wrk(start_wrk(port, path, connections, seconds, pipelined))


def load(kind, port, path, connections, seconds, number):
    """The load client, whose documentation says what it does and prints."""
    words = [kind, port, path, connections, seconds, number]
    done = subprocess.run([str(LOAD), *map(str, words)], capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise OSError(done.stderr.strip())
    return json.loads(done.stdout)
