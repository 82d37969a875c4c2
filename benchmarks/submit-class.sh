#!/usr/bin/env bash
# Starts a class of the benchmarks as submit.sh starts Kindling's: benchmarks/submit-class.sh spark-submit-options...
# From the root of the repository. SPARK_HOME may name another folder of jars than Kindling's own.
set -euo pipefail
libraries=(target/lib/*.jar target/kindling-*.jar)
export SPARK_HOME=${SPARK_HOME:-$(echo target/spark-*)} SPARK_SCALA_VERSION=2.13 SPARK_CONF_DIR=conf
export OPENBLAS_NUM_THREADS=${OPENBLAS_NUM_THREADS:-1}
mapfile -d '' -t command < <(java -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main \
  org.apache.spark.deploy.SparkSubmit --jars "$(IFS=, && echo "${libraries[*]}")" "$@")
exec "${command[1]#$'\n'}" "${command[@]:2}"
