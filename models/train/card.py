"""Writes a model's file, its sample inputs and its card; every figure in it comes from `inspect`."""

import dataclasses
import json
import re

import cv2
import numpy as np

from .convert import input_quantization, quantized
from .figures import MODELS, figures, inspect, to_json
from .packages import CACHE


@dataclasses.dataclass(frozen=True)
class Test:
    """Pictures that the network was not trained on."""

    name: str
    how: str
    pictures: np.ndarray
    labels: np.ndarray


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
    place = f"samples/{model.sample_folder or model.key}"
    folder = MODELS / place
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    samples = []
    for label in spread:
        index = int(np.flatnonzero(test.labels == label)[0])
        words = re.sub(r"[^a-z0-9]+", "-", model.labels[label].lower())
        picture = test.pictures[index]
        picture = picture[..., ::-1] if picture.shape[-1] == 3 else picture
        cv2.imwrite(str(folder / f"{words}.png"), picture, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        samples.append({"file": f"{place}/{words}.png", "label": model.labels[label],
                        "answer": model.labels[int(answers[index].astype(int).argmax())]})
    if model.plainest_first:
        samples.sort(key=lambda sample: (MODELS / sample["file"]).stat().st_size)
    return samples
