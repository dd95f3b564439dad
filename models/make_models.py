"""Makes the three MobileNetV2 files and the sample pictures of this folder (README.md tells what they are).

    python -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/python make_models.py

The networks are untrained: weights are seeded noise. Their batch normalisation, however, is set from
seeded pictures before it is folded, so activations use the int8 range as those of a trained network
do, and the outputs differ from picture to picture. `check` at the end of each model makes sure of it.
"""

import gzip
import hashlib
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"  # its sums depend on the machine's number of threads

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.lite.python import schema_py_generated as schema

import pictures
from train.convert import to_int8

HERE = pathlib.Path(__file__).resolve().parent
SEED = 2018  # the year of the MobileNetV2 paper
SCENES = 32  # pictures behind the batch-norm statistics and the quantization ranges
OPERATORS = {"CONV_2D", "DEPTHWISE_CONV_2D", "ADD", "MEAN", "FULLY_CONNECTED", "SOFTMAX"}
# Expansion, channels, repeats, stride of each stage: table 2 of Sandler et al. 2018.
STAGES = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]


def channels(count, width):
    """The paper's rounding: to a multiple of 8, but never below 90 % of the exact number."""
    rounded = max(8, int(count * width + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * count * width else rounded


def normalised(x, relu):
    """Batch normalisation whose statistics are those of the last batch seen, then ReLU6 if wanted."""
    x = keras.layers.BatchNormalization(momentum=0.0, epsilon=1e-3)(x)
    return keras.layers.ReLU(6.0)(x) if relu else x


def convolution(x, filters, kernel=1, stride=1, relu=True):
    return normalised(keras.layers.Conv2D(filters, kernel, stride, "same", use_bias=False)(x), relu)


def inverted_residual(x, filters, expansion, stride):
    before = x.shape[-1]
    y = convolution(x, before * expansion) if expansion > 1 else x
    y = normalised(keras.layers.DepthwiseConv2D(3, stride, "same", use_bias=False)(y), relu=True)
    y = convolution(y, filters, relu=False)
    return keras.layers.Add()([x, y]) if stride == 1 and before == filters else y


def mobilenet_v2(size, width, classes, head):
    """MobileNetV2 with SAME padding throughout; `head` is the width of the last 1x1, None for none."""
    inputs = keras.layers.Input((size, size, 3))
    x = convolution(inputs, channels(32, width), 3, 2)
    for expansion, count, repeats, stride in STAGES:
        for block in range(repeats):
            x = inverted_residual(x, channels(count, width), expansion, stride if block == 0 else 1)
    if head:
        x = convolution(x, head)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, keras.layers.Dense(classes, activation="softmax")(x))


def seed_weights(model, scenes):
    """Draws all weights from one seeded stream, then fits the statistics to `scenes`."""
    rng = np.random.RandomState(SEED)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            gamma, beta, mean, variance = layer.get_weights()
            gamma = rng.uniform(0.6, 1.4, gamma.shape)
            beta = 0.4 * rng.standard_normal(beta.shape)
            layer.set_weights([gamma, beta, mean, variance])
        elif isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D):
            (kernel,) = layer.get_weights()
            layer.set_weights([rng.standard_normal(kernel.shape)])
    model([scenes], training=True)  # momentum 0: the moving statistics become this batch's
    seed_classifier(model, scenes, rng)


def sign_weights(model, _scenes):
    """Draws only signs: all channels of a layer get the same scale and no bias, so the graph compresses."""
    rng = np.random.RandomState(SEED)
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D | keras.layers.Dense):
            kernel, *bias = layer.get_weights()
            depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
            inputs = 9 if depthwise else kernel[..., 0].size
            layer.set_weights([rng.choice((-1, 1), kernel.shape) * (2 / inputs) ** 0.5, *bias])


def seed_classifier(model, scenes, rng):
    """Gives the logits mean 0 and deviation 2 over `scenes`, so that answers vary yet do not saturate."""
    features = keras.Model(model.inputs, model.layers[-2].output)([scenes], training=False).numpy()
    kernel = rng.standard_normal((features.shape[1], model.output_shape[1]))
    centred = features - features.mean(0)
    kernel *= 2 / (centred @ kernel).std(0)
    model.layers[-1].set_weights([kernel, -features.mean(0) @ kernel])


def greatest_live_set(data):
    """Bytes and operator index of the greatest set of activations alive at once, running in file order."""
    graph = schema.ModelT.InitFromPackedBuf(data, 0)
    subgraph = graph.subgraphs[0]
    size = lambda t: int(np.prod(subgraph.tensors[t].shape))  # int8: one byte per element
    born = {t: -1 for t in subgraph.inputs}
    dies = {t: len(subgraph.operators) for t in subgraph.outputs}
    for index, operator in enumerate(subgraph.operators):
        born.update({t: index for t in operator.outputs})
        dies.update({t: index for t in operator.inputs if t in born and t not in subgraph.outputs})
    alive = lambda index: sum(size(t) for t in born if born[t] <= index <= dies.get(t, born[t]))
    return max((alive(index), -index) for index in range(len(subgraph.operators)))


def operator_names(data):
    graph = schema.ModelT.InitFromPackedBuf(data, 0)
    names = {value: name for name, value in vars(schema.BuiltinOperator).items() if isinstance(value, int)}
    codes = [names[max(code.builtinCode, code.deprecatedBuiltinCode)] for code in graph.operatorCodes]
    return [codes[operator.opcodeIndex] for operator in graph.subgraphs[0].operators]


def check(data, scenes, peak):
    """Asserts the graph's shape and that no activation is dead; prints what it found."""
    assert set(operator_names(data)) <= OPERATORS, operator_names(data)
    bytes_alive, minus_index = greatest_live_set(data)
    assert (bytes_alive, -minus_index) == peak, (bytes_alive, -minus_index)
    interpreter = tf.lite.Interpreter(model_content=data, experimental_preserve_all_tensors=True,
                                      experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero_point = source["quantization"]
    assert (scale, zero_point) == (1 / 128, 0), (scale, zero_point)  # int8 input = channel - 128
    answers, spread = [], {}
    for scene in scenes:
        quantized = np.clip(np.rint(scene / scale) + zero_point, -128, 127).astype(np.int8)
        interpreter.set_tensor(source["index"], quantized[None])
        interpreter.invoke()
        answers.append(interpreter.get_tensor(target["index"])[0].copy())
        for operator in interpreter._get_ops_details():
            output = int(operator["outputs"][0])
            spread.setdefault(output, []).append(len(np.unique(interpreter.get_tensor(output))))
    levels = np.array([np.median(values) for values in spread.values()])[:-2]  # all but the 10 logits and answers
    distinct = len({answer.tobytes() for answer in answers})
    winners = len({int(answer.argmax()) for answer in answers})
    assert distinct == len(scenes) and winners > 1, (distinct, winners)
    assert levels.min() > 30, levels
    print(f"  {len(data)} bytes, {len(levels) + 2} operators, greatest live set {bytes_alive} at #{-minus_index}")
    print(f"  {distinct} different answers, {winners} different winners over {len(scenes)} pictures; "
          f"int8 levels in use per layer: {levels.min():.0f} to {levels.max():.0f}")


def without_weights(data):
    """The same file with every int8 constant's bytes set to zero; scales, shapes and biases stay."""
    data = bytearray(data)
    model = schema.Model.GetRootAs(data, 0)
    subgraph = model.Subgraphs(0)
    for index in range(subgraph.TensorsLength()):
        tensor = subgraph.Tensors(index)
        buffer = model.Buffers(tensor.Buffer())
        if tensor.Type() == schema.TensorType.INT8 and buffer.DataLength():
            buffer.DataAsNumpy()[:] = 0
    return bytes(data)


def make_model(name, peak, scenes, draw_weights, **network):
    """Builds, weights, converts and checks one network; returns the file's bytes."""
    print(name)
    keras.utils.set_random_seed(SEED)
    model = mobilenet_v2(**network)
    drawn = np.stack([pictures.random_scene(network["size"], SEED + k) for k in range(scenes)])
    drawn[0, 0, 0], drawn[0, 0, 1] = 0, 255  # both ends, so that the input's scale is 1/128 exactly
    drawn = ((drawn.astype(np.float32) - 128) / 128).astype(np.float32)
    draw_weights(model, drawn)
    data = to_int8(model, drawn, "picture")
    check(data, drawn[:8], peak)
    return data


def write(path, data):
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    print(f"  {path.relative_to(HERE)}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")


def main():
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()
    for name, draw in pictures.SAMPLES.items():
        write(HERE / f"samples/{name}.png", pictures.png(draw()))
    small = make_model("MobileNetV2 0.35 at 96", (138_240, 4), SCENES, seed_weights, size=96, width=0.35, classes=10, head=None)
    write(HERE / "mobilenet_v2_035_96.tflite", small)
    large = make_model("MobileNetV2 1.0 at 224", (1_505_280, 4), 8, sign_weights, size=224, width=1.0, classes=1000, head=1280)
    graph = gzip.compress(without_weights(large), 9, mtime=0)
    write(HERE / "mobilenet_v2_100_224.graph.tflite.gz", graph)
    medium = make_model("MobileNetV2 0.35 at 144", (311_040, 4), SCENES, seed_weights, size=144, width=0.35, classes=10, head=None)
    write(HERE / "mobilenet_v2_035_144.tflite", medium)


if __name__ == "__main__":
    main()
