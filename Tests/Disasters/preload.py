"""Small libraries that stand between a program and its disk, compiled where they are needed."""

import subprocess
from pathlib import Path


def library(name, folder):
    """Compiles NAME.c and returns where the library lies; everybody may read it."""
    target = Path(folder) / f"{name}.so"
    source = Path(__file__).with_name(f"{name}.c")
    subprocess.run(
        ["gcc", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", target, source, "-ldl"], check=True)
    target.chmod(0o755)
    return target


class FullDisk:
    """A disk for a folder that can be full, for programs started with `environment`."""

    def __init__(self, scratch, folder):
        self.flag = Path(scratch) / "disk-is-full"
        self.environment = {
            "LD_PRELOAD": str(library("fulldisk", scratch)), "FULL_DISK_FLAG": str(self.flag),
            "FULL_DISK_FOLDER": str(folder)}

    def fill(self):
        self.flag.touch(mode=0o644)

    def free(self):
        self.flag.unlink(missing_ok=True)
