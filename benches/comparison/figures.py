"""Figures over the rounds: medians, spread, and what went wrong."""

import statistics

# Share of failed requests above which a figure isn't comparable.
TOLERABLE = 0.01


def sound_rounds(results, row, server):
    return [r for r in results["rows"].get(row, {}).get(server, []) if "failed" not in r or is_count(r["failed"])]


def is_count(failed):
    """The load client counts failed requests under the name that holds the reason of a failed round."""
    return not isinstance(failed, str)


def median(results, row, server, key):
    """The median over the rounds that worked; `None` if there is none."""
    if key.startswith("p") and key[1:].isdigit() and not holds(results, row, server):
        return None
    values = [r[key] for r in sound_rounds(results, row, server) if key in r]
    return statistics.median(values) if values else None


def spread(results, row, server, key):
    """Half the way from the lowest to the highest round, as a share of the median."""
    values = [r[key] for r in sound_rounds(results, row, server) if key in r]
    if len(values) < 2 or not statistics.median(values):
        return None
    return (max(values) - min(values)) / 2 / statistics.median(values)


def holds(results, row, server):
    """Whether so few requests failed that the latencies of the others say something."""
    rounds = sound_rounds(results, row, server)
    failed = sum(errors_of(r) for r in rounds)
    return failed <= TOLERABLE * sum(r.get("requests", 0) for r in rounds)


def errors_of(one):
    return max(one.get("errors", 0), one["failed"] if is_count(one.get("failed", "")) else 0)


def remark(results, row, server):
    """What a reader must know of these figures; mostly nothing."""
    rounds = results["rows"].get(row, {}).get(server, [])
    remarks = []
    reasons = [r["failed"] for r in rounds if not is_count(r.get("failed", 0))]
    if reasons:
        remarks.append(f"{len(reasons)} of {len(rounds)} rounds failed: {reasons[0]}")
    errors = sum(errors_of(r) for r in rounds)
    if errors:
        remarks.append(f"{errors:,} requests failed")
    if sum(r.get("left_open", 0) for r in rounds):
        remarks.append("doesn't say that it closes, so the client does")
    return "; ".join(remarks)
