#!/usr/bin/env bash
# Runs a Kindling command as a Spark application: ./submit.sh [spark-submit options] COMMAND [options]
#
# With SPARK_HOME set, that installation's bin/spark-submit does it. Otherwise Maven fetches the jars Spark is made of
# into target/, once, and Spark's own launcher and SparkSubmit run from there, with an archive of Spark's classes.
#
# It runs with bash 3.2, the one of macOS, which has no mapfile, and with the tools there.
set -euo pipefail

# The folder that a file lies in, after all links: not every system has readlink -f.
folder_of() {
  local file=$1 link
  while [[ -L $file ]]; do
    link=$(readlink "$file")
    [[ $link == /* ]] || link=$(dirname "$file")/$link
    file=$link
  done
  (CDPATH='' cd "$(dirname "$file")" && pwd -P)
}

here=$(folder_of "${BASH_SOURCE[0]}")
built=$here/target/submit.built
printf -v command ' %q' "$0" "$@"
command=${command# }

fail() {
  echo "submit.sh: $1" >&2
  exit "${2:-1}"
}

# The arguments before the command are spark-submit's, most of them with a value. Jars are added to Kindling's own: of two
# lists Spark would take the last.
spark_options=()
jars=
given=$*
while [[ $# -gt 0 && $1 == -* ]]; do
  case $1 in
    -h | --help | -V | --version) break ;;
    --supervise | --verbose | -v | --load-spark-defaults) spark_options+=("$1") && shift ;;
    --master | --deploy-mode | --name | --jars | --packages | --exclude-packages | --repositories | --py-files | \
      --files | --archives | --conf | -c | --properties-file | --remote | --driver-memory | --driver-java-options | \
      --driver-library-path | --driver-class-path | --driver-cores | --executor-memory | --executor-cores | \
      --total-executor-cores | --num-executors | --principal | --keytab | --proxy-user | --queue)
      [[ $# -gt 1 ]] || fail "$1 needs a value; see: ./submit.sh --help" 2
      case "$1 $2" in
        "--jars "*) jars+=,$2 ;;
        "--conf spark.jars="* | "-c spark.jars="*) jars+=,${2#spark.jars=} ;;
        *) spark_options+=("$1" "$2") ;;
      esac
      shift 2
      ;;
    *) fail "found '$1' before the command, expected an option of spark-submit; those of a command come after it" 2 ;;
  esac
done
[[ $# -gt 0 || -z $given ]] || fail "found no command after $given; see: ./submit.sh --help" 2

java=$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}java") ||
  fail "found no java, expected JDK 17 or newer: install one, or point JAVA_HOME to it"
# A JDK says what it is in a file, which is quicker to read than to start it.
release=$(cat "$(folder_of "$java")/../release" 2>/dev/null || "$java" -version 2>&1) || true
java_version='of unknown version'
pattern='(JAVA_VERSION=|version )"(1\.)?([0-9]+)' # bash 3.2 wants it in a variable
if [[ $release =~ $pattern ]]; then java_version=${BASH_REMATCH[3]}; fi
[[ $java_version != of* && $java_version -ge 17 ]] ||
  fail "found Java $java_version at $java, expected 17 or newer: point JAVA_HOME to one"

build() {
  command -v mvn >/dev/null || fail "found no mvn on the PATH, expected Apache Maven 3.8 or newer: install it to build Kindling"
  echo "submit.sh: building Kindling with Maven; the first time it fetches some 300 MB, Spark among them: minutes" >&2
  if [[ $here/pom.xml -nt $built ]]; then # jars of older versions must not stay beside the new ones
    rm -rf "$here"/target/lib "$here"/target/spark-*
  fi
  (cd "$here" && mvn -B -q -Dstyle.color=never package -Dmaven.test.skip -Dunit.skip -Dspotless.check.skip >&2) || fail "the build failed: see above"
  [[ -f $built ]] || fail "the build made no $built"
}

# One file says that the build is complete, which version of Spark it is for, and the name of the jar.
if [[ ! -f $built || -n $(find "$here/pom.xml" "$here/conf/default.properties" "$here/src/main" -newer "$built" -print -quit) ]]; then
  build
fi
read -r spark_version jar <"$built" || true # the file has no line end
jar=$here/target/$jar
libraries=("$here"/target/lib/*.jar)

# From another folder, what is shipped is found beside the script.
unset KINDLING_HOME
if [[ $(pwd -P) != "$here" ]]; then export KINDLING_HOME=$here/; fi

# Help and the check of a command need no Spark.
without_spark=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto
  -cp "$jar:$here/target/lib/*:$here/target/spark-$spark_version/jars/*")
show_help() { exec "$java" "${without_spark[@]}" dev.kindling.cli.Main "$@"; }
[[ $# -gt 0 ]] || show_help
for argument in "$@"; do
  case $argument in -h | --help | -V | --version) show_help "$@" ;; esac
done

conf=${SPARK_CONF_DIR:-${SPARK_HOME:-$here}/conf}

# Whether a path without a scheme is one of this machine: nothing makes another file system the usual one.
paths_are_local() {
  [[ -z ${HADOOP_CONF_DIR:-}${YARN_CONF_DIR:-}${SPARK_DIST_CLASSPATH:-} && ! -e $conf/core-site.xml ]] &&
    [[ ${spark_options[*]-} != *fs.default* && ${spark_options[*]-} != *--properties-file* ]] &&
    ! grep -qs -e fs.default -e HADOOP_CONF_DIR "$conf/spark-defaults.conf" "$conf/spark-env.sh"
}

# What is wrong with the command is said in half a second, by a JVM that loads nothing of Spark. It runs while Spark's
# launcher does. In a cluster a driver may find other files than here.
checking=
start_check() {
  local what=options
  [[ " ${spark_options[*]-} " != *" --deploy-mode cluster "* && ${spark_options[*]-} != *deployMode=cluster* ]] || return 0
  if paths_are_local; then what=paths; fi
  "$java" "${without_spark[@]}" -Dkindling.check=$what dev.kindling.cli.Main "$@" &
  checking=$!
}

end_check() {
  [[ -z $checking ]] || wait "$checking" || exit $?
  checking=
}

# A native BLAS of several threads in each of several tasks would only get in its own way.
export OPENBLAS_NUM_THREADS=${OPENBLAS_NUM_THREADS:-1}
# Whether somebody looks on, Java cannot tell; the shell can. On a terminal there is a progress bar, and a line before
# what takes some seconds.
unset KINDLING_TERMINAL
if [[ -t 2 && " $* " != *" --quiet "* ]]; then
  KINDLING_TERMINAL=stderr
  if [[ -t 1 ]]; then KINDLING_TERMINAL=both; fi
  export KINDLING_TERMINAL
fi
starting() { [[ -z ${KINDLING_TERMINAL:-} ]] || echo "starting Spark ..." >&2; }

# What a run that is interrupted says how to go on with.
export KINDLING_COMMAND=$command
application=(--class dev.kindling.cli.Main --jars "$(IFS=, && echo "${libraries[*]}")$jars")
# With set -u, an empty array is an unset one to bash before 4.4.
application+=(${spark_options[@]+"${spark_options[@]}"} "$jar" "$@")

if [[ -n ${SPARK_HOME:-} ]]; then
  [[ -x $SPARK_HOME/bin/spark-submit ]] || fail "SPARK_HOME is $SPARK_HOME, which has no bin/spark-submit: unset it to use the embedded Spark"
  start_check "$@"
  end_check
  starting
  # Java options that a user gives come after the default ones.
  exec "$SPARK_HOME/bin/spark-submit" --conf spark.log.level=ERROR \
    --conf "spark.driver.defaultJavaOptions=\"-Dlog4j2.configurationFile=file:$here/conf/log4j2.properties\"" "${application[@]}"
fi

# Its Hadoop asks for what Java 23 has taken away.
[[ $spark_version != 4.1.* || $java_version -lt 23 ]] ||
  fail "found Java $java_version at $java, expected 17 to 22, as Spark $spark_version does not start on a newer one: point JAVA_HOME to one"

export SPARK_HOME=$here/target/spark-$spark_version SPARK_SCALA_VERSION=2.13
export SPARK_CONF_DIR=${SPARK_CONF_DIR:-$here/conf}
unchanging="$SPARK_HOME/jars/*:$here/target/lib/*"
# An archive is of use to the JVM that made it, and to no other.
checksum=$(cksum <<<"$release")
archive=$SPARK_HOME/classes-${checksum%% *}.jsa

# Fills command_line: options and arguments of SparkSubmit to the java command that Spark's own launcher makes of them.
command_line() {
  local word
  command_line=()
  # The launcher prints NUL and a line end, then words ending in NUL.
  while IFS= read -r -d '' word; do
    case $word in
      # The JVM warns of an incubator module that it starts with. Kernels adds it later, for which it needs this package.
      --add-modules=jdk.incubator.vector) word=--add-exports=java.base/jdk.internal.module=ALL-UNNAMED ;;
      # JDK 25 has no such package any more, and warns of one that is opened and not there.
      --add-opens=java.base/sun.security.action=*) [[ $java_version -lt 25 ]] || continue ;;
    esac
    command_line+=("$word")
  done < <("$java" -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit "$@")
  [[ ${#command_line[@]} -gt 3 ]] || fail "Spark's launcher did not start: see above"
  command_line=("${command_line[1]#$'\n'}" "${command_line[@]:2}")
}

# Parsing and checking 12,000 classes is most of what Spark does as it starts. An archive of them, as the JVM holds them in
# memory, saves that. The JVM goes without, and says nothing, where the class path does not begin with the archive's, or
# the jars or the JVM have changed.
archive_classes() {
  echo "submit.sh: archiving Spark's classes, so that it starts in half the time; once, about a minute" >&2
  scratch=$archive.$$
  command_line --class dev.kindling.cli.Main --master local[2] "$jar" \
    train --data "$here/data/mnist" --iterations 3 --model "$scratch/model"
  mkdir "$scratch"
  # In the background, as on Ctrl-C in the foreground the JVM would not end before the archive is whole.
  "${command_line[0]}" -XX:ArchiveClassesAtExit="$scratch/archive" -Dlog4j2.configurationFile="file:$here/conf/log4j2.properties" \
    -cp "$unchanging" "${command_line[@]:3}" >"$scratch/log" 2>&1 &
  trap '{ kill -KILL $! || :; wait $! || :; rm -rf "$scratch"; } 2>/dev/null' EXIT
  # What a failed one has printed is the mark not to try again.
  if { wait $!; } 2>/dev/null; then mv "$scratch/archive" "$archive"; else mv "$scratch/log" "$archive.failed"; fi
  trap - EXIT
  rm -rf "$scratch"
}

start_check "$@"
if [[ $here/pom.xml -nt $archive && $here/pom.xml -nt $archive.failed && -w $SPARK_HOME ]]; then
  end_check
  archive_classes
fi
command_line "${application[@]}"
end_check
starting
# The archive demands jars before folders. What stands before conf, such as a --driver-class-path, is to stay there.
if [[ -s $archive && ${command_line[2]} == "$SPARK_CONF_DIR/:"* ]]; then
  command_line[2]="$unchanging:$jar:$SPARK_CONF_DIR${command_line[2]#*"$SPARK_HOME/jars/*"}"
  command_line=("${command_line[0]}" -XX:SharedArchiveFile="$archive" "-Xlog:cds*=off" "${command_line[@]:1}")
fi
exec "${command_line[0]}" @"$here/conf/java.options" "${command_line[@]:1}"
