"""Draw the demo's real output, as a terminal of 80 columns shows it, into an SVG file.

Usage: screenshot.py FILE.svg
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

COLUMNS, ROWS = 80, 60
COMMAND = ("run", "deepseek-401", "--lab")
# No web font and no other host: the picture must not load anything.
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def main(target: str) -> None:
    """Run the demo at a pseudo terminal and write what it showed."""
    screen = Text.from_ansi(output_at_a_terminal())
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text(f"$ flip401 {' '.join(COMMAND)}", style="bold"))
    console.print(screen)
    svg = console.export_svg(title="flip401", theme=MONOKAI)
    svg = COMMENT.sub("", svg)
    svg = FONT.sub("", svg).replace("Fira Code", "DejaVu Sans Mono")
    Path(target).parent.mkdir(exist_ok=True)
    Path(target).write_text(svg, encoding="utf-8")


def output_at_a_terminal() -> str:
    """Return what the command writes when stdout is a terminal of this size."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [Path(sys.executable).parent / "flip401", *COMMAND],
            stdin=subprocess.DEVNULL,
            stdout=follower,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=environment,
        )
        os.close(follower)
        shown = b"".join(iter(lambda: read(leader), b""))
        process.wait(timeout=60)
        os.close(leader)
    return shown.decode().replace("\r\n", "\n")


def read(leader: int) -> bytes:
    """Read a piece; the end of a pseudo terminal is an error on Linux."""
    try:
        return os.read(leader, 1 << 16)
    except OSError:
        return b""


if __name__ == "__main__":
    main(*sys.argv[1:])
