"""From a Keras model to an int8 file, and to the tensors that the file wants."""

import numpy as np

from .runtime import tf
from tensorflow.lite.python import schema_py_generated as schema
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2


def to_int8(model, calibration, name="input"):
    """int8 in and out, weights per channel. A fixed batch of 1 leaves no shape arithmetic in the graph."""
    signature = tf.TensorSpec((1, *model.input_shape[1:]), tf.float32, name=name)
    function = tf.function(lambda x: model(x, training=False)).get_concrete_function(signature)
    # Keras 3 keeps variables as reads of resources, on which calibration fails: freeze them.
    converter = tf.lite.TFLiteConverter.from_concrete_functions([convert_variables_to_constants_v2(function)])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([one[None]] for one in calibration)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    return converter.convert()


def input_quantization(data):
    """Scale, as float32, and zero point of the file's input."""
    graph = schema.ModelT.InitFromPackedBuf(data, 0)
    tensor = graph.subgraphs[0].tensors[graph.subgraphs[0].inputs[0]]
    return np.float32(tensor.quantization.scale[0]), int(tensor.quantization.zeroPoint[0])


def quantized(real, quantization):
    """float32 as int8: rounded half away from zero, as TensorFlow Lite does."""
    scale, zero_point = quantization
    steps = np.asarray(real, np.float32) / scale
    steps = np.copysign(np.floor(np.abs(steps.astype(np.float64)) + 0.5), steps)
    return np.clip(steps + zero_point, -128, 127).astype(np.int8)
