"""What is run: the service for the host, the agent as it is installed for the guest."""

import shutil
import subprocess
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
PUBLISHED = REPOSITORY / "artifacts" / "vm"


def build_service() -> Path:
    """The ingestion service's program."""
    _dotnet("build", "src/EdgeAgent.Ingestion")
    return REPOSITORY / "artifacts" / "bin" / "EdgeAgent.Ingestion" / "debug" / "edge-ingestion"


def agent_package() -> Path:
    """The Debian package of the agent, as it is shipped."""
    _dotnet("publish", "src/EdgeAgent", "-p:PublishProfile=linux-x64")
    return max((REPOSITORY / "artifacts" / "packages").glob("edge-agent_*_amd64.deb"), key=lambda package: package.stat().st_mtime)


def agent_disk(package: Path) -> Path:
    """A disk with the program of the package alone."""
    folder = PUBLISHED / "agent"
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as unpacked:
        subprocess.run(["dpkg-deb", "--extract", package, unpacked], check=True)
        shutil.copytree(f"{unpacked}/usr/lib/edge-agent", folder)
    return disk_of(folder)


def disk_of(folder: Path) -> Path:
    """A disk with what is in the folder."""
    disk = folder.with_suffix(".ext4")
    disk.unlink(missing_ok=True)
    subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", folder, disk, "160M"], check=True, capture_output=True)
    return disk


def _dotnet(*arguments: str):
    done = subprocess.run(
        ["dotnet", *arguments, "--nologo", "--verbosity", "quiet"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"dotnet {arguments[0]} {arguments[1]} failed:\n{done.stdout}{done.stderr}")
