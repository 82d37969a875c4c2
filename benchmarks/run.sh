#!/usr/bin/env bash
# Kindling beside its peers, as a Markdown table on stdout. docs/benchmarks.md says what is measured, and how.
#
#   benchmarks/run.sh                      all groups but the last five, then the kernels: 40 minutes
#   benchmarks/run.sh quick                the same, with fewer repetitions and without what takes long: three minutes
#   benchmarks/run.sh [quick] GROUP...     some of start, wide, growth, partitions, driver, tune, tab, short, mark, step, model,
#                                          table, accuracy, ml, score, large; SCORED_COPIES=10 is a table of 600,000 rows for score
#   benchmarks/run.sh kernels [OPTION...]  each kernel beside others that do the same, with JMH and its options
#
# NumPy, PyTorch and scikit-learn are used where python3, or the Python that PYTHON says, has them; OpenBLAS where the system
# has it or OPENBLAS=/path/to/libopenblas.so.0 says where. The group accuracy needs DATA_SETS=/path, the folder that
# benchmarks/data_sets.py has filled.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PYTHON=${PYTHON:-python3}
if "$PYTHON" -c 'import numpy' 2>/dev/null; then export PYTHON; else unset PYTHON; fi
OPENBLAS=${OPENBLAS:-$(ldconfig -p | sed -n 's/.*libopenblas\.so\.0 .*=> //p' | head -n 1)}
if [[ -n $OPENBLAS ]]; then export OPENBLAS; else unset OPENBLAS; fi

kernels() {
  if [[ -z ${OPENBLAS:-} ]]; then set -- -p implementation=kindling,java,vectorblas "$@"; fi
  OPENBLAS_NUM_THREADS=1 java --add-modules=jdk.incubator.vector -Dopenblas="${OPENBLAS:-}" \
    -cp "benchmarks/target/kindling-benchmarks.jar:benchmarks/target/spark/jars/*" org.openjdk.jmh.Main "$@"
}

table() {
  # Makes what a first run finds missing, so that no measurement does.
  ./submit.sh --master 'local[2]' train --iterations 1 --model benchmarks/target/model --overwrite >&2
  # A library that no system has: netlib would find a native BLAS by itself, and this side has none.
  SPARK_HOME=$PWD/benchmarks/target/spark benchmarks/submit-class.sh --master 'local[2]' --driver-memory 4g \
    --driver-java-options -Ddev.ludovic.netlib.blas.nativeLibPath=none \
    --class dev.kindling.benchmarks.Main benchmarks/target/kindling-benchmarks.jar "$@"
}

mvn -B -q -f benchmarks/reactor.xml package -Dmaven.test.skip -Dunit.skip -Dspotless.check.skip >&2
case ${1:-} in
  kernels) kernels "${@:2}" ;;
  '') table && kernels -v SILENT -rf text -rff benchmarks/target/kernels.txt && cat benchmarks/target/kernels.txt ;;
  *) table "$@" ;;
esac
