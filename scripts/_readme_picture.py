"""Draws the picture of the README: the top of a shipped postmortem, as an installed Chromium shows it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from aftershock.output.files import temporary_folder
from aftershock.rendering import batch, jobs, page_picture

TARGET = Path(__file__).resolve().parent.parent / "docs/images/postmortem.png"
DATASET, INCIDENT = "twitter-2023", "tw-2023-02-08"
WIDTH, HEIGHT = 1180, 1752  # pixels: down to the end of the first figure


def main() -> None:
    with temporary_folder("picture") as folder:
        [rendered] = batch.render(jobs.incidents(DATASET, [INCIDENT]), folder)
        if not rendered.ok:
            raise SystemExit(rendered.error)
        command = [
            page_picture.browser(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            f"--user-data-dir={folder / 'profile'}", f"--window-size={WIDTH},{HEIGHT}", "--virtual-time-budget=5000",
            f"--screenshot={TARGET}", (folder / rendered.job.target).as_uri(),
        ]  # fmt: skip
        subprocess.run(command, capture_output=True, timeout=page_picture.PATIENCE, check=True)


if __name__ == "__main__":
    main()
