"""The training loop: AdamW, a warm start and a cosine for each phase, weights kept after every epoch."""

import dataclasses
import time

from .runtime import tf
from tensorflow import keras

WEIGHT_DECAY = 1e-3
SMOOTHING = 0.05  # of the labels


@dataclasses.dataclass(frozen=True)
class Phase:
    """A part of the training with a learning rate that rises, then falls to nearly nothing."""

    epochs: int
    rate: float
    batch: int = 48
    side: int = 0  # of the pictures, for networks that take any


def fit(model, phase, epoch_data, checkpoint, name):
    """Trains for one phase; `epoch_data(epoch)` gives inputs in -1..1 and labels, shuffled."""
    step = None
    for epoch in range(phase.epochs):
        start = time.process_time()
        inputs, labels = epoch_data(epoch)
        batches = len(inputs) // phase.batch
        step = step or _step(model, phase, batches * phase.epochs)
        loss = right = 0.0
        for at in range(0, batches * phase.batch, phase.batch):
            batch = slice(at, at + phase.batch)
            one, hits = step(tf.constant(inputs[batch]), tf.constant(labels[batch]))
            loss, right = loss + float(one), right + float(hits)
        model.save_weights(checkpoint)
        seconds = time.process_time() - start
        print(f"{name} epoch {epoch + 1}/{phase.epochs}: loss {loss / batches:.3f}, "
              f"right {right / (batches * phase.batch):.3f}, {seconds:.0f} CPU seconds", flush=True)


def _step(model, phase, steps):
    warm = max(1, steps // 20)
    rate = keras.optimizers.schedules.CosineDecay(phase.rate / 10, steps - warm, 0.02, warmup_target=phase.rate,
                                                  warmup_steps=warm)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY)
    optimizer.build(model.trainable_variables)
    classes = model.output_shape[-1]
    loss_of = keras.losses.CategoricalCrossentropy(label_smoothing=SMOOTHING)

    @tf.function
    def step(inputs, labels):
        with tf.GradientTape() as tape:
            answers = model(inputs, training=True)
            loss = loss_of(tf.one_hot(labels, classes), answers)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        hits = tf.equal(tf.argmax(answers, 1, tf.int32), tf.cast(labels, tf.int32))
        return loss, tf.reduce_sum(tf.cast(hits, tf.float32))

    return step
