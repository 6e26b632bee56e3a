"""What the smallest program costs: seconds of a clean release build, crates, and the size of the binary."""

import os
import pathlib
import subprocess
import tempfile
import time

from .machine import PEERS
from .servers import command

NAME = "hello"


def measure(server):
    package = f"hello-{server.name}"
    tree = command("cargo", "tree", "--locked", "--edges", "normal,build", "--prefix", "none", "--package", package)
    crates = {tuple(line.split()[:2]) for line in tree.splitlines() if line.strip()}
    command("cargo", "fetch", "--locked")
    with tempfile.TemporaryDirectory() as target:
        start = time.monotonic()
        build = ["cargo", "build", "--release", "--quiet", "--locked", "--offline", "--package", package]
        subprocess.run(build, cwd=PEERS, env={**os.environ, "CARGO_TARGET_DIR": target}, check=True)
        seconds = time.monotonic() - start
        binary = (pathlib.Path(target) / "release" / package).stat().st_size
    # The program itself isn't counted.
    return {"seconds": seconds, "crates": len(crates) - 1, "binary": binary / 2**20}
