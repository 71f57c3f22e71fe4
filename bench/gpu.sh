#!/usr/bin/env bash
# Decoding, rollouts and updates at Qwen2.5-0.5B's shape on one CUDA device, beside transformers on the same device: at most ten minutes.
# Needs a Release build of bench/ModelScale that loads a CUDA libtorch (docs/MODELS.md, Devices), and for the peer python3 with torch and transformers.
# Usage: bench/gpu.sh [folder for the output]
set -uo pipefail
cd "$(dirname "$0")/.."
out="${1:-.}/gpu.txt"
bench=bench/ModelScale/bin/Release/net10.0/ModelScale
[ -x "$bench" ] || { echo "Expected $bench; build it with: dotnet build -c Release bench/ModelScale" >&2; exit 1; }

# What takes too long is cut off, so that the rest is measured all the same.
part() {
  local seconds=$1
  shift
  echo "\$ $*" | tee -a "$out"
  timeout "$seconds" "$@" 2>&1 | tee -a "$out"
  local code=${PIPESTATUS[0]}
  [ "$code" -eq 0 ] || { echo "ended with $code" | tee -a "$out"; failed=1; }
}

failed=0
: > "$out"
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader | tee -a "$out"
part 120 "$bench" generate bfloat16 1 cuda
part 60 "$bench" update bfloat16 tokens 2056 cuda
part 60 "$bench" update bfloat16 tokens 8224 cuda
part 60 "$bench" update bfloat16 tokens 16448 cuda
part 240 python3 bench/ModelScale/peer.py cuda bfloat16
exit "$failed"
