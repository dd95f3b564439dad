"""Records what TensorFlow Lite Micro computes with this folder's models, tensor by tensor.

    python -m venv .venv-golden && .venv-golden/bin/pip install -r requirements-golden.txt
    .venv-golden/bin/python make_golden.py [KEY ...]

Writes tests/it/data/KEY.golden.json: for the untrained networks seeded noise and a picture, for each model with a card
its sample inputs; of each the SHA-256 of every operator's output and the bytes of the model's answer.
The project's own engine must give the same bytes. Where a training has just left its test inputs and
the engine's answers in train/.cache, the first 200 of them are compared too, and the card told.
"""

import hashlib
import importlib.metadata
import json
import pathlib
import re
import struct
import sys
import wave
import zlib

import numpy as np
from tflite_micro.python.tflite_micro import runtime
from tflite_micro.tensorflow.lite.micro.python import schema_py_generated as schema

from train import log_mel

HERE = pathlib.Path(__file__).resolve().parent
UNTRAINED = ("mobilenet_v2_035_96", "mobilenet_v2_035_144")
SAMPLE = HERE / "samples/cat.png"
GOLDEN = HERE.parent / "tests/it/data"
TESTS = HERE / "train/.cache/tests"
COMPARED = 200
SEED = 1
MASK = 2**64 - 1

NOISE_RULE = (
    "xorshift64*: x = seed * 0x9E3779B97F4A7C15 mod 2^64; per element in row-major order: "
    "x ^= x >> 12; x ^= x << 25; x ^= x >> 27; element = top byte of x * 0x2545F4914F6CDD1D mod 2^64, as int8"
)
PICTURE_RULE = (
    "the 96x96 pixels at left 16, top 16 of the 128x128 RGB picture, not scaled; element = channel - 128"
)
LEVELS_RULE = "level L of 0 to 255 of the picture, not scaled; real = {}, in float32; element = real / scale, rounded " \
              "half away from zero, plus the zero point"
# What a level becomes, by the card's range of values.
RANGES = {
    "-1..1": ("L / 127.5 - 1", lambda levels: levels / np.float32(127.5) - np.float32(1)),
    "0..1": ("L / 255", lambda levels: levels / np.float32(255)),
    "0..255": ("L", lambda levels: levels),
}


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
    """Decodes an 8-bit grey or RGB PNG without interlacing, the only kinds in this folder."""
    data, at, packed = path.read_bytes(), 8, b""
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", body)
            assert (depth, interlace) == (8, 0) and colour in (0, 2)
        packed += body if kind == b"IDAT" else b""
        at += length + 12
    raw, channels = zlib.decompress(packed), 3 if colour == 2 else 1
    stride, rows = width * channels, []
    above = bytes(stride)
    for y in range(height):
        kind, *line = raw[y * (stride + 1) : (y + 1) * (stride + 1)]
        for i in range(stride):
            left, corner = (line[i - channels], above[i - channels]) if i >= channels else (0, 0)
            guess = left + above[i] - corner
            paeth = min((left, above[i], corner), key=lambda value: abs(guess - value))
            line[i] = (line[i] + (0, left, above[i], (left + above[i]) // 2, paeth)[kind]) & 255
        rows.append(line)
        above = line
    return np.array(rows, np.uint8).reshape(height, width, channels)


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
    return re.sub(r"\[[^\[\]{}]*\]", one_line, json.dumps(value, indent=1, ensure_ascii=False)) + "\n"


def read_sample(path):
    """The levels of a picture, or of the picture that the front end makes of a sound."""
    if path.suffix == ".png":
        return read_png(path)
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    return log_mel.levels(samples / 32768)[..., None]


def card_input(card, sample, subgraph):
    """LEVELS_RULE as bytes."""
    tensor = subgraph.tensors[subgraph.inputs[0]]
    levels = read_sample(HERE / sample["file"]).astype(np.float32)
    assert levels.shape == tuple(tensor.shape[1:]), sample
    steps = RANGES[card["input"]["range"]][1](levels) / np.float32(tensor.quantization.scale[0])
    steps = np.copysign(np.floor(np.abs(steps.astype(np.float64)) + 0.5), steps)
    return np.clip(steps + int(tensor.quantization.zeroPoint[0]), -128, 127).astype(np.int8).tobytes()


def cases_of(key, model, graph):
    """Noise, and a picture where it fits, for the untrained networks, or the sample inputs of a card."""
    if key in UNTRAINED:
        shape = graph.subgraphs[0].tensors[graph.subgraphs[0].inputs[0]].shape
        yield case(model, graph, "noise", noise(int(np.prod(shape)), SEED), seed=SEED, rule=NOISE_RULE)
        if shape[1] == 96:
            yield case(model, graph, "picture", picture(), file="models/samples/cat.png", rule=PICTURE_RULE)
        return
    card = json.loads((HERE / f"{key}.json").read_text())
    rule = LEVELS_RULE.format(RANGES[card["input"]["range"]][0])
    if "sound" in card["input"]:
        rule = rule.replace("of the picture, not scaled", "of the sound's spectrogram (models/train/log_mel.py)")
    for sample in card["samples"]:
        data = card_input(card, sample, graph.subgraphs[0])
        name = pathlib.Path(sample["file"]).stem
        yield case(model, graph, name, data, file=f"models/{sample['file']}", rule=rule)


def record(key):
    model = (HERE / f"{key}.tflite").read_bytes()
    graph = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(bytearray(model), 0))
    golden = {
        "producer": "TensorFlow Lite Micro, PyPI tflite-micro, reference kernels on x86-64",
        "version": importlib.metadata.version("tflite-micro"),
        "model": {"file": f"models/{key}.tflite", "sha256": sha256(model)},
        "operator_fields": ["index", "kind", "output tensor", "sha256 of the output's bytes"],
        "cases": list(cases_of(key, model, graph)),
    }
    GOLDEN.mkdir(parents=True, exist_ok=True)
    (GOLDEN / f"{key}.golden.json").write_text(to_json(golden))
    for one in golden["cases"]:
        print(key, one["name"], one["input"]["sha256"][:16], one["output"])
    compare_answers(key, model, graph)


def compare_answers(key, model, graph):
    """The engine's answers to the first of the test inputs against this interpreter's, into the card."""
    inputs, answers = TESTS / f"{key}-1.inputs", TESTS / f"{key}-1.answers"
    if not answers.exists():
        return
    subgraph = graph.subgraphs[0]
    shapes = [subgraph.tensors[tensors[0]].shape for tensors in (subgraph.inputs, subgraph.outputs)]
    inputs = np.frombuffer(inputs.read_bytes(), np.int8).reshape(-1, *shapes[0])[:COMPARED]
    answers = np.frombuffer(answers.read_bytes(), np.int8).reshape(-1, *shapes[1])[:COMPARED]
    interpreter = runtime.Interpreter.from_bytes(model, arena_size=8 << 20)
    equal = 0
    for one, answer in zip(inputs, answers):
        interpreter.set_input(one, 0)
        interpreter.invoke()
        equal += int((interpreter.get_output(0) == answer).all())
    file = HERE / f"{key}.json"
    card = json.loads(file.read_text())
    version = importlib.metadata.version("tflite-micro")
    card["answers_of_tflm"] = {"version": version, "compared": len(inputs), "equal": equal}
    file.write_text(to_json(card))
    print(key, card["answers_of_tflm"])


def main():
    keys = sys.argv[1:] or [*UNTRAINED, *sorted(card.stem for card in HERE.glob("*.json"))]
    for key in keys:
        record(key)


if __name__ == "__main__":
    main()
