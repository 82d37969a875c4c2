package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kindling.SparkTest;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Initialisation;
import dev.kindling.storage.Model;
import dev.kindling.storage.ModelStore;
import dev.kindling.storage.OutputDirectory;
import dev.kindling.storage.OutputFile;
import dev.kindling.storage.Provenance;
import dev.kindling.storage.TextOutputs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Directories and files on S3, through hadoop-aws: killed writers, several writers, and readers meanwhile. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class OutputS3IT {
    private static final String OUTPUT = S3Server.ROOT + "place/output";

    private static S3Server server;
    private static S3Store store;
    private static Configuration configuration;
    private static FileSystem files;

    @BeforeAll
    static void start() throws Exception {
        server = new S3Server();
        store = server.store();
        configuration = server.set(new Configuration());
        files = new Path(S3Server.ROOT).getFileSystem(configuration);
    }

    @AfterAll
    static void stop() throws Exception {
        files.close();
        server.stop();
    }

    /** Nothing but outputs, and no folder beside them either. */
    @AfterEach
    void nothingIsLeft() throws IOException {
        store.live();
        assertThat(store.keys()).noneMatch(key -> key.contains("/."));
        files.delete(new Path(S3Server.ROOT + "place"), true);
        assertThat(store.keys()).isEmpty();
    }

    private static void write(String text) {
        S3Writer.open(configuration, OUTPUT, true).write(S3Writer.text(configuration, text));
    }

    /** The one text of all files; "nothing" if the directory does not count as there. */
    private static String content() throws IOException {
        if (!store.keys().contains("place/output/" + S3Writer.MARK)) {
            return "nothing";
        }
        List<String> keys = store.keys("place/output/");
        assertThat(keys).hasSize(4);
        Set<String> texts = new TreeSet<>();
        for (String key : keys) {
            texts.add(read(S3Server.ROOT + key));
        }
        assertThat(texts).hasSize(1);
        return texts.iterator().next();
    }

    private static String read(String place) throws IOException {
        try (InputStream in = files.open(new Path(place))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void whereverChangesStopTheNextCommandFindsTheOldOrTheNewOneWhole() throws IOException {
        Set<String> left = new TreeSet<>();
        Set<String> found = new TreeSet<>();
        boolean killed = true;
        for (int changes = 0; killed; changes++) {
            write("old");
            store.refuseAfter(changes);
            Throwable thrown = catchThrowable(() -> write("new"));
            store.live();
            killed = thrown != null;
            left.add(content());
            store.anHourPasses();
            S3Writer.open(configuration, OUTPUT, true);
            found.add(content());
        }
        assertThat(left).containsExactlyInAnyOrder("old", "nothing", "new");
        assertThat(found).containsExactlyInAnyOrder("old", "new");
        deleteStaging();
    }

    /** What was staged before a claim was made goes after a day. */
    private static void deleteStaging() throws IOException {
        for (String key : store.keys("place/.output.")) {
            assertThat(key).contains(".new/");
            files.delete(new Path(S3Server.ROOT + key), false);
        }
    }

    @Test
    void aWriterThatIsKilledLeavesNothingThatIsTakenForAnOutput() throws Exception {
        for (String moment : List.of(
                "PUT .*claim",
                "DELETE place/output/mark",
                "DELETE .*/z",
                "COPY .*/a",
                "COPY .*/z",
                "COPY .*/mark",
                "DELETE .*[.]claim")) {
            write("old");
            store.holdFrom(request -> request.matches(moment));
            List<String> command = new ArrayList<>(List.of(
                    java.nio.file.Path.of(System.getProperty("java.home"), "bin", "java")
                            .toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    S3Writer.class.getName(),
                    OUTPUT,
                    "new"));
            server.set(new Configuration(false)).forEach(entry -> {
                command.add(entry.getKey());
                command.add(entry.getValue());
            });
            Process writer = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                store.awaitHeld();
                Submission.signal("KILL", writer.toHandle());
            } finally {
                writer.destroyForcibly();
            }
            store.live();
            assertThat(content()).as(moment).isIn("old", "nothing", "new");
            store.anHourPasses();
            S3Writer.open(configuration, OUTPUT, true);
            assertThat(content()).as(moment).isEqualTo(moment.startsWith("PUT") ? "old" : "new");
            deleteStaging();
        }
    }

    @Test
    void ofTwoWritersAtOnceOneIsThereWholeAndTheOtherSaysSo() throws IOException {
        List<String> texts = List.of("one", "two");
        for (int round = 0; round < 8; round++) {
            List<OutputDirectory> outputs = texts.stream()
                    .map(text -> S3Writer.open(configuration, OUTPUT, false))
                    .toList();
            List<Throwable> errors = TextOutputs.writeAtOnce(
                    outputs,
                    texts.stream()
                            .map(text -> S3Writer.text(configuration, text))
                            .toList());
            assertThat(errors)
                    .singleElement()
                    .isInstanceOf(KindlingException.class)
                    .asString()
                    .contains("output: exists already; choose another place");
            assertThat(content()).isIn(texts);
            files.delete(new Path(OUTPUT), true);
        }
    }

    @Test
    void aReaderSeesTheOldModelOrTheNewOneWhole() {
        SparkSession spark = SparkTest.session();
        server.set(spark.sparkContext().hadoopConfiguration());
        List<Model> models = List.of(model(1), model(2));
        save(models.get(0));
        CompletableFuture<Void> writer =
                CompletableFuture.runAsync(() -> IntStream.range(0, 12).forEach(k -> save(models.get((k + 1) % 2))));
        Set<String> seen = new TreeSet<>();
        while (!writer.isDone()) {
            ModelStore.WithHistory found = ModelStore.loadWithHistory(spark, OUTPUT, warning -> {});
            seen.add(found.model().digest());
        }
        writer.join();
        assertThat(seen)
                .containsExactlyInAnyOrder(models.get(0).digest(), models.get(1).digest());
    }

    private static void save(Model model) {
        SparkSession spark = SparkTest.session();
        ModelStore.save(spark, ModelStore.open(spark, OUTPUT, true, warning -> {}), model, List.of(), directory -> {});
    }

    private static Model model(long seed) {
        Architecture layers = Architecture.parse("16,3,10");
        return new Model(layers, Initialisation.UNIFORM.draw(layers, seed), Provenance.imported("test", ""));
    }

    @Test
    void aFileIsThereWholeOrNotAtAll() throws IOException {
        String place = S3Server.ROOT + "place/file.csv";
        OutputFile.open(configuration, place, false).write(out -> out.write('a'));
        assertThatThrownBy(() -> OutputFile.open(configuration, place, true).write(out -> {
                    out.write('b');
                    throw new IOException("full");
                }))
                .hasMessageContaining("cannot write there: full");
        assertThat(read(place)).isEqualTo("a");
        OutputFile.open(configuration, place, true).assemble((folder, out) -> {
            files.create(new Path(folder, "part")).close();
            out.write('c');
        });
        assertThat(read(place)).isEqualTo("c");
        assertThatThrownBy(() -> OutputFile.open(configuration, place, false)).hasMessageContaining("exists already");
        assertThat(store.keys("place/")).containsExactly("place/file.csv");
    }
}
