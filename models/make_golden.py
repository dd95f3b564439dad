"""Records what TensorFlow Lite Micro computes with mobilenet_v2_035_96.tflite, tensor by tensor.

    python -m venv .venv-golden && .venv-golden/bin/pip install -r requirements-golden.txt
    .venv-golden/bin/python make_golden.py

Writes tests/it/data/mobilenet_v2_035_96.golden.json: for two inputs, the SHA-256 of every operator's
output and the bytes of the model's answer. The project's own engine must give the same bytes.
"""

import hashlib
import importlib.metadata
import json
import pathlib
import re
import struct
import zlib

import numpy as np
from tflite_micro.python.tflite_micro import runtime
from tflite_micro.tensorflow.lite.micro.python import schema_py_generated as schema

HERE = pathlib.Path(__file__).resolve().parent
MODEL = HERE / "mobilenet_v2_035_96.tflite"
SAMPLE = HERE / "samples/cat.png"
GOLDEN = HERE.parent / "tests/it/data/mobilenet_v2_035_96.golden.json"
SEED = 1
MASK = 2**64 - 1

NOISE_RULE = (
    "xorshift64*: x = seed * 0x9E3779B97F4A7C15 mod 2^64; per element in row-major order: "
    "x ^= x >> 12; x ^= x << 25; x ^= x >> 27; element = top byte of x * 0x2545F4914F6CDD1D mod 2^64, as int8"
)
PICTURE_RULE = (
    "the 96x96 pixels at left 16, top 16 of the 128x128 RGB picture, not scaled; element = channel - 128"
)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def noise(count, seed):
    """NOISE_RULE as bytes."""
    x = seed * 0x9E3779B97F4A7C15 & MASK
    out = bytearray()
    for _ in range(count):
        x ^= x >> 12
        x ^= x << 25 & MASK
        x ^= x >> 27
        out.append((x * 0x2545F4914F6CDD1D & MASK) >> 56)
    return bytes(out)


def read_png(path):
    """Decodes an 8-bit RGB PNG without interlacing, the only kind pictures.py writes."""
    data, at, packed = path.read_bytes(), 8, b""
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", body)
            assert (depth, colour, interlace) == (8, 2, 0)
        packed += body if kind == b"IDAT" else b""
        at += length + 12
    raw = zlib.decompress(packed)
    stride, rows, above = width * 3, [], bytes(width * 3)
    for y in range(height):
        kind, *line = raw[y * (stride + 1) : (y + 1) * (stride + 1)]
        for i in range(stride):
            left, corner = (line[i - 3], above[i - 3]) if i >= 3 else (0, 0)
            guess = left + above[i] - corner
            paeth = min((left, above[i], corner), key=lambda value: abs(guess - value))
            line[i] = (line[i] + (0, left, above[i], (left + above[i]) // 2, paeth)[kind]) & 255
        rows.append(line)
        above = line
    return np.array(rows, np.uint8).reshape(height, width, 3)


def picture():
    """PICTURE_RULE as bytes."""
    return (read_png(SAMPLE)[16:112, 16:112].astype(np.int16) - 128).astype(np.int8).tobytes()


def operator_names(graph):
    names = {value: name for name, value in vars(schema.BuiltinOperator).items() if isinstance(value, int)}
    codes = [names[runtime.get_builtin_code_from_operator_code(code)] for code in graph.operatorCodes]
    return [codes[operator.opcodeIndex] for operator in graph.subgraphs[0].operators]


def run(model, graph, data):
    """Runs the model on `data`; returns each operator's record and the answer's bytes."""
    interpreter = runtime.Interpreter.from_bytes(
        model, arena_size=8 << 20, intrepreter_config=runtime.InterpreterConfig.kPreserveAllTensors)
    subgraph = graph.subgraphs[0]
    shape = subgraph.tensors[subgraph.inputs[0]].shape
    interpreter.set_input(np.frombuffer(data, np.int8).reshape(shape), 0)
    interpreter.invoke()
    records = []
    for index, (operator, kind) in enumerate(zip(subgraph.operators, operator_names(graph))):
        tensor = int(operator.outputs[0])
        records.append([index, kind, tensor, sha256(interpreter.GetTensor(tensor, 0)["tensor_data"].tobytes())])
    return records, interpreter.get_output(0).tobytes()


def case(model, graph, name, data, **how):
    records, answer = run(model, graph, data)
    return {
        "name": name,
        "input": {**how, "sha256": sha256(data)},
        "operators": records,
        "output": [int(value) for value in np.frombuffer(answer, np.int8)],
    }


def to_json(value):
    """JSON with each list of plain values on one line."""
    one_line = lambda found: " ".join(found.group().split()).replace("[ ", "[").replace(" ]", "]")
    return re.sub(r"\[[^\[\]{}]*\]", one_line, json.dumps(value, indent=1)) + "\n"


def main():
    model = MODEL.read_bytes()
    graph = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(bytearray(model), 0))
    subgraph = graph.subgraphs[0]
    tensor = subgraph.tensors[subgraph.inputs[0]]
    golden = {
        "producer": "TensorFlow Lite Micro, PyPI tflite-micro, reference kernels on x86-64",
        "version": importlib.metadata.version("tflite-micro"),
        "model": {"file": f"models/{MODEL.name}", "sha256": sha256(model)},
        "operator_fields": ["index", "kind", "output tensor", "sha256 of the output's bytes"],
        "cases": [
            case(model, graph, "noise", noise(int(np.prod(tensor.shape)), SEED), seed=SEED, rule=NOISE_RULE),
            case(model, graph, "picture", picture(), file="models/samples/cat.png", rule=PICTURE_RULE),
        ],
    }
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    GOLDEN.write_text(to_json(golden))
    for one in golden["cases"]:
        print(one["name"], one["input"]["sha256"][:16], one["output"])


if __name__ == "__main__":
    main()
