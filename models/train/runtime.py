"""TensorFlow as the scripts use it: one thread, so that sums have one order. Import before Keras."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow as tf

from .streams import generator  # for those who import both

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)


def seed(number):
    """Seeds everything that draws, and asks TensorFlow for the same sums every time."""
    tf.keras.utils.set_random_seed(number)
    tf.config.experimental.enable_op_determinism()
