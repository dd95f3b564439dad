"""Writes the cards of the untrained networks: python -m train.untrained (needs no package)"""

from .figures import MODELS, figures, to_json

PICTURES = ["cat", "cup", "beach", "shapes"]
NOTE = "Untrained: its answers mean nothing. Its memory and speed are those of a trained network, for both follow from " \
       "shapes alone."
TAUGHT = {
    96: "The usual example of a network that just misses 128 KiB layer by layer, and needs a fraction in patches.",
    144: "What larger pictures cost: at 144x144 instead of 96x96 a network has as many weights and more than twice the "
         "activations.",
}


def card(side):
    key = f"mobilenet_v2_035_{side}"
    return {
        "key": key, "name": f"MobileNetV2 0.35 at {side}, untrained", "teaches": TAUGHT[side], "file": f"{key}.tflite",
        "made_by": "python make_models.py (models/README.md)", "labels": [],
        "input": {"width": side, "height": side, "channels": "rgb", "range": "-1..1", "fit": "crop",
                  "preprocessing": f"RGB, {side}x{side}; a level of 0 to 255 divided by 127.5, minus 1."},
        "data": [], "accuracy": [], "notes": [NOTE], "figures": figures(MODELS / f"{key}.tflite"),
        "samples": [{"file": f"samples/{name}.png"} for name in PICTURES],
    }


def main():
    for side in TAUGHT:
        told = card(side)
        (MODELS / f"{told['key']}.json").write_text(to_json(told))


if __name__ == "__main__":
    main()
