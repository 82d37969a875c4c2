#!/usr/bin/env bash
# Makes a whole Spark distribution in target/pyspark-VERSION, once, and prints its SPARK_HOME, target/pyspark-VERSION/spark:
# dev/spark-distribution.sh [VERSION], without one that of pom.xml. It is a Python virtual environment with pip's pyspark;
# pip fetches some 450 MB.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
  echo "spark-distribution.sh: $1" >&2
  exit 1
}

version=${1:-$(sed -n 's/.*<spark.version>\(.*\)<.*/\1/p' pom.xml)}
environment=$PWD/target/pyspark-$version
# The link is made last, and says that the rest is whole.
home=$environment/spark
if [[ ! -L $home ]]; then
  command -v python3 >/dev/null || fail "found no python3 on the PATH, expected one with the module venv: install python3-venv"
  python3 -c 'import ensurepip, venv' 2>/dev/null ||
    fail "found no modules venv and ensurepip in $(command -v python3), expected both: install python3-venv"
  trap 'rm -rf "$environment"' EXIT
  rm -rf "$environment"
  python3 -m venv "$environment" >&2 || fail "python3 made no virtual environment in $environment: see above"
  "$environment/bin/python" -m pip install -q --disable-pip-version-check --no-input "pyspark==$version" >&2 ||
    fail "pip installed no pyspark $version: see above"
  packages=("$environment"/lib/python*/site-packages)
  [[ -x ${packages[0]}/pyspark/bin/spark-submit ]] || fail "found no bin/spark-submit in ${packages[0]}/pyspark"
  ln -s "${packages[0]#"$environment/"}/pyspark" "$home"
  trap - EXIT
fi
echo "$home"
