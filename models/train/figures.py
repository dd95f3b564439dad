"""The figures of a card, all of them as `inspect` tells them. Needs no package beside Python's own."""

import hashlib
import json
import os
import re
import shlex
import subprocess

from .packages import HERE

MODELS = HERE.parent
# The program that measures; a built one by the environment, such as INSPECT=target/release/inspect.
INSPECT = shlex.split(os.environ.get("INSPECT", "cargo run --quiet --release --bin inspect --"))
MODERATE = 1.25  # times the MACs of layer by layer


def inspect(*arguments):
    found = subprocess.run([*INSPECT, *map(str, arguments), "--json"], cwd=MODELS.parent, check=True,
                           capture_output=True, text=True)
    return json.loads(found.stdout)


def figures(file, schedules=()):
    """What a card says of a file's size and memory; `schedules` are words, stage end and grid of patched ones."""
    report = inspect("report", file)
    front = inspect("search", file)["pareto"]
    in_patches = [point for point in front if point["schedule"]["kind"] == "patched"]
    patched = []
    if in_patches:
        patched.append(_patched("the smallest arena of all grids up to 8x8", min(in_patches, key=_arena)))
    moderate = [point for point in in_patches if point["macs_ratio"] <= MODERATE]
    if moderate:
        patched.append(_patched(f"the smallest arena for at most {MODERATE} times the MACs", min(moderate, key=_arena)))
    for words, stage_end, grid in schedules:
        plan = inspect("patch", file, "--stage-end", stage_end, "--grid", grid)
        ratio = plan["macs"] / plan["macs_layerwise"]
        patched.append(_patched(words, plan["choice"] | plan | {"macs_ratio": ratio}))
    told = {name: report[name] for name in ("file_bytes", "sha256", "macs", "flash_bytes", "peak_bytes",
                                            "peak_operator", "arena_bytes")}
    assert told["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    return told | {"patched": patched}


def _arena(point):
    return point["arena_bytes"], point["macs"]


def _patched(words, point):
    schedule = {name: point["schedule"][name] for name in ("kind", "stage_end", "rows", "columns", "input_image")}
    return {"what": words, "schedule": schedule, "arena_bytes": point["arena_bytes"], "macs": point["macs"],
            "macs_ratio": point["macs_ratio"]}


def to_json(value):
    """JSON with each list of plain values on one line."""
    one_line = lambda found: " ".join(found.group().split()).replace("[ ", "[").replace(" ]", "]")
    return re.sub(r"\[[^\[\]{}]*\]", one_line, json.dumps(value, indent=1, ensure_ascii=False)) + "\n"
