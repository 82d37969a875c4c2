#!/usr/bin/env bash
# Runs a Kindling command as a Spark application: ./submit.sh [spark-submit options] COMMAND [options]
#
# With SPARK_HOME set, that installation's bin/spark-submit does it. Otherwise Maven fetches the jars Spark is made of
# into target/, once, and Spark's own launcher and SparkSubmit run from there.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
built=$here/target/submit.built

fail() {
  echo "submit.sh: $1" >&2
  exit "${2:-1}"
}

# The arguments before the command are spark-submit's, with their values.
spark_options=()
while [[ $# -gt 0 && $1 == -* ]]; do
  case $1 in
    -h | --help | -V | --version) break ;;
    --supervise | --verbose | -v | --*=*) spark_options+=("$1") && shift ;;
    *)
      [[ $# -gt 1 ]] || fail "$1 needs a value; see: ./submit.sh --help" 2
      spark_options+=("$1" "$2") && shift 2
      ;;
  esac
done

java=$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}java") ||
  fail "found no java, expected JDK 17 or newer: install one, or point JAVA_HOME to it"
# A JDK says its version in a file, which is quicker to read than to start it.
release=$(dirname "$(readlink -f "$java")")/../release
java_version=$({ cat "$release" 2>/dev/null || "$java" -version 2>&1; } |
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p; s/.*version "\([0-9]*\).*/\1/p' | head -n 1)
[[ ${java_version:-0} -ge 17 ]] ||
  fail "found Java ${java_version:-of unknown version} at $java, expected 17 or newer: point JAVA_HOME to one"

build() {
  command -v mvn >/dev/null || fail "found no mvn on the PATH, expected Apache Maven 3.8 or newer: install it to build Kindling"
  [[ -d $HOME/.m2/repository/org/apache/spark/spark-core_2.13 ]] || echo \
    "submit.sh: building Kindling; the first time Maven fetches some 300 MB, Spark among them, which takes minutes" >&2
  (cd "$here" && mvn -B -q -Dstyle.color=never package -Dmaven.test.skip -Dspotless.check.skip >&2) || fail "the build failed: see above"
  [[ -f $built ]] || fail "the build made no $built"
}

# One file says that the build is complete, and which version of Spark it is for.
if [[ ! -f $built || -n $(find "$here/pom.xml" "$here/conf/default.properties" "$here/src/main" -newer "$built" -print -quit) ]]; then
  build
fi
spark_version=$(<"$built")
jar=$(echo "$here"/target/kindling-*.jar)
libraries=("$here"/target/lib/*.jar)

# Help needs no Spark.
if [[ $# -eq 0 ]] || printf '%s\n' "$@" | grep -qxE -e '-h|--help|-V|--version'; then
  exec "$java" -cp "$jar:$here/target/lib/*:$here/target/spark-$spark_version/jars/*" dev.kindling.cli.Main "$@"
fi

# A native BLAS of several threads in each of several tasks would only get in its own way.
export OPENBLAS_NUM_THREADS=${OPENBLAS_NUM_THREADS:-1}
# Java cannot tell whether stdout is a terminal, so that there is a progress bar; the shell can.
[[ -t 1 ]] && export KINDLING_TERMINAL=1
application=(--class dev.kindling.cli.Main --jars "$(IFS=, && echo "${libraries[*]}")" "${spark_options[@]}" "$jar" "$@")

if [[ -n ${SPARK_HOME:-} ]]; then
  [[ -x $SPARK_HOME/bin/spark-submit ]] || fail "SPARK_HOME is $SPARK_HOME, which has no bin/spark-submit: unset it to use the embedded Spark"
  exec "$SPARK_HOME/bin/spark-submit" --conf spark.log.level=WARN "${application[@]}"
fi

export SPARK_HOME=$here/target/spark-$spark_version SPARK_SCALA_VERSION=2.13
export SPARK_CONF_DIR=${SPARK_CONF_DIR:-$here/conf}
# Spark's launcher prints NUL and a line end, then the java command, with Spark's own module flags, as words ending in NUL.
mapfile -d '' -t command_line < <("$java" -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main \
  org.apache.spark.deploy.SparkSubmit "${application[@]}")
[[ ${#command_line[@]} -gt 1 ]] || fail "Spark's launcher did not take: ${spark_options[*]}" 2
exec "${command_line[1]#$'\n'}" "${command_line[@]:2}"
