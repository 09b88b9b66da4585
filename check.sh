#!/usr/bin/env bash
# Installs what the tests need and is missing, builds with warnings as errors, runs all tests, checks the formatting,
# and prints the true counts. Usage: ./check.sh [--long] [--no-install]
#   --long        also runs what takes minutes or hours (soak, fuzzing, torture); each has a short form in the normal run
#   --no-install  installs nothing; tests whose programs are missing are skipped by name and counted
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. tests/debian.sh

install=true
for argument in "$@"; do
  case "$argument" in
    --long) export EDGEAGENT_LONG=1 ;;
    --no-install) install=false ;;
    *) echo "check.sh: unknown option $argument. Usage: ./check.sh [--long] [--no-install]" >&2; exit 64 ;;
  esac
done

# The foreign programs that the tests hold the product against: Debian package, and a file by which to see that it is there.
foreign_programs=(
  "mosquitto              /usr/sbin/mosquitto"
  "mosquitto-clients      /usr/bin/mosquitto_pub"
  "python3-grpcio         /usr/lib/python3/dist-packages/grpc/__init__.py"
  "python3-protobuf       /usr/lib/python3/dist-packages/google/protobuf/__init__.py"
  "python3-prometheus-client /usr/lib/python3/dist-packages/prometheus_client/__init__.py"
  "python3-paho-mqtt      /usr/lib/python3/dist-packages/paho/mqtt/__init__.py"
  "protobuf-compiler      /usr/bin/protoc"
  "nginx-light            /usr/sbin/nginx"
  "haproxy                /usr/sbin/haproxy"
  "tinyproxy-bin          /usr/bin/tinyproxy"
  "postgresql             /usr/bin/pg_isready"
  "strace                 /usr/bin/strace"
  "chromium               /usr/bin/chromium"
  "gcc                    /usr/bin/gcc"
  "libc6-dev              /usr/include/stdio.h"
  "gcc-aarch64-linux-gnu  /usr/bin/aarch64-linux-gnu-gcc"
  "libc6-dev-arm64-cross  /usr/aarch64-linux-gnu/lib/libc.a"
  "gcc-arm-linux-gnueabihf /usr/bin/arm-linux-gnueabihf-gcc"
  "libc6-dev-armhf-cross  /usr/arm-linux-gnueabihf/lib/libc.a"
  "qemu-user              /usr/bin/qemu-aarch64"
)
# Debian's Node.js serves where there is no other.
command -v node >/dev/null || foreign_programs+=("nodejs /usr/bin/node")
command -v npm >/dev/null || foreign_programs+=("npm /usr/bin/npm")

install_missing() {
  local missing
  mapfile -t missing < <(missing_packages "${foreign_programs[@]}")
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$install" = false ] || ! may_install; then
    echo "Not installed, so their tests are skipped by name: ${missing[*]}"
  elif ! install_packages artifacts/apt.log "${missing[@]}"; then
    echo "The installation failed; tests of what is missing are skipped by name."
  fi
}

# The Node.js peers, from the lock file, anew whenever it has changed.
install_node_peers() {
  local lock=tests/node/package-lock.json installed=tests/node/node_modules/.package-lock.json
  [ "$install" = true ] && command -v npm >/dev/null || return 0
  [ ! -e "$installed" ] || [ "$lock" -nt "$installed" ] || return 0
  echo "Installing the packages of tests/node"
  if ! npm ci --prefix tests/node --ignore-scripts --no-audit --no-fund >artifacts/npm.log 2>&1; then
    tail -n 5 artifacts/npm.log
    echo "The installation failed; tests of what is missing are skipped by name."
  fi
}

# publish PROJECT: a program as it is shipped, for linux-x64, packed. Without the analyzers, which the build before has run on the same sources; the trimmer's own warnings are
# errors here too.
publish() {
  dotnet publish "src/$1" -p:PublishProfile=linux-x64 -p:RunAnalyzers=false --verbosity quiet --nologo >"artifacts/publish-$1.log" 2>&1
}

# run_scenario NAME [OPTION…]: a scenario of the virtual machine (tests/vm), with the package and the service that were just made; without them each would make them again.
run_scenario() {
  local name=$1 code=0 package
  package=$(ls artifacts/packages/edge-agent_*_amd64.deb)
  set -- "$@" --package "$PWD/$package" --service "$PWD/artifacts/bin/EdgeAgent.Ingestion/debug/edge-ingestion"
  [ "$install" = true ] || set -- "$@" --no-install
  rm -f "artifacts/vm-$name.code"
  echo "Running tests/vm/run.sh $* --json"
  tests/vm/run.sh "$@" --json >"artifacts/vm-$name.json" 2>"artifacts/vm-$name.log" || code=$?
  echo $code >"artifacts/vm-$name.code"
}

# What the scenarios start from takes minutes where it was never made, mostly of the network: it is made while the programs are compiled. What goes wrong, the scenarios tell.
make_machine() {
  local arguments=(image)
  [ "$install" = true ] || arguments+=(--no-install)
  ( renice -n 10 "$BASHPID" >/dev/null; tests/vm/run.sh "${arguments[@]}" >artifacts/vm-image.log 2>&1 || true ) &
}

# What is shipped is made beside the tests, which wait for most of their time: first the agent, from whose package the virtual machine's scenarios start.
scenarios=(sensors powercut)
rounds=1
ship() {
  if [ -n "${EDGEAGENT_LONG:-}" ]; then
    scenarios+=(package footprint)
    rounds=20
  fi
  rm -rf artifacts/publish artifacts/packages artifacts/published.code artifacts/vm-*.code
  (
    code=0
    publish EdgeAgent || code=$?
    [ $code != 0 ] || run_scenarios &
    publish EdgeAgent.Ingestion || code=$?
    echo $code >artifacts/published.code
    wait
  ) &
  shipping=$!
}

# Each emulates a core. The footprint is measured when nothing else runs.
run_scenarios() {
  run_scenario sensors &
  run_scenario powercut --rounds $rounds &
  wait
  local name
  for name in "${scenarios[@]:2}"; do run_scenario "$name"; done
}

# tests/EdgeAgent.Packaging.Tests look at what is shipped.
wait_for_programs() {
  while [ ! -e artifacts/published.code ] && kill -0 "$shipping" 2>/dev/null; do sleep 1; done
  if [ "$(cat artifacts/published.code)" != 0 ]; then
    published=failed
    grep -h -m 5 'error' artifacts/publish-*.log || tail -n 20 artifacts/publish-*.log
  fi
}

# Each scenario is one test of the totals. Sets machine_passed, machine_failed and machine_skipped, which names each.
wait_for_machine() {
  machine_passed=0 machine_failed=0 machine_skipped=()
  wait "$shipping" || true
  local name
  for name in "${scenarios[@]}"; do
    # None where there was no package.
    case $(cat "artifacts/vm-$name.code" 2>/dev/null) in
      0) machine_passed=$((machine_passed + 1)) ;;
      69) machine_skipped+=("$name: $(tail -n 1 "artifacts/vm-$name.log")") ;;
      *) machine_failed=$((machine_failed + 1)); echo "tests/vm/run.sh $name failed:"; grep -A 5 '^FAILED' "artifacts/vm-$name.log" || tail -n 20 "artifacts/vm-$name.log" || true ;;
    esac
  done
}

command -v dotnet >/dev/null || { echo "check.sh: the .NET SDK named in global.json is needed (dotnet is not on the PATH)." >&2; exit 69; }
mkdir -p artifacts
install_missing
install_node_peers

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
results=artifacts/test-results
rm -rf "$results"

make_machine
dotnet restore EdgeAgent.sln --verbosity quiet
dotnet build EdgeAgent.sln --no-restore --verbosity quiet --nologo

format=passed
dotnet format whitespace EdgeAgent.sln --no-restore --verify-no-changes || format=failed

published=passed
ship

# One project at a time: several start servers and measure nothing, but two cores are soon too few for their time limits.
tests=passed
for project in $(dotnet sln EdgeAgent.sln list | grep -E '^tests/.*\.Tests\.csproj$' | grep -v Packaging) tests/EdgeAgent.Packaging.Tests; do
  [ "$project" != tests/EdgeAgent.Packaging.Tests ] || wait_for_programs
  dotnet test "$project" --no-build --nologo --logger trx --results-directory "$results" --blame-hang-timeout 5m --blame-hang-dump-type none || tests=failed
done

wait_for_machine

# The true counts, from the result files. What is in total and was not executed was skipped.
read -r total executed passed < <(
  cat "$results"/*.trx 2>/dev/null | grep -o '<Counters [^>]*>' | awk '
    function attribute(name) { match($0, " " name "=\"[0-9]+\""); return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) }
    { total += attribute("total"); executed += attribute("executed"); passed += attribute("passed") }
    END { print total + 0, executed + 0, passed + 0 }')
total=$((total + machine_passed + machine_failed + ${#machine_skipped[@]}))
executed=$((executed + machine_passed + machine_failed))
passed=$((passed + machine_passed))
failed=$((executed - passed))
skipped=$((total - executed))

if [ "$skipped" -gt 0 ]; then
  echo "Skipped:"
  cat "$results"/*.trx | tr '\n' ' ' | grep -o '<UnitTestResult [^>]*outcome="NotExecuted"[^>]*>' | grep -o 'testName="[^"]*"' | sed 's/testName="\(.*\)"/  \1/' | sort || true
  [ ${#machine_skipped[@]} -eq 0 ] || printf '  tests/vm/run.sh %s\n' "${machine_skipped[@]}"
fi
[ "$format" = passed ] || echo "Formatting: run 'dotnet format whitespace EdgeAgent.sln' and commit what it changes."
[ "$published" = passed ] || echo "Publishing failed: look above for 'error'."
[ "$tests" = passed ] || [ "$failed" -gt 0 ] || echo "The test run failed outside of a test: look above for 'error' or 'exited with'."
echo "Passed: $passed passed, $failed failed, $skipped skipped"
[ "$format" = passed ] && [ "$published" = passed ] && [ "$tests" = passed ] && [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
