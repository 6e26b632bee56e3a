"""chart.svg: bars for throughput, CPU time and latency, by hand.

The colours follow the reader's light or dark scheme. Servers stand in the order of their throughput.
"""

from html import escape

from . import figures, report

WIDTH = 800
LABELS = 118  # width of the column of names
GAP = 24
TOP = 92
LINE = 27
BAR = 15
VALUE = 62  # room for the figure behind the longest bar

# Title, its second line, row, key, how it is written, and what stands for a missing figure.
PANELS = [
    ("Requests per second", "GET /health, 64 connections", "health-64", "rps", report.count, "not measured"),
    ("CPU per request, µs", "of the server, same load", "health-64", "cpu", report.tenths, "not measured"),
    ("p99 latency, ms", "at 20,000 requests a second", "rate", "p99", report.milliseconds, "can't keep up"),
]

STYLE = """
  text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: #1f2328; }
  .title { font-size: 17px; font-weight: 600; }
  .head { font-weight: 600; }
  .small, .none { font-size: 11.5px; fill: #59636e; }
  .own { font-weight: 600; }
  .value { font-size: 12px; font-variant-numeric: tabular-nums; }
  .bar { fill: #a9b4c0; }
  .own-bar { fill: #2da44e; }
  .axis { stroke: #d1d9e0; }
  .cut { stroke: #ffffff; stroke-width: 3; }
  .background { fill: #ffffff; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .small, .none { fill: #9198a1; }
    .bar { fill: #57606c; }
    .own-bar { fill: #3fb950; }
    .axis { stroke: #3d444d; }
    .cut { stroke: #0d1117; }
    .background { fill: #0d1117; }
  }
"""


def svg(results):
    names = sorted(
        (name for name, state in results["servers"].items() if "unusable" not in state),
        key=lambda name: -(figures.median(results, "health-64", name, "rps") or 0),
    )
    height = TOP + LINE * len(names) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'role="img" aria-labelledby="title">',
        f"<style>{STYLE}</style>",
        f'<rect class="background" width="{WIDTH}" height="{height}" rx="8"/>',
        text(20, 32, "The same program on each server", "title", identity="title"),
    ]
    parts += [text(20 + LABELS - 10, centre(line) + 4.5, results["servers"][name]["label"], own(name), "end")
              for line, name in enumerate(names)]  # fmt: skip
    width = (WIDTH - 40 - LABELS - GAP * (len(PANELS) - 1)) / len(PANELS)
    for number, description in enumerate(PANELS):
        parts += panel(results, names, description, 20 + LABELS + number * (width + GAP), width)
    parts += [text(20, height - 16, footer(results), "small"), "</svg>"]
    return "\n".join(parts) + "\n"


def footer(results):
    machine, settings = results["machine"], results["settings"]
    rounds = f"medians of up to {settings['rounds']} rounds" if settings["rounds"] > 1 else "one round, to try it out"
    return f"{results['date']}, {machine['cores']} cores shared with the client, {machine['cpu']}, {rounds}"


def panel(results, names, description, left, width):
    """One measure: a bar and a figure for each server."""
    title, subtitle, row, key, write, missing = description
    values = [figures.median(results, row, name, key) for name in names]
    scale = (width - VALUE) / longest(values)
    yield text(left, TOP - 32, title, "head")
    yield text(left, TOP - 16, subtitle, "small")
    yield f'<path class="axis" d="M{left:.1f} {TOP - 4}V{TOP + LINE * len(names)}"/>'
    for line, (name, value) in enumerate(zip(names, values)):
        if value is None:
            measured = figures.sound_rounds(results, row, name)
            yield text(left + 6, centre(line) + 4, missing if measured else "not measured", "none")
            continue
        length = min(value * scale, width - VALUE)
        colour = "own-bar" if own(name) else "bar"
        yield (
            f'<rect class="{colour}" x="{left + 0.5:.1f}" y="{centre(line) - BAR / 2}" '
            f'width="{max(length, 1):.1f}" height="{BAR}" rx="2"/>'
        )
        if value * scale > length + 0.01:
            end = left + length - 14
            yield f'<path class="cut" d="M{end:.1f} {centre(line) + 10}l6 -20"/>'
        yield text(left + max(length, 1) + 6, centre(line) + 4.5, write(value), f"value {own(name)}".strip())


def longest(values):
    """The value of the longest bar: far outliers are cut, so that the others can be told apart."""
    known = sorted(value for value in values if value)
    if not known:
        return 1
    typical = known[len(known) // 2]
    return min(known[-1], 3 * typical)


def own(name):
    return "own" if name == "mini-spring" else ""


def centre(line):
    return TOP + LINE * line + LINE / 2 - 2


def text(x, y, content, kind="", anchor="", identity=""):
    attributes = "".join(
        f' {name}="{value}"' for name, value in (("class", kind), ("text-anchor", anchor), ("id", identity)) if value
    )
    return f'<text x="{x:.1f}" y="{y:.1f}"{attributes}>{escape(content)}</text>'
