"""Lets TensorFlow Lite Micro run models with the plans that `inspect export --format tflite` writes.

    python -m venv .venv-tflm && .venv-tflm/bin/pip install -r tests/tflm/requirements.txt
    cargo build --bin inspect
    .venv-tflm/bin/python tests/tflm/offline_plan.py --inspect target/debug/inspect models/*.tflite

For each model, as stored and as written:
  - the outputs are the same bytes, for seeded inputs;
  - with every offset a MiB further on, what the interpreter takes for activations and scratch (its
    "head") is the planned arena and that MiB: so it follows the plan, and the plan is as high as told
    (scratch of its kernels lies in the MiB that is free then);
  - as written, its head is the planned arena, and what scratch finds no gap comes on top: the line
    says how much;
  - tensors, operators and every other metadata entry are read the same by the schema's own reader.
Prints a line a model and exits 1 at the first that differs.
"""

import argparse
import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

import numpy as np
from tflite_micro.python.tflite_micro import runtime
from tflite_micro.tensorflow.lite.micro.python import schema_py_generated as schema

NAME = b"OfflineMemoryAllocation"
SEEDS = (1, 2, 3)
SHIFT = 1 << 20
ARENA_BYTES = 16 << 20


def interpreter(model):
    return runtime.Interpreter.from_bytes(
        model, arena_size=ARENA_BYTES, intrepreter_config=runtime.InterpreterConfig.kAllocationRecording)


def allocations(model):
    """The sizes that the interpreter prints, by name: it has no other way to tell them."""
    kept, heard = os.dup(2), tempfile.TemporaryFile()
    os.dup2(heard.fileno(), 2)
    try:
        interpreter(model).print_allocations()
    finally:
        os.dup2(kept, 2)
        os.close(kept)
    heard.seek(0)
    return {name: int(size) for name, size in re.findall(r"allocation (\w+) (\d+) bytes", heard.read().decode())}


def outputs(model, seed):
    """All outputs for inputs drawn from `seed`."""
    runner, random = interpreter(model), np.random.default_rng(seed)
    graph = schema.Model.GetRootAs(model, 0).Subgraphs(0)
    for position in range(graph.InputsLength()):
        details = runner.get_input_details(position)
        shape, kind = details["shape"], np.dtype(details["dtype"])
        if kind.kind == "f":
            data = random.uniform(-1, 1, shape).astype(kind)
        else:
            limits = np.iinfo(kind)
            data = random.integers(limits.min, limits.max, shape, kind, endpoint=True)
        runner.set_input(data, position)
    runner.invoke()
    return [runner.get_output(position).tobytes() for position in range(graph.OutputsLength())]


def plan_position(model):
    """Where the plan's first integer lies in the file, and how many bytes the plan has."""
    root = schema.Model.GetRootAs(model, 0)
    named = [root.Metadata(i) for i in range(root.MetadataLength()) if root.Metadata(i).Name() == NAME]
    assert len(named) == 1, f"{len(named)} plans in the file"
    buffer = root.Buffers(named[0].Buffer())
    data = buffer.DataAsNumpy().tobytes()
    position = model.index(data)
    assert position % 16 == 0, "the plan is not aligned"
    return position, len(data)


def shifted(model):
    """The file with every planned offset SHIFT bytes further on."""
    position, length = plan_position(model)
    words = list(struct.unpack_from(f"<{length // 4}i", model, position))
    assert words[:2] == [1, 0] and words[2] == len(words) - 3, words[:3]
    words[3:] = [word if word == -1 else word + SHIFT for word in words[3:]]
    return model[:position] + struct.pack(f"<{len(words)}i", *words) + model[position + length:]


def facts(model):
    """What the schema's own reader sees in the file, but for the plan."""
    tree = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0))
    plain = lambda value: value.tolist() if isinstance(value, np.ndarray) else value
    def walk(value):
        if hasattr(value, "__dict__"):
            return {name: walk(field) for name, field in vars(value).items()}
        return [walk(item) for item in value] if isinstance(value, list) else plain(value)
    metadata = [entry for entry in tree.metadata or [] if entry.name != NAME]
    buffers = [None if buffer.data is None else bytes(buffer.data) for buffer in tree.buffers]
    rest = [walk(part) for part in (tree.subgraphs, tree.operatorCodes, tree.signatureDefs or [], metadata)]
    return rest + [tree.version, tree.description, plain(tree.metadataBuffer)], buffers


def check(inspect, path, folder):
    """Checks one model; returns the line to print."""
    written_path = pathlib.Path(folder) / path.name
    command = [inspect, "export", path, "--format", "tflite", "--keep-pad", "--keep-float-boundary",
               "--output", written_path, "--json"]
    summary = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    stored, written = path.read_bytes(), written_path.read_bytes()
    (stored_facts, stored_buffers), (written_facts, written_buffers) = facts(stored), facts(written)
    assert stored_facts == written_facts, "the schema's reader sees another model"
    assert stored_buffers == written_buffers[:len(stored_buffers)], "a buffer has changed"
    before, after, moved = allocations(stored), allocations(written), allocations(shifted(written))
    planned = summary["arena_bytes"]
    assert moved["head"] == planned + SHIFT, f"head {moved['head'] - SHIFT} without scratch, planned {planned}"
    assert after["head"] >= planned, f"head {after['head']}, planned {planned}"
    assert after["tail"] == before["tail"], "the persistent part has changed"
    for seed in SEEDS:
        assert outputs(stored, seed) == outputs(written, seed), f"other outputs for seed {seed}"
    scratch = after["head"] - planned
    return (f"{path.name}: planned {planned} B, head {after['head']} B"
            f"{f' with {scratch} B of scratch on top' if scratch else ''} "
            f"(the interpreter's own plan {before['head']} B), tail {after['tail']} B, outputs equal")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inspect", required=True, type=pathlib.Path, help="the built command line")
    parser.add_argument("models", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for path in arguments.models:
            try:
                print(check(arguments.inspect.resolve(), path, folder), flush=True)
            except (AssertionError, subprocess.CalledProcessError) as error:
                sys.exit(f"{path}: {error}")


if __name__ == "__main__":
    main()
