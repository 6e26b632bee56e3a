"""The command line, and the order in which everything is measured."""

import argparse
import datetime
import json
import pathlib
import sys
import time

from . import chart, check, hello, instructions, machine, report, rows, servers
from .process import Server as Process
from .process import FILES, raise_file_limit

HERE = pathlib.Path(__file__).parent.parent


def arguments():
    parser = argparse.ArgumentParser(
        prog="benches/run",
        description="Compares mini-spring with other servers, and writes results.json, results.md and chart.svg.",
        epilog=f"Servers: {', '.join(s.name for s in servers.SERVERS)}. Rows: {', '.join(all_rows())}. "
        "What is quick or only a part is written to benches/partial/, so that it doesn't replace a full run.",
    )
    names = lambda text: [name for name in text.split(",") if name]
    parser.add_argument("--only", type=names, metavar="NAME,..", help="only these servers")
    parser.add_argument("--rows", type=names, metavar="NAME,..", help="only these rows")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of each row; slow rows and servers have fewer")
    parser.add_argument("--seconds", type=int, default=2, help="how long each round of a row measures")
    parser.add_argument("--quick", action="store_true", help="one round of one second, to see that everything works")
    parser.add_argument("--report", action="store_true", help="make table and chart again from results.json")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds = 1, 1
    for known, wanted in ((all_rows(), options.rows), ([s.name for s in servers.SERVERS], options.only)):
        unknown = set(wanted or []) - set(known)
        if unknown:
            parser.error(f"expected some of {', '.join(known)}, found {', '.join(sorted(unknown))}")
    if options.rounds < 1 or options.seconds < 1:
        parser.error("expected at least one round and one second")
    return options


def all_rows():
    return [row.name for row in rows.ROWS] + [instructions.NAME, hello.NAME]


def main():
    options = arguments()
    partial = options.quick or options.only or options.rows
    folder = HERE / "partial" if partial else HERE
    folder.mkdir(exist_ok=True)
    if not options.report:
        missing = machine.missing_tools()
        for line in missing.values():
            print(line, file=sys.stderr)
        if "wrk" in missing:
            return 1
        run(options, missing, folder / "results.json")
    results = json.loads((folder / "results.json").read_text())
    (folder / "results.md").write_text(report.markdown(results))
    (folder / "chart.svg").write_text(chart.svg(results))
    print(f"written: results.md and chart.svg in {folder.relative_to(HERE.parent)}/")
    return 0


def run(options, missing, file):
    """Builds, checks and measures; what is known so far is in `file` after each step."""
    start = time.monotonic()
    if (files := raise_file_limit()) < FILES:
        say(f"only {files:,} open files are allowed (ulimit -Hn): the row `idle` may need {FILES:,}")
    chosen = [s for s in servers.SERVERS if not options.only or s.name in options.only]
    wanted = options.rows or all_rows()
    results = {
        "date": datetime.date.today().isoformat(),
        "machine": machine.describe(),
        "settings": {"rounds": options.rounds, "seconds": options.seconds},
        "servers": {},
        "rows": {},
    }

    def save():
        results["minutes"] = round((time.monotonic() - start) / 60, 1)
        file.write_text(json.dumps(results, indent=1) + "\n")

    servers.build_load()
    sound = []
    for server in chosen:
        results["servers"][server.name] = state = prepare(server)
        if "unusable" in state:
            say(f"{server.label}: {state['unusable']}")
        else:
            sound.append(server)
        save()
    measure_rounds([row for row in rows.ROWS if row.name in wanted], sound, options, results, save)
    rust = [server for server in sound if server.rust]
    if instructions.NAME in wanted and "valgrind" not in missing:
        results["rows"][instructions.NAME] = each(instructions.NAME, rust, instructions.measure)
        save()
    if hello.NAME in wanted:
        results["rows"][hello.NAME] = each(hello.NAME, rust, hello.measure)
        save()
    say(f"took {results['minutes']} minutes")


def prepare(server):
    """Builds and checks a server; a state that says why, if it can't be used."""
    state = {"label": server.label, "notes": server.notes}
    try:
        say(f"building {server.label}")
        server.build()
        state["version"] = server.version()
        with Process(server, rows.Needs()) as process:
            state["fields"], faults = check.check(process.port)
        if faults:
            state["unusable"] = "answers wrongly: " + "; ".join(faults)
    except (servers.Unavailable, OSError) as error:
        state["unusable"] = str(error)
    return state


def measure_rounds(wanted, sound, options, results, save):
    """Round by round, in each row by row, in each server by server, each time from another one on."""
    for number in range(options.rounds):
        turn = number % max(1, len(sound))
        for row in wanted:
            if number >= (row.rounds or options.rounds):
                continue
            measured = results["rows"].setdefault(row.name, {})
            for server in sound[turn:] + sound[:turn]:
                if number < (server.rounds or options.rounds):
                    measured.setdefault(server.name, []).append(one_round(row, server, options.seconds))
            say(f"round {number + 1} of {options.rounds}: {row.name}")
            save()


def one_round(row, server, seconds):
    try:
        with Process(server, row.needs) as process:
            return row.measure(process, seconds)
    except Exception as error:  # whatever it is, the other servers are still measured, and the table says it
        say(f"{row.name}, {server.label}: {error!r}")
        return {"failed": str(error) or repr(error)}


def each(name, sound, measure):
    """A row that is measured once for each server."""
    measured = {}
    for server in sound:
        say(f"{name}: {server.label}")
        try:
            measured[server.name] = [measure(server)]
        except Exception as error:  # as above
            say(f"{name}, {server.label}: {error!r}")
            measured[server.name] = [{"failed": str(error) or repr(error)}]
    return measured


def say(line):
    print(f"{datetime.datetime.now():%H:%M:%S}  {line}", flush=True)
