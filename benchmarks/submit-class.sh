#!/usr/bin/env bash
# Starts a class of the benchmarks the way submit.sh starts Kindling: benchmarks/submit-class.sh spark-submit-arguments...
# With PLAIN set, without the archive of classes; with SPARK_HOME set, with the jars from there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export SPARK_HOME=${SPARK_HOME:-$(echo "$PWD"/target/spark-*)} SPARK_SCALA_VERSION=2.13 SPARK_CONF_DIR=$PWD/conf
export OPENBLAS_NUM_THREADS=${OPENBLAS_NUM_THREADS:-1}

mapfile -d '' -t command < <(java -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main \
  org.apache.spark.deploy.SparkSubmit "$@")
# After the launcher's NUL: java -cp PATH, and the rest.
path="$SPARK_HOME/jars/*:$PWD/target/lib/*:$(echo "$PWD"/target/kindling-*.jar):$SPARK_CONF_DIR"
archive=()
if [[ -z ${PLAIN:-} && -s $SPARK_HOME/classes.jsa ]]; then
  archive=(-XX:SharedArchiveFile="$SPARK_HOME/classes.jsa" "-Xlog:cds*=off")
fi
exec "${command[1]#$'\n'}" "${archive[@]}" -cp "$path" "${command[@]:4}"
