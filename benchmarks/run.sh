#!/usr/bin/env bash
# Kindling beside its peers, as a Markdown table on stdout: benchmarks/run.sh (half an hour), or benchmarks/run.sh quick
# (three minutes), or benchmarks/run.sh kernels, which is JMH. docs/benchmarks.md says what is measured, and how.
#
# NumPy is used where python3 has it, OpenBLAS where the system has it or OPENBLAS=/path/to/libopenblas.so.0 says where.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mvn -B -q -f benchmarks/reactor.xml package -Dmaven.test.skip -Dspotless.check.skip >&2
./submit.sh --version >&2 # builds what it finds missing, so that no measurement does

if python3 -c 'import numpy' 2>/dev/null; then export NUMPY=yes; fi
OPENBLAS=${OPENBLAS:-$(ldconfig -p | sed -n 's/.*libopenblas\.so\.0 .*=> //p' | head -n 1)}
if [[ -n $OPENBLAS ]]; then export OPENBLAS; else unset OPENBLAS; fi

# A name that no library has: netlib would find a native BLAS by itself, and this side has none.
SPARK_HOME=benchmarks/target/spark benchmarks/submit-class.sh --master 'local[2]' --driver-memory 4g \
  --driver-java-options -Ddev.ludovic.netlib.blas.nativeLibPath=none \
  --class dev.kindling.benchmarks.Main benchmarks/target/kindling-benchmarks.jar "$@"
