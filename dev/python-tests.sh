#!/usr/bin/env bash
# Runs the tests of the Python module on a whole Spark distribution: dev/python-tests.sh [OPTION of pytest...]. With no option they
# run in a session of their own process, over Spark Connect, and some with executors in processes of theirs. The jar must be
# there: mvn package -DskipTests. SPARK_VERSION=4.1.0 runs them on another Spark than that of pom.xml. pip fetches some 150 MB, once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

SPARK_HOME=$(dev/spark-distribution.sh "${SPARK_VERSION:-}")
export SPARK_HOME SPARK_LOCAL_IP=127.0.0.1 PYTHONDONTWRITEBYTECODE=1
python=${SPARK_HOME%/spark}/bin/python
export PYSPARK_PYTHON=$python
if ! "$python" -c 'import pytest, grpc, pandas, setuptools, nbclient, ipykernel, matplotlib, onnx, onnxruntime' 2>/dev/null; then
  version=$("$python" -c 'import pyspark; print(pyspark.__version__)')
  "$python" -m pip install -q --disable-pip-version-check --no-input \
    "pyspark[connect]==$version" 'pytest>=8' 'setuptools>=77' wheel nbclient ipykernel matplotlib 'pandas<3' \
    onnx==1.23.2 onnxruntime==1.32.0 >&2
fi

# The JVMs of Spark have the options that pom.xml gives those of all tests.
SPARK_SUBMIT_OPTS=$(sed -n 's:.*<test.jvm>\(.*\)</test.jvm>.*:\1:p' pom.xml)
export SPARK_SUBMIT_OPTS

tests() { "$python" -m pytest -q -p no:cacheprovider src/test/python "$@"; }

if (($#)); then
  tests "$@"
else
  # Those with processes of their own beside the others, as neither keeps two cores busy all the time. What they say comes last.
  with_processes() {
    tests --spark connect || failed=1
    tests --spark 'local-cluster[2,1,1024]' -k 'perceptron or pipeline or same_rows or regression or sql or registered' || failed=1
    exit "${failed:-0}"
  }
  said=$(mktemp)
  trap 'rm -f "$said"' EXIT
  with_processes >"$said" 2>&1 &
  tests || failed=1
  wait $! || failed=1
  cat "$said"
  exit "${failed:-0}"
fi
