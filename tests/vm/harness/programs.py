"""What is run: the service for the host, the agent's package for the guest."""

import fcntl
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]


def build_service() -> Path:
    """The ingestion service's program."""
    _dotnet("build", "src/EdgeAgent.Ingestion")
    return REPOSITORY / "artifacts" / "bin" / "EdgeAgent.Ingestion" / "debug" / "edge-ingestion"


def agent_package() -> Path:
    """The Debian package of the agent, as it is shipped."""
    _dotnet("publish", "src/EdgeAgent", "-p:PublishProfile=linux-x64")
    return max((REPOSITORY / "artifacts" / "packages").glob("edge-agent_*_amd64.deb"), key=lambda package: package.stat().st_mtime)


def disk_of(folder: Path) -> Path:
    """A disk with what is in the folder."""
    disk = folder.with_suffix(".ext4")
    disk.unlink(missing_ok=True)
    subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", folder, disk, "160M"], check=True, capture_output=True)
    return disk


def _dotnet(*arguments: str):
    (REPOSITORY / "artifacts").mkdir(exist_ok=True)
    # Two builds of one project would write the same files.
    with (REPOSITORY / "artifacts" / "vm.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(
            ["dotnet", *arguments, "--nologo", "--verbosity", "quiet"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"dotnet {arguments[0]} {arguments[1]} failed:\n{done.stdout}{done.stderr}")
