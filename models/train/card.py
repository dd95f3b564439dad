"""Writes a model's file, its sample inputs and its card; every figure in it comes from `inspect`."""

import dataclasses
import json
import re
import wave

import cv2
import numpy as np

from .convert import input_quantization, quantized
from .figures import MODELS, figures, inspect, to_json
from .log_mel import RATE
from .packages import CACHE


@dataclasses.dataclass(frozen=True)
class Test:
    """Pictures that the network was not trained on; of sounds also what they were made of."""

    name: str
    how: str
    pictures: np.ndarray
    labels: np.ndarray
    sounds: np.ndarray = None  # a second of 16 bits for each picture
    voices: list = None  # who speaks in each


@dataclasses.dataclass(frozen=True)
class Model:
    """All that a card is made of; samples are taken from the first test."""

    key: str
    name: str
    teaches: str
    labels: list
    value_range: str
    fit: str
    preprocessing: str
    data: list
    made_by: str
    network: object
    data_file: bytes
    tests: list
    to_real: object
    notes: tuple = ()
    schedules: tuple = ()  # patched ones to be told beside the smallest: words, stage end, grid
    samples: int = 8
    sample_folder: str = ""  # where not the key: models with one test share its pictures
    plainest_first: bool = False  # samples by the size of their files, not by class: busy scenes pack badly
    drawing: dict = None  # how a drawing is made like the training data, where it can be
    sound: str = ""  # which spectrogram of a second of sound the picture is, where it is one
    sample_labels: list = None  # the classes that samples show, where not spread over all
    sample_voices: object = None  # whether samples of a voice may be given away
    redistributed_from: str = ""  # the key of the network whose receptive field this one has moved


def finish(model):
    """Writes KEY.tflite, samples/KEY/*.png and KEY.json, and prints what was measured."""
    file = MODELS / f"{model.key}.tflite"
    file.write_bytes(model.data_file)
    accuracies, answers = [], []
    for number, test in enumerate(model.tests, 1):
        accuracy, answer = _accuracy(model, file, number, test)
        print(model.key, accuracy, flush=True)
        accuracies.append(accuracy)
        answers.append(answer)
    height, width, channels = model.tests[0].pictures.shape[1:]
    card = {
        "key": model.key, "name": model.name, "teaches": model.teaches, "file": file.name,
        "made_by": f"{model.made_by} (models/train/README.md)", "labels": model.labels,
        "input": {"width": width, "height": height, "channels": "rgb" if channels == 3 else "grey",
                  "range": model.value_range, "fit": model.fit, "preprocessing": model.preprocessing},
        "data": model.data, "accuracy": accuracies, "notes": list(model.notes),
        "figures": figures(file, model.schedules), "samples": _samples(model, answers[0]),
    }
    if model.sound:
        card["input"]["sound"] = model.sound
    if model.drawing:
        card["input"]["drawing"] = model.drawing
    if model.redistributed_from:
        card["redistributed_from"] = model.redistributed_from
    target = MODELS / f"{model.key}.json"
    target.write_text(to_json(card))
    print(json.dumps(card["figures"]), flush=True)


def _accuracy(model, file, number, test):
    """Accuracy of the float network and, by the project's own engine, of the file; its raw answers."""
    folder = CACHE / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    inputs, labels, answers = (folder / f"{model.key}-{number}.{part}" for part in ("inputs", "labels", "answers"))
    real = model.to_real(test.pictures)
    inputs.write_bytes(quantized(real, input_quantization(model.data_file)).tobytes())
    labels.write_bytes(test.labels.astype(np.uint8).tobytes())
    told = inspect("accuracy", file, "--inputs", inputs, "--labels", labels, "--answers", answers)
    order = np.argsort(-model.network.predict(real, batch_size=100, verbose=0), 1, kind="stable")
    hits = order[:, :3] == test.labels[:, None]
    accuracy = {
        "test": test.name, "how": test.how, "n": told["samples"],
        "int8_top1": round(told["top1"], 4), "int8_top3": round(told["top3"], 4),
        "float_top1": round(float(hits[:, 0].mean()), 4), "float_top3": round(float(hits.any(1).mean()), 4),
        "measured_by": "inspect accuracy (int8), Keras (float)",
    }
    return accuracy, np.frombuffer(answers.read_bytes(), np.int8).reshape(len(test.labels), -1)


def _samples(model, answers):
    """The first test picture of some classes, spread over all, whatever was answered."""
    test = model.tests[0]
    spread = np.linspace(0, len(model.labels) - 1, min(model.samples, len(model.labels))).round().astype(int)
    if model.sample_labels:
        spread = [model.labels.index(label) for label in model.sample_labels]
    place = f"samples/{model.sample_folder or model.key}"
    folder = MODELS / place
    folder.mkdir(parents=True, exist_ok=True)
    ending = "wav" if model.sound else "png"
    for old in folder.glob(f"*.{ending}"):
        old.unlink()
    samples = []
    for label in spread:
        index = next(int(one) for one in np.flatnonzero(test.labels == label)
                     if not model.sample_voices or model.sample_voices(test.voices[one]))
        words = re.sub(r"[^a-z0-9]+", "-", model.labels[label].lower())
        file = folder / f"{words}.{ending}"
        if model.sound:
            write_wave(file, test.sounds[index])
        else:
            picture = test.pictures[index]
            picture = picture[..., ::-1] if picture.shape[-1] == 3 else picture
            cv2.imwrite(str(file), picture, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        samples.append({"file": f"{place}/{file.name}", "label": model.labels[label],
                        "answer": model.labels[int(answers[index].astype(int).argmax())]})
    if model.plainest_first:
        samples.sort(key=lambda sample: (MODELS / sample["file"]).stat().st_size)
    return samples


def write_wave(path, samples):
    """A mono file of 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(samples.astype("<i2").tobytes())
