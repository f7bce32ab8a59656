"""Read hostile files in a process of its own, watched; argv is the folder that lists them.

Prints a line of JSON for each. An audit hook (PEP 578) ends the process when reading does
anything but read: sockets, programs, written files, code that is compiled or executed.
"""

from __future__ import annotations

import codecs
import json
import os
import resource
import sys
import time
from pathlib import Path

LIMIT_BYTES = 1 << 30
FORBIDDEN = (
    *("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.spawn"),
    *("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate"),
    *("os.chmod", "os.chown", "os.putenv", "os.kill", "shutil.", "tempfile.", "ctypes."),
    *(
        "pickle.",
        "marshal.",
        "exec",
        "compile",
        "import",
        "webbrowser.",
        "urllib.",
        "pty.",
        "cpython.run",
    ),
)
watching = [False]


def watch(event: str, arguments: tuple[object, ...]) -> None:
    if not watching[0]:
        return
    writes = event == "open" and (
        (isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"))
        or (isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    )
    if writes or event.startswith(FORBIDDEN):
        os.write(2, f"forbidden: {event} {arguments!r:.200}\n".encode())
        os._exit(99)


def read(reader: str, path: Path) -> str:
    if reader == "trap":  # what a reader must never do
        path.write_bytes(b"written")
    from harness.cassette_store.reader import read_cassette
    from harness.errors import UsageError
    from harness.scenario_file.reader import read_scenario
    from harness.vcr_plugin.replay_check import check_replay

    try:
        if reader == "scenario":
            read_scenario(path.read_bytes(), str(path))
        else:
            read_cassette(path)
            if path.suffix == ".yaml" and path.stat().st_size < 100_000:
                check_replay(path, str(path))
    except UsageError as error:
        return error.render()
    return ""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_BYTES, LIMIT_BYTES))
    folder = Path(sys.argv[1])
    listed = json.loads((folder / "list.json").read_text())
    for codec in ("utf-16-le", "utf-16-be", "utf-32", "latin-1", "idna"):
        codecs.lookup(codec)  # a text encoding is imported when it is first used
    for reader, name in listed["warm"]:  # what is imported when it is needed is imported now
        read(reader, folder / name)
    sys.addaudithook(watch)
    for reader, name in listed["files"]:
        before = time.process_time()
        watching[0] = True
        said = read(reader, folder / name)
        watching[0] = False
        spent = time.process_time() - before
        print(json.dumps({"name": name, "said": said, "seconds": spent}), flush=True)
    print(json.dumps({"peak_mib": peak_mib()}), flush=True)


def peak_mib() -> float:
    """Return the most memory held since this program began; getrusage adds its parent's."""
    status = Path("/proc/self/status").read_text().split()
    return int(status[status.index("VmHWM:") + 1]) / 1024


main()
