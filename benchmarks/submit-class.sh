#!/usr/bin/env bash
# Starts a class of the benchmarks the way submit.sh starts Kindling: benchmarks/submit-class.sh spark-submit-arguments...
# With PLAIN set, without the archive of classes and the options of the JVM; with SPARK_HOME set, with the jars from there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export SPARK_HOME=${SPARK_HOME:-$(echo "$PWD"/target/spark-*)} SPARK_SCALA_VERSION=2.13 SPARK_CONF_DIR=$PWD/conf
export OPENBLAS_NUM_THREADS=${OPENBLAS_NUM_THREADS:-1}

mapfile -d '' -t command < <(java -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main \
  org.apache.spark.deploy.SparkSubmit "$@")
# After the launcher's NUL: java -cp PATH, and the rest.
path="$SPARK_HOME/jars/*:$PWD/target/lib/*:$(echo "$PWD"/target/kindling-*.jar):$SPARK_CONF_DIR"
options=()
if [[ -z ${PLAIN:-} ]]; then
  options=("@$SPARK_CONF_DIR/java.options")
  # The one that submit.sh has made for this JVM, by its name.
  release=$(cat "$(dirname "$(readlink -f "${command[1]#$'\n'}")")/../release")
  checksum=$(cksum <<<"$release")
  archive=$SPARK_HOME/classes-${checksum%% *}.jsa
  if [[ -s $archive ]]; then
    options+=(-XX:SharedArchiveFile="$archive" "-Xlog:cds*=off")
  fi
fi
exec "${command[1]#$'\n'}" "${options[@]}" -cp "$path" "${command[@]:4}"
