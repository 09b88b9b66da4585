#!/usr/bin/env python3
"""Has the programs of a version write what a device of that version has on its disk. README.md says how it is called. Needs root (a small tmpfs), mosquitto_pub and openssl."""
import argparse
import hashlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time

arguments = argparse.ArgumentParser()
arguments.add_argument("--agent", required=True, help="edge-agent.dll of that version")
arguments.add_argument("--ingestion", help="edge-ingestion.dll of that version, where it knows identity")
arguments.add_argument("--work", required=True, help="an empty folder, which becomes a tmpfs of 1,700 KiB: the spool is full there")
arguments.add_argument("--output", required=True)
given = arguments.parse_args()
WORK, START = given.work, 1767225600  # 2026-01-01T00:00:00Z
PORT, CLOUD = 18831, 18843
environment = {**os.environ, "DOTNET_EnableDiagnostics": "0"}


def run(*command, check=True, **more):
    done = subprocess.run(command, capture_output=True, env=environment, **more)
    if check and done.returncode != 0:
        sys.exit(f"{command} ended with {done.returncode}: {done.stdout.decode()} {done.stderr.decode()}")
    return done.stdout


def agent(*command, check=True):
    return run("dotnet", given.agent, *command, check=check)


def configuration(compression):
    """Readings come from outside alone, with times of their own, so that all that is stored is known."""
    values = [{"pointer": f"/v{i}", "suffix": f"/v{i}", "unit": "Cel"} for i in range(20)]
    clock = {"pointer": "/ts", "format": "s", "maximumAge": "36500d", "maximumAhead": "366d"}
    known = [{"pointer": "/t", "suffix": "/temperature", "unit": "Cel"}, {"pointer": "/door", "suffix": "/door", "kind": "boolean"},
             {"pointer": "/word", "suffix": "/word", "kind": "text"}]
    cloud = {"endpoint": f"https://127.0.0.1:{CLOUD}", "liveWindow": "1s", "proxy": "none", "backoffFirst": "1m", "sessionBytes": "16KiB", "ca": f"{WORK}/pki/ca.crt"}
    if not given.ingestion:
        cloud |= {"certificate": f"{WORK}/pki/device.crt", "key": f"{WORK}/pki/device.key"}
    document = {
        "device": {"labels": {"site": "bern"}}, "cloud": cloud, "clock": {"trust": "always"},
        "batch": {"compression": compression, "maximumAge": "1s", "maximumBytes": "16KiB"}, "budget": {"perDay": "100MB"},
        "spool": {"path": f"{WORK}/state/spool", "maximumBytes": "4MiB", "segmentBytes": "256KiB", "freeSpaceFloor": "64KiB", "maximumBytesPerDay": "1GiB"},
        "mqtt": [{"listen": f"mqtt://127.0.0.1:{PORT}", "rules": [
            {"topic": "alarm/{id}", "series": "alarm/{id}", "payload": "json", "lane": "alarm", "time": clock, "values": known},
            {"topic": "known/{id}", "series": "known/{id}", "payload": "json", "time": clock, "values": known},
            {"topic": "many/{id}", "series": "many/{id}", "payload": "json", "time": clock, "values": values}]}]}
    if given.ingestion:
        document["device"]["state"] = f"{WORK}/state"
        document["identity"] = {}
        document["remote"] = {"trial": "10s"}
    path = f"{WORK}/agent.json"
    with open(path, "w") as file:
        json.dump(document, file, indent=1)
    return path


def known(name, first, count):
    return [json.dumps({"ts": START + i, "t": i / 8, "door": i % 3 == 0, "word": f"{name} {i}"}) for i in range(first, first + count)]


def publish(topic, lines):
    run("mosquitto_pub", "-h", "127.0.0.1", "-p", str(PORT), "-q", "1", "-t", topic, "-l", input="\n".join(lines).encode() + b"\n")


class Running:
    """A program while something is done beside it; ended by SIGTERM, in order."""

    def __init__(self, *command, ready):
        self.command, self.ready = command, ready

    def __enter__(self):
        self.log = open(f"{given.output}/log", "a+")
        begin = self.log.tell()
        self.process = subprocess.Popen(self.command, stdout=self.log, stderr=self.log, env=environment)
        for _ in range(600):
            time.sleep(0.2)
            if self.process.poll() is not None or self.ready(self.said(begin)):
                break
        return self

    def said(self, begin=0):
        with open(f"{given.output}/log") as log:
            log.seek(begin)
            return log.read()

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(120)
        self.log.close()


def running_agent(compression):
    import socket

    def listens(_):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", PORT)) == 0
    return Running("dotnet", given.agent, "run", "--config", configuration(compression), ready=listens)


os.makedirs(given.output, exist_ok=True)
os.makedirs(f"{WORK}", exist_ok=True)
run("mount", "-t", "tmpfs", "-o", "size=1700k", "tmpfs", WORK)
try:
    os.makedirs(f"{WORK}/pki")
    os.makedirs(f"{WORK}/state")
    subject = ["-subj", "/CN=fixture", "-days", "36500", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    run("openssl", "req", "-x509", *subject, "-keyout", f"{WORK}/pki/device.key", "-out", f"{WORK}/pki/device.crt")
    shutil.copy(f"{WORK}/pki/device.crt", f"{WORK}/pki/ca.crt")
    if given.ingestion:
        data = f"{given.output}/service"
        service = ["dotnet", given.ingestion]
        with Running(*service, "serve", "--data", data, "--listen", f"127.0.0.1:{CLOUD}", ready=lambda said: str(CLOUD) in said):
            for name in ("root.crt", "ca.crt"):
                for folder, _, files in os.walk(data):
                    if name in files:
                        shutil.copy(f"{folder}/{name}", f"{WORK}/pki/ca.crt")
            token = run(*service, "token", "create", "--data", data, "--device", "fixture", "--ttl", "24h").decode().strip().splitlines()[-1]
            print(agent("enroll", "--config", configuration("gzip"), "--token", token).decode())
            with open(f"{given.output}/revision.json", "w") as file:
                json.dump({"host": {"series": "gateway", "interval": "1d"}, "device": {"labels": {"by": "revision"}}}, file)
            with running_agent("gzip"):
                for push in (1, 2):
                    run(*service, "config", "push", f"{given.output}/revision.json", "--fleet", "--data", data, "-m", f"push {push}")
                    for i in range(60):
                        time.sleep(1)
                        publish("known/sent", known("sent", i, 1))
                        history = agent("config", "history", "--config", f"{WORK}/agent.json").decode()
                        if len(re.findall("(?i)applied|good", history)) >= push:
                            break
                    print(history)
                    with open(f"{given.output}/revision.json", "w") as file:
                        json.dump({"host": {"series": "gateway", "interval": "1d"}, "batch": {"maximumReadings": 9000}}, file)
    with running_agent("gzip"):
        publish("alarm/gzip", known("gzip", 0, 5))
        publish("known/gzip", known("gzip", 0, 50))
        time.sleep(3)
        publish("known/late", known("late", 100, 50))
    with running_agent("none") as filled:
        for i in range(16):
            # Until something had to be thinned.
            publish("many/none", [json.dumps({"ts": START + 1000 + (i * 3000) + n} | {f"v{v}": ((n * 7 + v) % 50) / 8 for v in range(20)}) for n in range(3000)])
            if "thinned" in filled.said():
                break
    with running_agent("brotli"):
        publish("known/brotli", known("brotli", 0, 50))
        publish("alarm/brotli", known("brotli", 10, 5))
    # What that version itself reads there: today's has to read the same.
    readings = agent("spool", "export", "--path", f"{WORK}/state/spool", "--format", "csv")
    stat = json.loads(agent("spool", "stat", "--json", "--path", f"{WORK}/state/spool"))
    expected = {"readings": len(readings.splitlines()) - 1, "sha256": hashlib.sha256(readings).hexdigest(),
                "lanes": {lane: {key: found[key] for key in ("released", "committed", "readings", "lost")} for lane, found in stat["lanes"].items()}}
    with open(f"{given.output}/expected.json", "w") as file:
        json.dump(expected, file, indent=2)
    print(expected)
    print(agent("spool", "verify", "--path", f"{WORK}/state/spool", check=False).decode())
    with tarfile.open(f"{given.output}/state.tar.gz", "w:gz") as archive:
        archive.add(f"{WORK}/state", "state")
        archive.add(f"{WORK}/pki", "pki")
        # Where the work was done is of no interest: @WORK@ stands for it.
        with open(f"{WORK}/agent.json") as file:
            told = file.read().replace(WORK, "@WORK@").encode()
        entry = tarfile.TarInfo("agent.json")
        entry.size = len(told)
        archive.addfile(entry, io.BytesIO(told))
finally:
    run("umount", WORK)
