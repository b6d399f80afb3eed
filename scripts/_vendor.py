"""Fetches the JavaScript kept in this repository, verifies it and writes it compressed, with a manifest.

A package is taken only when its archive has the hash pinned here and its package.json names the licence pinned here;
the file inside it is stored unchanged but for gzip (level 9, no time stamp). A new version is a new line in PACKAGES:
``npm view NAME@VERSION dist.integrity`` gives its hash.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLOTLY = Path("aftershock/figures/vendor")
AXE = Path("tests/vendor")


@dataclass(frozen=True)
class Package:
    """An npm package of which one file is kept. ``integrity``: the SHA-512 of its archive as npm writes it."""

    name: str
    version: str
    integrity: str
    licence: str
    file: str
    folder: Path


PACKAGES = (
    Package(
        "plotly.js-basic-dist-min",
        "4.1.1",
        "sha512-1oNF8PeQx2hv/y7tqEVWKD3JGwn/MGEMQ8mL9HUwsaqG9FGy/OU5FHUHvzqbqxN4mnwZGI9abTiE775C4kkjMQ==",
        "MIT",
        "plotly-basic.min.js",
        PLOTLY,
    ),
    Package(
        "plotly.js-cartesian-dist-min",
        "4.1.1",
        "sha512-o8GrFeusncwBIxbBynRJpY4pkgVB6caM+JLpwrLYbbsO7dZ8FJ+SVN2Fr+L7kiG/Z6w4P5O0Jus/Qr5EefHVeg==",
        "MIT",
        "plotly-cartesian.min.js",
        PLOTLY,
    ),
    Package(
        "axe-core",
        "4.14.1",
        "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        "MPL-2.0",
        "axe.min.js",
        AXE,
    ),
)


def fetched(package: Package, folder: Path) -> bytes:
    """The package's archive, whose hash is the pinned one."""
    command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    archive = (folder / f"{package.name}-{package.version}.tgz").read_bytes()
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if found != package.integrity:
        sys.exit(f"{package.name} {package.version} has the hash {found}, not the pinned {package.integrity}")
    return archive


def unpacked(package: Package, archive: bytes) -> tuple[bytes, bytes]:
    """The file that is kept, and the licence's text."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        read = {m.name: files.extractfile(m).read() for m in files if m.isfile() and m.name.count("/") == 1}
    licence = json.loads(read["package/package.json"])["license"]
    if licence != package.licence:
        sys.exit(f"{package.name} {package.version} is under {licence}, not {package.licence}")
    return read[f"package/{package.file}"], read["package/LICENSE"]


def entry(package: Package, content: bytes) -> dict[str, object]:
    """What the manifest says of a file; ``traces`` are those that a bundle of plotly.js can draw."""
    facts: dict[str, object] = {
        "package": package.name,
        "version": package.version,
        "licence": package.licence,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    traces = re.findall(rb'moduleType:"trace",name:"([a-z0-9]+)"', content)
    return facts | ({"traces": sorted(t.decode() for t in traces)} if traces else {})


def fetch_all() -> None:
    manifests: dict[Path, dict[str, object]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for package in PACKAGES:
            content, licence = unpacked(package, fetched(package, Path(scratch)))
            folder = ROOT / package.folder
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{package.file}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
            (folder / f"{re.split('[.-]', package.file)[0]}-LICENSE.txt").write_bytes(licence)
            manifests.setdefault(folder, {})[package.file] = entry(package, content)
            print(f"{package.folder / package.file}.gz: {package.name} {package.version}, {package.licence}")
    for folder, manifest in manifests.items():
        (folder / "manifest.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")


def problems() -> list[str]:
    """What is here and is not what the manifest says, one sentence each."""
    found = []
    for package in PACKAGES:
        folder = ROOT / package.folder
        listed = json.loads((folder / "manifest.json").read_text()).get(package.file)
        content = gzip.decompress((folder / f"{package.file}.gz").read_bytes())
        if listed != entry(package, content):
            found.append(f"{package.folder / package.file}.gz is not what its manifest and scripts/_vendor.py say")
    return found


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit("\n".join(problems()) or 0)
    fetch_all()
