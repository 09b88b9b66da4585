"""What is run: the service for the host, the agent as it is installed for the guest."""

import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
PUBLISHED = REPOSITORY / "artifacts" / "vm"


def build_service() -> Path:
    """The ingestion service's program."""
    _dotnet("build", "src/EdgeAgent.Ingestion")
    return REPOSITORY / "artifacts" / "bin" / "EdgeAgent.Ingestion" / "debug" / "edge-ingestion"


def publish_agent_disk() -> Path:
    """A disk with the agent and its runtime. Compiled ahead (ReadyToRun): on an emulated processor the compiler would be most of the start."""
    agent = PUBLISHED / "agent"
    _dotnet(
        "publish", "src/EdgeAgent", "--configuration", "Release", "--runtime", "linux-x64", "--self-contained",
        "-p:PublishReadyToRun=true", "--output", str(agent))
    disk = PUBLISHED / "agent.ext4"
    disk.unlink(missing_ok=True)
    subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", agent, disk, "160M"], check=True, capture_output=True)
    return disk


def _dotnet(*arguments: str):
    done = subprocess.run(
        ["dotnet", *arguments, "--nologo", "--verbosity", "quiet"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"dotnet {arguments[0]} {arguments[1]} failed:\n{done.stdout}{done.stderr}")
