#!/bin/bash
# Checks Kontrast on a machine with an NVIDIA GPU: builds the native engine with CUDA, runs the conformance suite and the
# gradient checks there, then the training benchmark beside PyTorch on the same GPU. Prints one table and writes it to
# bench/results/. Needs no network: Node, the npm packages and their headers may be carried to the machine.
#
#   scripts/gpu-check.sh [DEVICE]      DEVICE: cuda (default) or cuda:N; cpu tries the script out without a GPU
#
#   NODE=/path/to/node                 Node 20.19 or newer; default: node
#   KONTRAST_PYTHON=/path/to/python3   which has PyTorch with CUDA (2.4 or newer); default: python3
#   LIBTORCH=/path/to/libtorch         default: what scripts/setup/libtorch.mjs finds
#   ROUNDS=5                           of the benchmark; 0 leaves it out
set -u
cd "$(dirname "$0")/.."
device=${1:-cuda}
node=${NODE:-node}
export KONTRAST_PYTHON=${KONTRAST_PYTHON:-$(command -v python3)}
rounds=${ROUNDS:-5}
logs=$(mktemp -d)

missing=()
need() { # NAME REMEDY COMMAND…
  local name=$1 remedy=$2
  shift 2
  "$@" >/dev/null 2>&1 || missing+=("$name: $remedy")
}
need "Node >= 20.19" "set NODE=/path/to/node (one file of a Node release is enough)" \
  "$node" -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'
need "the npm packages" "carry the folder node_modules, made by npm install on the same kind of machine" \
  test -d node_modules/node-api-headers -a -d node_modules/node-addon-api -a -d node_modules/vitest -a -d node_modules/typescript
for program in cmake ninja c++; do need "$program" "install it (pip has cmake and ninja)" command -v "$program"; done
if [ "$device" != cpu ]; then
  need "an NVIDIA GPU" "nvidia-smi lists none; for a trial without one: scripts/gpu-check.sh cpu" nvidia-smi -L
  need "PyTorch with CUDA" "install it for python3, or set KONTRAST_PYTHON" \
    "$KONTRAST_PYTHON" -c 'import torch, sys; sys.exit(not torch.cuda.is_available())'
fi
if [ ${#missing[@]} -gt 0 ]; then
  printf 'gpu-check: missing %s\n' "${missing[@]}" >&2
  exit 2
fi
export PATH="$(dirname "$(command -v "$node")"):$PATH" KONTRAST_ENGINE=torch KONTRAST_DEVICE=$device

machine=$device
[ "$device" = cpu ] || machine=$(nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader | head -1)
name=$(echo "$device-${machine%%,*}" | tr -cs 'A-Za-z0-9\n' '-' | sed 's/-*$//' | tr 'A-Z' 'a-z')
table=bench/results/$name.md
rows=()
failed=0

step() { # TITLE LOG COMMAND…
  local title=$1 log=$logs/$2.log start=$SECONDS
  shift 2
  echo "gpu-check: $title" >&2
  if "$@" >"$log" 2>&1; then local result=passed; else
    local result=failed
    failed=1
    tail -n 40 "$log" >&2
  fi
  local counts
  counts=$(sed 's/\x1b\[[0-9;]*m//g' "$log" | sed -n 's/^ *Tests *//p' | tail -1)
  rows+=("| $title | $result${counts:+: ${counts//|/,}} | $((SECONDS - start)) s |")
  [ "$result" = passed ]
}

vitest=("$node" node_modules/vitest/vitest.mjs run)
if step "build" build "$node" scripts/setup/native.mjs &&
  step "TypeScript" types "$node" node_modules/typescript/bin/tsc -p tsconfig.build.json &&
  step "device" device "$node" -e '
    import("./dist/index.js").then(async ({ engine }) => {
      const report = await engine.use("torch");
      console.log(JSON.stringify(report));
      const wanted = process.env.KONTRAST_DEVICE;
      if (!report.device.startsWith(wanted)) throw new Error(`computes on ${report.device}, not on ${wanted}`);
    })'; then
  step "tfjs-core's conformance suite" conformance "${vitest[@]}" test/engine/torch/conformance
  step "gradients: fused kernels, objectives, optimizers" gradients "${vitest[@]}" test/engine/fused test/objectives test/training/optimizer
  step "captured steps" capture "${vitest[@]}" test/engine/torch/graph
  if [ "$rounds" -gt 0 ]; then
    step "benchmark compiled" bench-types "$node" node_modules/typescript/bin/tsc -p tsconfig.bench.json &&
      step "training benchmark" bench "$node" dist/cli/main.js bench train --rounds "$rounds" --json "bench/results/$name.json"
  fi
fi

{
  echo "# $machine"
  echo
  echo "Commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown); $(sed -n 's/^{/{/p' "$logs/device.log" 2>/dev/null | tail -1)"
  echo
  echo "| check | result | time |"
  echo "| --- | --- | --- |"
  printf '%s\n' "${rows[@]}"
  if [ -s "$logs/bench.log" ]; then
    echo
    echo '```'
    sed 's/\x1b\[[0-9;]*m//g' "$logs/bench.log"
    echo '```'
  fi
} | tee "$table"
echo "gpu-check: the table is in $table, the whole outputs in $logs" >&2
exit $failed
