"""Makes tests/it/data/kernel_vectors.json: single operators, answered by TensorFlow Lite Micro.

Each case is a TensorFlow Lite model of one operator with seeded inputs and constants, run by the
interpreter of the PyPI package tflite-micro (its reference kernels). The JSON holds what a file
says of the operator, the bytes of its tensors in hexadecimal, and the interpreter's answer.

    python3 -m venv venv && venv/bin/pip install -r models/requirements-vectors.txt
    venv/bin/python models/kernel_vectors.py
"""

import json
import math
import pathlib

import flatbuffers
import numpy as np
from tflite_micro.python.tflite_micro import runtime
from tflite_micro.tensorflow.lite.micro.python import schema_py_generated as schema

TARGET = pathlib.Path(__file__).parent.parent / "tests/it/data/kernel_vectors.json"
TYPES = {"int8": np.int8, "int32": np.int32, "float32": np.float32}
rng = np.random.default_rng(20261124)
cases = []


class Tensor:
    """A tensor with its quantization; `values` is None for an output."""

    def __init__(self, shape, scales=(), zero_point=0, values=None, kind="int8", constant=False, axis=0):
        self.shape, self.kind, self.constant, self.axis = list(shape), kind, constant, axis
        self.scales = [float(np.float32(scale)) for scale in np.atleast_1d(scales)]
        self.zero_point = zero_point
        self.values = None if values is None else np.asarray(values, TYPES[kind]).reshape(shape)

    def in_schema(self, buffer):
        tensor = schema.TensorT()
        tensor.shape, tensor.buffer, tensor.name = self.shape, buffer, str(buffer)
        tensor.type = getattr(schema.TensorType, self.kind.upper())
        if self.scales:
            tensor.quantization = schema.QuantizationParametersT()
            tensor.quantization.scale = self.scales
            tensor.quantization.zeroPoint = [self.zero_point] * len(self.scales)
            tensor.quantization.quantizedDimension = self.axis
        return tensor

    def in_json(self):
        return {
            "shape": self.shape,
            "type": self.kind,
            "scales": self.scales,
            "zero_point": self.zero_point,
            "is_constant": self.constant,
            "data": self.values.tobytes().hex(),
        }


def activation(shape, scale=0.1, zero_point=3, values=None):
    """An int8 input: random over all of int8 unless given."""
    values = rng.integers(-128, 128, shape) if values is None else values
    return Tensor(shape, scale, zero_point, values)


def constant(shape, scales=0.1, zero_point=0, values=None, axis=0):
    """An int8 constant, random without -128 unless given."""
    values = rng.integers(-127, 128, shape) if values is None else values
    return Tensor(shape, scales, zero_point, values, constant=True, axis=axis)


def indices(values):
    """An int32 constant: axes, permutations, paddings."""
    return Tensor(np.shape(values), values=values, kind="int32", constant=True)


def bias(scales, count):
    """An int32 bias of the scales input * weights."""
    return Tensor([count], scales, values=rng.integers(-4000, 4000, count), kind="int32", constant=True)


def model_of(operator, options, inputs, output):
    """The bytes of a model of one operator; an input of None is an omitted one."""
    tensors = [tensor for tensor in inputs if tensor is not None] + [output]
    model = schema.ModelT()
    model.version = 3
    model.description = ""
    code = schema.OperatorCodeT()
    code.builtinCode = getattr(schema.BuiltinOperator, operator)
    code.deprecatedBuiltinCode, code.version = code.builtinCode, 1
    model.operatorCodes = [code]
    model.buffers = [schema.BufferT()]
    graph = schema.SubGraphT()
    graph.name, graph.tensors = "main", []
    for tensor in tensors:
        buffer = schema.BufferT()
        if tensor.constant:
            buffer.data = np.frombuffer(tensor.values.tobytes(), np.uint8)
        model.buffers.append(buffer)
        graph.tensors.append(tensor.in_schema(len(model.buffers) - 1))
    step = schema.OperatorT()
    step.inputs = [-1 if tensor is None else tensors.index(tensor) for tensor in inputs]
    step.outputs = [len(tensors) - 1]
    if options is not None:
        step.builtinOptions = options
        step.builtinOptionsType = getattr(schema.BuiltinOptions, type(options).__name__[:-1])
    graph.operators = [step]
    graph.inputs = [n for n, tensor in enumerate(tensors[:-1]) if not tensor.constant]
    graph.outputs = [len(tensors) - 1]
    model.subgraphs = [graph]
    builder = flatbuffers.Builder()
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def case(name, operator, options, inputs, output, kept=None, **described):
    """Runs one model and records it; `kept` are the inputs that the JSON lists."""
    interpreter = runtime.Interpreter.from_bytes(model_of(operator, options, inputs, output), arena_size=1 << 20)
    activations = [tensor for tensor in inputs if tensor is not None and not tensor.constant]
    for position, tensor in enumerate(activations):
        interpreter.set_input(tensor.values, position)
    interpreter.invoke()
    output.values = np.array(interpreter.get_output(0)).reshape(output.shape)
    kept = [tensor for tensor in inputs if tensor is not None] if kept is None else kept
    cases.append({
        "name": name,
        "op": operator,
        "options": described,
        "inputs": [tensor.in_json() for tensor in kept],
        "output": output.in_json(),
    })


def set_options(kind, **fields):
    options = getattr(schema, kind)()
    for name, value in fields.items():
        setattr(options, name, value)
    return options


def fused(name):
    return getattr(schema.ActivationFunctionType, name)


def side(size, kernel, stride, dilation, padding):
    """The output's size along an axis."""
    reach = (kernel - 1) * dilation + 1
    return -(-size // stride) if padding == "SAME" else (size - reach) // stride + 1


def window_options(kind, stride, dilation, padding, act, **more):
    fields = dict(strideH=stride[0], strideW=stride[1], padding=getattr(schema.Padding, padding), **more)
    if dilation is not None:
        fields.update(dilationHFactor=dilation[0], dilationWFactor=dilation[1])
    return set_options(kind, fusedActivationFunction=fused(act), **fields)


def conv(name, size, channels, filters, kernel, stride=(1, 1), dilation=(1, 1), padding="SAME", act="NONE",
         per_channel=True, with_bias=True, output_scale=None, values=None, weights=None):
    """CONV_2D, or DEPTHWISE_CONV_2D where `filters` is "xN" (a depth multiplier)."""
    depthwise = isinstance(filters, str)
    outputs = channels * int(filters[1:]) if depthwise else filters
    taps = kernel[0] * kernel[1] * (1 if depthwise else channels)
    scales = rng.uniform(0.002, 0.02, outputs) if per_channel else 0.01
    shape = [1, *kernel, outputs] if depthwise else [outputs, *kernel, channels]
    entry = activation([1, *size, channels], 0.05, -7, values)
    filter_ = constant(shape, scales, values=weights, axis=3 if depthwise else 0)
    height, width = (side(size[n], kernel[n], stride[n], dilation[n], padding) for n in (0, 1))
    output_scale = output_scale or 0.05 * 0.01 * math.sqrt(taps) * 74 * 74 / 50
    more = dict(depthMultiplier=int(filters[1:])) if depthwise else {}
    kind = "DepthwiseConv2DOptionsT" if depthwise else "Conv2DOptionsT"
    case(name, "DEPTHWISE_CONV_2D" if depthwise else "CONV_2D",
         window_options(kind, stride, dilation, padding, act, **more),
         [entry, filter_, bias(0.05 * np.atleast_1d(scales), outputs) if with_bias else None],
         Tensor([1, height, width, outputs], output_scale, 11),
         stride=stride, dilation=dilation, activation=act)


def convolutions():
    conv("conv, same, odd size", (7, 5), 3, 5, (3, 3))
    conv("conv, same, odd size, stride 2", (7, 5), 3, 5, (3, 3), stride=(2, 2), act="RELU6")
    conv("conv, same, even size, stride 2, even kernel", (6, 8), 2, 3, (2, 4), stride=(2, 2), act="RELU")
    conv("conv, valid, stride 2x3", (9, 11), 4, 3, (2, 3), stride=(2, 3), padding="VALID", act="RELU_N1_TO_1")
    conv("conv, same, dilation 2", (8, 7), 3, 4, (3, 3), dilation=(2, 2))
    conv("conv, valid, dilation 2x3", (9, 10), 2, 3, (3, 3), dilation=(2, 3), padding="VALID")
    conv("conv, pointwise, one scale, no bias", (3, 4), 17, 9, (1, 1), per_channel=False, with_bias=False)
    conv("conv, kernel larger than the map", (2, 3), 5, 2, (5, 7))
    extremes = rng.choice([-128, 127], [1, 5, 5, 8])
    weights = rng.choice([-127, 127], [6, 3, 3, 8])
    conv("conv, extremes", (5, 5), 8, 6, (3, 3), values=extremes, weights=weights)
    conv("conv, multiplier above 1", (4, 4), 1, 3, (1, 1), output_scale=0.00007)
    conv("depthwise, same, odd size, stride 2", (7, 5), 6, "x1", (3, 3), stride=(2, 2), act="RELU6")
    conv("depthwise, multiplier 2", (5, 6), 3, "x2", (3, 3), act="RELU")
    conv("depthwise, multiplier 2, stride 2, valid", (7, 8), 5, "x2", (3, 2), stride=(2, 2), padding="VALID")
    conv("depthwise, multiplier 8 of one channel", (9, 6), 1, "x8", (5, 4), stride=(2, 2))
    conv("depthwise, dilation 2", (8, 9), 4, "x1", (3, 3), dilation=(2, 2), act="RELU_N1_TO_1")
    conv("depthwise, dilation 3x2, valid, multiplier 3", (9, 9), 2, "x3", (3, 3), dilation=(3, 2), padding="VALID")
    # Without a bias this interpreter crashes on DEPTHWISE_CONV_2D.
    conv("depthwise, one scale", (4, 4), 17, "x1", (3, 3), per_channel=False)


def dense():
    for name, batches, depth, outputs, per_channel, zero_point, act, with_bias in [
        ("dense", 1, 33, 7, False, 0, "NONE", True),
        ("dense, weights zero point", 1, 20, 9, False, 5, "RELU", True),
        ("dense, per channel, batch 3", 3, 17, 6, True, 0, "RELU_N1_TO_1", True),
        ("dense, no bias", 2, 15, 5, False, 0, "RELU6", False),
    ]:
        scales = rng.uniform(0.002, 0.02, outputs) if per_channel else 0.0123
        case(name, "FULLY_CONNECTED",
             set_options("FullyConnectedOptionsT", fusedActivationFunction=fused(act)),
             [activation([batches, depth], 0.037, -20), constant([outputs, depth], scales, zero_point),
              bias(0.037 * np.atleast_1d(scales), outputs) if with_bias else None],
             Tensor([batches, outputs], 0.0371 * math.sqrt(depth), -13), activation=act)
    # Many outputs of one scale: the product in float32 matters in few of them.
    case("dense, many outputs", "FULLY_CONNECTED", set_options("FullyConnectedOptionsT"),
         [activation([1, 8], 0.1, 4), constant([400, 8], 0.3), bias(0.1 * 0.3, 400)], Tensor([1, 400], 0.7, 0))


def binary():
    shapes = [([1, 4, 3, 5], [1, 4, 3, 5]), ([1, 4, 3, 5], [1, 1, 1, 5]), ([1, 4, 3, 5], [1, 1, 1, 1]),
              ([1, 4, 1, 5], [1, 1, 3, 5]), ([1, 4, 3, 1], [1, 1, 3, 6]), ([1, 1, 1, 3], [1, 2, 5, 3]),
              ([4, 3, 5], [3, 1]), ([1, 17], [1, 17])]
    scales = [(0.1, 0.1, 0.2), (0.05, 0.13, 0.11), (0.5, 0.001, 0.25), (0.02, 0.03, 0.004)]
    for operator, kind in [("ADD", "AddOptionsT"), ("MUL", "MulOptionsT")]:
        for index, (left, right) in enumerate(shapes):
            a, b, out = scales[index % len(scales)]
            act = ["NONE", "RELU", "RELU6", "RELU_N1_TO_1"][index % 4]
            out = out if operator == "ADD" else a * b * 60
            right_side = constant if index % 3 == 1 else activation
            case(f"{operator} of {left} and {right}", operator,
                 set_options(kind, fusedActivationFunction=fused(act)),
                 [activation(left, a, 9), right_side(right, b, -30)],
                 Tensor(np.broadcast_shapes(left, right), out, -5), activation=act)
        case(f"{operator} with the constant on the left", operator, set_options(kind),
             [constant([1, 2, 3, 4], 0.1, 7), activation([1, 2, 3, 4], 0.2, -1)],
             Tensor([1, 2, 3, 4], 0.2 if operator == "ADD" else 1.0, 2))
        every = np.arange(-128, 128)
        case(f"{operator} of every value", operator, set_options(kind),
             [activation([1, 16, 16, 1], 0.25, 0, every), activation([1, 16, 16, 1], 0.5, 0, rng.permutation(every))],
             Tensor([1, 16, 16, 1], 0.5 if operator == "ADD" else 4.0, 0))


def pools():
    for operator in ("AVERAGE_POOL_2D", "MAX_POOL_2D"):
        for size, channels, kernel, stride, padding, act in [
            ((7, 5), 3, (3, 3), (2, 2), "SAME", "NONE"), ((6, 6), 5, (2, 3), (2, 1), "VALID", "RELU"),
            ((5, 4), 17, (5, 4), (1, 1), "VALID", "RELU6"), ((3, 2), 2, (4, 5), (1, 1), "SAME", "RELU_N1_TO_1"),
            ((9, 9), 1, (1, 1), (3, 3), "SAME", "NONE"),
        ]:
            height, width = (side(size[n], kernel[n], stride[n], 1, padding) for n in (0, 1))
            case(f"{operator} {kernel} over {size}", operator,
                 window_options("Pool2DOptionsT", stride, None, padding, act,
                                filterHeight=kernel[0], filterWidth=kernel[1]),
                 [activation([1, *size, channels], 0.1, -4)], Tensor([1, height, width, channels], 0.1, -4),
                 kernel=kernel, stride=stride, dilation=(1, 1), activation=act)


def reductions():
    for shape, axes, keep, input_scale, output_scale in [
        ([1, 5, 7, 3], [1, 2], True, 0.1, 0.1), ([1, 5, 7, 3], [1, 2], False, 0.1, 0.03),
        ([1, 4, 4, 9], [2, 1], True, 0.11, 0.07), ([1, 3, 4, 6], [3], False, 0.2, 0.1),
        ([2, 3, 4, 5], [0, 2], True, 0.1, 0.02), ([2, 3, 4, 5], [0, 1, 2, 3], True, 0.1, 0.002),
        ([6, 10], [-1], True, 0.1, 0.04), ([3, 7, 2], [1], False, 0.3, 0.2), ([1, 8, 8, 2], [1, 2], True, 0.5, 0.5),
        ([1, 2, 1, 64], [1], True, 0.25, 0.25),
    ]:
        rank = len(shape)
        positive = sorted(axis % rank for axis in axes)
        kept = [1 if axis in positive else size for axis, size in enumerate(shape) if keep or axis not in positive]
        entry = activation(shape, input_scale, -9)
        case(f"MEAN of {shape} over {axes}, keep {keep}", "MEAN", set_options("ReducerOptionsT", keepDims=keep),
             [entry, indices(axes)], Tensor(kept, output_scale, 6), kept=[entry], axes=positive)


def permutations():
    for shape, permutation in [
        ([1, 3, 4, 5], [0, 3, 1, 2]), ([1, 3, 4, 5], [0, 2, 3, 1]), ([2, 3, 4, 5], [3, 2, 1, 0]),
        ([2, 3, 4, 5], [1, 0, 3, 2]), ([2, 3, 4], [2, 0, 1]), ([3, 7], [1, 0]), ([2, 1, 3, 2, 4], [4, 1, 3, 0, 2]),
    ]:
        entry = activation(shape, 0.1, 0)
        case(f"TRANSPOSE of {shape} by {permutation}", "TRANSPOSE", set_options("TransposeOptionsT"),
             [entry, indices(permutation)], Tensor([shape[axis] for axis in permutation], 0.1, 0),
             kept=[entry], permutation=permutation)


def softmaxes():
    ends = rng.choice([-128, 127], [4, 9])
    near = rng.integers(100, 128, [3, 300])
    for name, shape, beta, scale, values in [
        ("random", [5, 11], 1.0, 0.1, None), ("beta 1/2", [4, 10], 0.5, 0.2, None), ("beta 2.5", [4, 10], 2.5, 0.03, None),
        ("small scale", [3, 12], 1.0, 0.0039, None), ("large scale", [3, 12], 1.0, 1.7, None),
        ("extremes", [4, 9], 1.0, 0.05, ends), ("one value", [3, 1], 1.0, 0.1, None), ("map", [1, 3, 2, 6], 1.0, 0.08, None),
        ("every value", [1, 256], 1.0, 0.02, np.arange(-128, 128)), ("many near the maximum", [3, 300], 1.0, 0.005, near),
        ("511 equal values", [1, 511], 1.0, 0.1, np.full(511, 5)),
    ]:
        case(f"SOFTMAX, {name}", "SOFTMAX", set_options("SoftmaxOptionsT", beta=float(np.float32(beta))),
             [activation(shape, scale, 12, values)], Tensor(shape, 1 / 256, -128), beta=float(np.float32(beta)))


def conversions():
    every = np.arange(-128, 128)
    for input_scale, input_zero, output_scale, output_zero in [
        (0.1, 3, 0.1, 3), (0.1, 3, 0.1, -20), (0.25, 0, 0.5, 0), (0.5, -1, 0.25, 4), (0.037, -128, 0.11, 127),
        (0.9, 5, 0.01, -7), (0.001, 0, 0.7, 1), (1 / 3, 2, 1 / 7, -3),
    ]:
        case(f"QUANTIZE {input_scale} to {output_scale}", "QUANTIZE", set_options("QuantizeOptionsT"),
             [activation([1, 16, 16, 1], input_scale, input_zero, every)],
             Tensor([1, 16, 16, 1], output_scale, output_zero))
    for scale, zero_point in [(0.5, -3), (1 / 127, 0), (0.037, 99)]:
        # Quotients beyond int32 are undefined in the engine, so none is here.
        ties = np.concatenate([np.arange(-20, 20) * scale / 2, rng.normal(0, 60 * scale, 90), [1e6, -1e6, 0.0, -0.0]])
        values = np.asarray(ties, np.float32)
        case(f"QUANTIZE from float32 to {scale}", "QUANTIZE", set_options("QuantizeOptionsT"),
             [Tensor([len(values)], values=values, kind="float32")], Tensor([len(values)], scale, zero_point))
        case(f"DEQUANTIZE from {scale}", "DEQUANTIZE", set_options("DequantizeOptionsT"),
             [activation([1, 16, 16, 1], scale, zero_point, every)], Tensor([1, 16, 16, 1], kind="float32"))


def pads():
    for size, above, left, below, right in [((3, 4), 1, 2, 0, 3), ((2, 2), 0, 0, 1, 1), ((1, 5), 2, 0, 0, 0)]:
        entry = activation([1, *size, 3], 0.1, 17)
        case(f"PAD of {size}", "PAD", set_options("PadOptionsT"),
             [entry, indices([[0, 0], [above, below], [left, right], [0, 0]])],
             Tensor([1, size[0] + above + below, size[1] + left + right, 3], 0.1, 17),
             kept=[entry], padding_before=(above, left))


for group in (convolutions, dense, binary, pools, reductions, permutations, softmaxes, conversions, pads):
    group()
lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in cases)
TARGET.write_text(f"[\n{lines}\n]\n")
print(f"{len(cases)} cases, {TARGET.stat().st_size} bytes")
