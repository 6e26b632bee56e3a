"""results.md: an overview, then a table for each row."""

from . import figures, hello, instructions, rows

NONE = "–"


def count(value):
    return f"{value:,.0f}"


def tenths(value):
    return f"{value:,.1f}"


def milliseconds(value):
    """Of microseconds, in three digits or so."""
    digits = 3 if value < 1000 else 2 if value < 10_000 else 1 if value < 100_000 else 0
    return f"{value / 1000:,.{digits}f}"


def mebibytes(value):
    """Of KiB."""
    return f"{value / 1024:,.1f}"


# Title, key, how it is written, and which is the best: `max`, `min` or none.
RATE = ("req/s", "rps", count, max)
CPU = ("CPU µs / request", "cpu", tenths, min)
P50 = ("p50 ms", "p50", milliseconds, min)
P99 = ("p99 ms", "p99", milliseconds, min)
PEAK = ("peak MiB", "peak", mebibytes, min)

USUAL = [RATE, CPU, P50, P99, PEAK]
COLUMNS = {
    "rate": [
        ("req/s", "rps", count, None), CPU, P50, P99, ("client late p99 ms", "late_p99", milliseconds, None), PEAK,
    ],  # fmt: skip
    # wrk's latencies are of nothing here: it takes each answer of a batch for an exchange of its own.
    "pipelined": [RATE, CPU, PEAK],
    "mix": [("/health req/s", "rps", count, max), P50, P99, ("/sleep req/s", "slow", count, max)],
    "idle": [("resident MiB", "resident", mebibytes, min), ("KiB / connection", "each", tenths, min), RATE, P99],
    instructions.NAME: [("/health", "health", count, min), ("/users/42", "users", count, min)],
    hello.NAME: [
        ("clean release build s", "seconds", tenths, min),
        ("crates", "crates", count, min),
        ("binary MiB", "binary", tenths, min),
    ],
}

TITLES = {row.name: row.title for row in rows.ROWS} | {
    instructions.NAME: "User-space instructions for a request",
    hello.NAME: "The smallest program",
}

# Title, row, key, how it is written, and which is the best.
OVERVIEW = [
    ("req/s", "health-64", "rps", count, max),
    ("CPU µs / request", "health-64", "cpu", tenths, min),
    ("p99 ms at 20,000/s", "rate", "p99", milliseconds, min),
    ("mix: /health req/s", "mix", "rps", count, max),
    ("mix: p99 ms", "mix", "p99", milliseconds, min),
    ("1,000 × /sleep req/s", "sleep-1000", "rps", count, max),
    ("10,000 idle MiB", "idle", "resident", mebibytes, min),
    ("instructions", instructions.NAME, "health", count, min),
    ("build s", hello.NAME, "seconds", tenths, min),
]


def markdown(results):
    parts = [heading(results), overview(results)]
    parts += [table(results, name, title) for name, title in TITLES.items() if name in results["rows"]]
    parts.append(notes(results))
    return "\n".join(part for part in parts if part)


def heading(results):
    machine, settings = results["machine"], results["settings"]
    return f"""# Results

{results["date"]}, {machine["cores"]} cores of {machine["cpu"]}, {machine["memory"]}, Linux {machine["kernel"]}, \
Rust {machine["rustc"]}; medians of up to {settings["rounds"]} rounds of {settings["seconds"]} s. The client runs on
the same cores. [README.md](README.md) says what each row means, and how to repeat it. **Bold** is the best of a column.
"""


def overview(results):
    columns = [column for column in OVERVIEW if column[1] in results["rows"]]
    if not columns:
        return ""
    values = {
        name: [figures.median(results, row, name, key) for _, row, key, _, _ in columns] for name in results["servers"]
    }
    lines = grid(results, [(title, write, best) for title, _, _, write, best in columns], values, {})
    return "## Overview\n\n" + lines


def table(results, row, title):
    """One row of the comparison, with a line for each server."""
    columns = COLUMNS.get(row, USUAL)
    values, remarks = {}, {}
    for name, state in results["servers"].items():
        if name not in results["rows"][row] and "unusable" not in state:
            continue
        values[name] = [figures.median(results, row, name, key) for _, key, _, _ in columns]
        remarks[name] = state.get("unusable") or figures.remark(results, row, name)
    shown = [(heading, write, best) for heading, _, write, best in columns]
    spreads = {name: figures.spread(results, row, name, "rps") for name in values}
    if any(spread is not None for spread in spreads.values()):
        shown.append(("± req/s", "{:.0%}".format, None))
        values = {name: [*line, spreads[name]] for name, line in values.items()}
    comparable = {name: figures.holds(results, row, name) for name in values}
    return f"## {title}\n\n" + grid(results, shown, values, remarks, comparable)


def grid(results, columns, values, remarks, comparable=None):
    """A Markdown table; a value that isn't comparable is never the best."""
    comparable = comparable or {}
    best = []
    for index, (_, write, choose) in enumerate(columns):
        fair = [line[index] for name, line in values.items() if line[index] is not None and comparable.get(name, True)]
        best.append(write(choose(fair)) if choose and len(fair) > 1 else None)
    titles = ["", *(title for title, _, _ in columns)]
    rule = ["---", *("---:" for _ in columns)]
    with_remarks = any(remarks.values())
    lines = [titles + [""] * with_remarks, rule + ["---"] * with_remarks]
    for name, line in values.items():
        cells = [results["servers"][name]["label"]]
        for value, (_, write, _), top in zip(line, columns, best):
            text = NONE if value is None else write(value)
            cells.append(f"**{text}**" if text == top and comparable.get(name, True) else text)
        lines.append(cells + [remarks.get(name, "").replace("\n", " ").replace("|", "\\|")] * with_remarks)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def notes(results):
    lines = ["## Servers\n", "| | version | fields of an answer | |", "|---|---|---|---|"]
    for state in results["servers"].values():
        remark = state.get("unusable") or state["notes"]
        fields = ", ".join(state.get("fields", []))
        lines.append(f"| {state['label']} | {state.get('version', NONE)} | {fields} | {remark} |")
    return "\n".join(lines) + "\n"
