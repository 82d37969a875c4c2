package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What submit.sh itself does, with a script for java that prints what it is started with. */
class SubmitScriptTest {
    /** Prints what Spark's launcher prints, fails at archiving where FAIL is set, and else prints a line an argument. */
    private static final String JAVA = """
            #!/bin/sh
            for argument; do
              case $argument in
                org.apache.spark.launcher.Main)
                  printf '\\0\\n%s\\0-cp\\0%s\\0' "$0" "$SPARK_CONF_DIR/:$SPARK_HOME/jars/*"
                  while [ "$1" != org.apache.spark.deploy.SparkSubmit ]; do shift; done
                  printf '%s\\0' "$@"
                  exit ;;
                -XX:ArchiveClassesAtExit=*)
                  echo half >"${argument#*=}"
                  echo "what the JVM said"
                  exit ${FAIL:-0} ;;
                -Dkindling.check=*)
                  if [ -n "${WRONG-}" ]; then echo "checked ${argument#*=}: $WRONG"; exit 2; fi
                  exit ;;
              esac
            done
            [ -z "${SHOW-}" ] || echo "home ${KINDLING_HOME-none}"
            printf '<%s>\\n' "$@"
            """;

    @TempDir
    private Path temporary;

    private Path home;
    private Path script;

    /** A repository that is built, in a folder whose name a shell would take apart. */
    @BeforeEach
    void build() throws IOException {
        home = Files.createDirectories(temporary.resolve("it's a \"home\"")).toRealPath();
        script = Files.copy(Submission.REPOSITORY.resolve("submit.sh"), home.resolve("submit.sh"));
        Files.createDirectories(home.resolve("src/main"));
        Files.createDirectories(home.resolve("target/lib"));
        Files.createDirectories(home.resolve("conf"));
        Files.writeString(home.resolve("pom.xml"), "");
        Files.writeString(home.resolve("conf/default.properties"), "");
        builtFor("4.2.0");
    }

    private void builtFor(String sparkVersion) throws IOException {
        Files.createDirectories(home.resolve("target/spark-" + sparkVersion + "/jars"));
        Files.writeString(home.resolve("target/submit.built"), sparkVersion + " kindling.jar");
    }

    private Path jdk(String version) throws IOException {
        Path jdk = temporary.resolve("jdk-" + version);
        Path java = Files.createDirectories(jdk.resolve("bin")).resolve("java");
        if (!Files.exists(java)) {
            Files.writeString(java, JAVA);
            assertThat(java.toFile().setExecutable(true)).isTrue();
            Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"Ours\"\nJAVA_VERSION=\"" + version + "\"\n");
        }
        return jdk;
    }

    private record Result(int exitCode, List<String> lines) {}

    private Result run(Path jdk, Map<String, String> environment, Path started, String... arguments)
            throws IOException, InterruptedException {
        return run(jdk, environment, temporary, started, arguments);
    }

    private Result run(Path jdk, Map<String, String> environment, Path folder, Path started, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(started.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.matches("(SPARK|HADOOP|YARN)_.*"));
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out.lines().toList());
    }

    /** What lies in the folder of the embedded Spark, beside its jars. */
    private List<Path> archives(String sparkVersion) throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("target/spark-" + sparkVersion))) {
            return files.filter(file -> !file.endsWith("jars")).sorted().toList();
        }
    }

    @Test
    void everyArgumentArrivesAsItIs() throws IOException, InterruptedException {
        String[] arguments = {
            "--conf", "spark.app.name=a \"b\" 'c' $d *", "--name", "", "train", "", "--model", "  x  y\\"
        };
        Result result = run(jdk("17.0.1"), Map.of(), script, arguments);
        assertThat(result.exitCode()).isZero();
        List<String> arrived =
                Stream.of(arguments).map(word -> "<" + word + ">").toList();
        assertThat(result.lines()).containsSubsequence(arrived);
        assertThat(result.lines()
                        .subList(
                                result.lines().indexOf("<train>"),
                                result.lines().size()))
                .isEqualTo(arrived.subList(4, 8));
    }

    @Test
    void linksToTheScriptAreFollowed() throws IOException, InterruptedException {
        Path folder = Files.createDirectories(temporary.resolve("bin/deeper"));
        Path absolute = Files.createSymbolicLink(folder.resolve("absolute"), script);
        Path relative = Files.createSymbolicLink(temporary.resolve("relative"), Path.of("bin/deeper/absolute"));
        List<String> expected = run(jdk("17.0.1"), Map.of(), script, "--help").lines();
        assertThat(expected).anyMatch(line -> line.contains(home + "/target/kindling.jar"));
        assertThat(run(jdk("17.0.1"), Map.of(), absolute, "--help").lines()).isEqualTo(expected);
        assertThat(run(jdk("17.0.1"), Map.of(), relative, "--help").lines()).isEqualTo(expected);
    }

    @Test
    void anArchiveOfClassesIsMadeOnceForEachJdk() throws IOException, InterruptedException {
        Result first = run(jdk("17.0.1"), Map.of(), script, "train");
        assertThat(first.lines().get(0)).contains("archiving Spark's classes");
        List<Path> one = archives("4.2.0");
        assertThat(one).hasSize(1);
        assertThat(first.lines()).contains("<-XX:SharedArchiveFile=" + one.get(0) + ">");
        assertThat(run(jdk("17.0.1"), Map.of(), script, "train").lines())
                .isEqualTo(first.lines().subList(1, first.lines().size()));

        Result other = run(jdk("25.0.1"), Map.of(), script, "train");
        List<Path> two = new ArrayList<>(archives("4.2.0"));
        two.removeAll(one);
        assertThat(two).hasSize(1);
        assertThat(other.lines()).contains("<-XX:SharedArchiveFile=" + two.get(0) + ">");
    }

    @Test
    void anArchiveThatFailsLeavesWhatTheJvmSaidAndIsNotTriedAgain() throws IOException, InterruptedException {
        Result failed = run(jdk("17.0.1"), Map.of("FAIL", "1"), script, "train");
        assertThat(failed.exitCode()).isZero();
        assertThat(failed.lines()).contains("<train>").noneMatch(line -> line.contains("SharedArchiveFile"));
        assertThat(archives("4.2.0"))
                .singleElement()
                .satisfies(mark -> assertThat(mark).hasContent("what the JVM said"))
                .asString()
                .endsWith(".failed");
        assertThat(run(jdk("17.0.1"), Map.of(), script, "train").lines())
                .isEqualTo(failed.lines().subList(1, failed.lines().size()));
    }

    @Test
    void aJdkThatCannotServeIsRefusedBeforeAnythingIsMade() throws IOException, InterruptedException {
        assertThat(run(jdk("11.0.1"), Map.of(), script, "train"))
                .isEqualTo(new Result(
                        1,
                        List.of("submit.sh: found Java 11 at " + jdk("11.0.1")
                                + "/bin/java, expected 17 or newer: point JAVA_HOME to one")));
        builtFor("4.1.0");
        Result refused = run(jdk("25.0.1"), Map.of(), script, "train");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.lines())
                .singleElement()
                .asString()
                .contains("found Java 25", "expected 17 to 22", "Spark 4.1.0", "JAVA_HOME");
        assertThat(archives("4.1.0")).isEmpty();
        assertThat(run(jdk("17.0.1"), Map.of(), script, "train").exitCode()).isZero();
    }

    @Test
    void aWrongCommandIsRefusedBeforeAnythingIsMadeOrStarted() throws IOException, InterruptedException {
        Map<String, String> wrong = Map.of("WRONG", "no such option");
        Result refused = new Result(2, List.of("checked paths: no such option"));
        assertThat(run(jdk("17.0.1"), wrong, script, "train", "--wrong")).isEqualTo(refused);
        assertThat(archives("4.2.0")).isEmpty();

        Map<String, String> installed = Map.of("SPARK_HOME", sparkThatSays("echo started"));
        assertThat(run(jdk("17.0.1"), installed, script, "train")).isEqualTo(new Result(0, List.of("started")));
        Map<String, String> both = Map.of("SPARK_HOME", temporary + "/spark", "WRONG", "no such option");
        assertThat(run(jdk("17.0.1"), both, script, "train")).isEqualTo(refused);
    }

    @Test
    void pathsAreNotLookedAtWhereTheyMayLieElsewhere() throws IOException, InterruptedException {
        Map<String, String> wrong = Map.of("WRONG", "no such option");
        Result options = new Result(2, List.of("checked options: no such option"));
        Map<String, String> hadoop = Map.of("WRONG", "no such option", "HADOOP_CONF_DIR", "/etc/hadoop");
        assertThat(run(jdk("17.0.1"), hadoop, script, "train")).isEqualTo(options);
        String elsewhere = "spark.hadoop.fs.defaultFS=hdfs://host";
        assertThat(run(jdk("17.0.1"), wrong, script, "--conf", elsewhere, "train"))
                .isEqualTo(options);
        Files.writeString(home.resolve("conf/spark-defaults.conf"), elsewhere.replace('=', ' '));
        assertThat(run(jdk("17.0.1"), wrong, script, "train")).isEqualTo(options);
        // The driver may find other files, and other options in a --config.
        assertThat(run(jdk("17.0.1"), wrong, script, "--deploy-mode", "cluster", "train")
                        .exitCode())
                .isZero();
    }

    @Test
    void whatIsShippedIsBesideTheScriptAndAUsersPathsAreFromWhereTheyStand() throws IOException, InterruptedException {
        Map<String, String> show = Map.of("SHOW", "1");
        List<String> elsewhere =
                run(jdk("17.0.1"), show, script, "train", "--model", "mine").lines();
        assertThat(elsewhere).contains("home " + home + "/", "<mine>");
        Map<String, String> another = Map.of("SHOW", "1", "KINDLING_HOME", "/another/");
        assertThat(run(jdk("17.0.1"), another, home, script, "train").lines()).contains("home none");
    }

    @Test
    void aSparkHomeWithoutSparkSubmitIsRefused() throws IOException, InterruptedException {
        Result refused = run(jdk("17.0.1"), Map.of("SPARK_HOME", temporary.toString()), script, "train");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.lines())
                .singleElement()
                .asString()
                .contains(temporary + ", which has no bin/spark-submit", "unset it");
    }

    /** An installation whose spark-submit is a line of shell. */
    private String sparkThatSays(String line) throws IOException {
        Path spark = temporary.resolve("spark");
        executable(Files.createDirectories(spark.resolve("bin")).resolve("spark-submit"), line);
        return spark.toString();
    }

    private static void executable(Path script, String line) throws IOException {
        Files.writeString(script, "#!/bin/sh\n" + line + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void aUsersJarsAndJavaOptionsAreAddedToKindlingsOwn() throws IOException, InterruptedException {
        String own = Files.createFile(home.resolve("target/lib/own.jar")).toString();
        String[] arguments = {
            "--jars", "a.jar,b.jar", "--conf", "spark.jars=c.jar", "--driver-java-options", "-Dmine=1", "train"
        };
        Map<String, String> installed = Map.of("SPARK_HOME", sparkThatSays("printf '<%s>\\n' \"$@\""));
        for (Map<String, String> environment : List.of(Map.<String, String>of(), installed)) {
            List<String> lines =
                    run(jdk("17.0.1"), environment, script, arguments).lines();
            assertThat(lines)
                    .containsSubsequence("<--jars>", "<" + own + ",a.jar,b.jar,c.jar>")
                    .containsSubsequence("<--driver-java-options>", "<-Dmine=1>");
            assertThat(lines.stream().filter(line -> line.matches("<--jars>|<spark.jars=.*>|<--driver-java-options>")))
                    .hasSize(2);
        }
        assertThat(run(jdk("17.0.1"), installed, script, "train").lines())
                .contains("<spark.driver.defaultJavaOptions=\"-Dlog4j2.configurationFile=file:" + home
                        + "/conf/log4j2.properties\">");
        assertThat(run(jdk("17.0.1"), Map.of(), script, "--jars", "a.jar"))
                .isEqualTo(new Result(
                        2, List.of("submit.sh: found no command after --jars a.jar; see: ./submit.sh --help")));
    }

    /** Maven's own option leaves out their compiler. In pom.xml whether unit tests run has a property of its own. */
    @Test
    void aBuildRunsNoTestsEvenIfThereAreSomeFromBefore() throws IOException, InterruptedException {
        Files.delete(home.resolve("target/submit.built"));
        Path bin = Files.createDirectories(temporary.resolve("bin"));
        executable(bin.resolve("mvn"), "echo \"mvn $* .\"; printf '4.2.0 kindling.jar' >target/submit.built");
        Map<String, String> maven = Map.of("PATH", bin + ":" + System.getenv("PATH"));
        assertThat(run(jdk("17.0.1"), maven, script, "--help").lines().get(1))
                .startsWith("mvn ")
                .contains(" package ", " -Dmaven.test.skip ", " -Dunit.skip ");
        assertThat(Path.of("pom.xml")).content().contains("<skip>${unit.skip}</skip>");
    }

    /** Tried with bash 3.2 by hand; this is what is easily written and is not there. */
    @Test
    void nothingNeedsANewerBashOrToolsThanThoseOfMacOs() throws IOException {
        assertThat(Files.readAllLines(script))
                .filteredOn(line -> !line.startsWith("#"))
                .noneMatch(line -> line.matches(
                        ".*(\\b(mapfile|readarray|coproc|(declare|local) -[nAg]|readlink -f|realpath|sed -i|stat -c)\\b"
                                + "|\\$\\{\\w+(,|\\^|@[A-Z])|&>>|\\|&|-v \\w+ \\]\\]).*"));
    }
}
