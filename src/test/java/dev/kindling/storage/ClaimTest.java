package dev.kindling.storage;

import static dev.kindling.storage.TextOutputs.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kindling.error.KindlingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs on an object store, and what a kill leaves of them. */
class ClaimTest {
    private static final Configuration CONFIGURATION = MortalFileSystem.in(new Configuration());
    private static final List<String> FILES = List.of("a", "folder/b", "mark", "z");

    @TempDir
    private Path temporary;

    private final List<String> warnings = new ArrayList<>();

    @AfterEach
    void live() {
        MortalFileSystem.live();
    }

    private OutputDirectory open(Path place, boolean overwrite) {
        return OutputDirectory.open(
                CONFIGURATION, MortalFileSystem.storeUri(place.resolve("output")), "mark", overwrite, warnings::add);
    }

    private static OutputDirectory.Writer text(String text, String... more) {
        List<String> names = Stream.concat(FILES.stream(), Stream.of(more)).toList();
        return TextOutputs.writer(CONFIGURATION, names, text);
    }

    private void write(Path place, String text, String... more) {
        open(place, true).write(text(text, more));
    }

    /** The one text of all its files; "nothing" if it does not count as there. */
    private static String content(Path place) throws IOException {
        Path output = place.resolve("output");
        if (!Files.exists(output.resolve("mark"))) {
            return "nothing";
        }
        TreeSet<String> texts = new TreeSet<>();
        for (Path file : files(output)) {
            texts.add(Files.readString(file));
        }
        assertThat(texts).hasSize(1);
        assertThat(files(output)).hasSize(FILES.size() + (texts.first().equals("old") ? 1 : 0));
        return texts.first();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Makes all claims older than any that lives. */
    private static void anHourPasses(Path place) throws IOException {
        for (Path file : files(place)) {
            if (file.toString().endsWith(".claim")) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
            }
        }
    }

    private static boolean dies(Runnable write) {
        Throwable thrown = catchThrowable(write::run);
        MortalFileSystem.live();
        assertThat(thrown == null || thrown.getMessage().contains("cannot write there: killed"))
                .as(Objects.toString(thrown))
                .isTrue();
        return thrown != null;
    }

    private static void putRightLater(Path place) throws IOException {
        TextOutputs.putRightLater(CONFIGURATION, MortalFileSystem.storeUri(place));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "old"})
    void afterAKillAtAnyOperationTheNextCommandFindsTheOldOrTheNewOneWhole(String before) throws IOException {
        TreeSet<String> found = new TreeSet<>();
        boolean killed = true;
        for (int changes = 0; killed; changes++) {
            Path place = Files.createDirectory(temporary.resolve("place-" + changes));
            if (before.equals("old")) {
                write(place, "old", "superfluous");
            }
            MortalFileSystem.dieAfter(changes);
            killed = dies(() -> write(place, "new"));
            String left = content(place);
            assertThat(left).isIn(before, "nothing", "new");
            anHourPasses(place);
            warnings.clear();
            open(place, true);
            found.add(content(place));
            assertThat(content(place)).isIn(before, "new");
            assertThat(warnings)
                    .hasSize(left.equals("nothing") && !content(place).equals("nothing") ? 1 : 0);
            putRightLater(place);
            assertThat(names(place)).isSubsetOf("output");
            assertThat(names(place)).hasSize(content(place).equals("nothing") ? 0 : 1);
        }
        assertThat(found).containsExactlyInAnyOrder(before, "new");
    }

    /** A command that goes on with what another has begun may be killed too. */
    @Test
    void afterAKillAtAnyOperationOfPuttingItRightThatIsDoneAgain() throws IOException {
        for (int first : List.of(16, 22, 28, 34)) {
            boolean killed = true;
            for (int second = 0; killed; second++) {
                Path place = Files.createDirectories(temporary.resolve("place-" + first + "-" + second));
                write(place, "old", "superfluous");
                MortalFileSystem.dieAfter(first);
                dies(() -> write(place, "new"));
                anHourPasses(place);
                MortalFileSystem.dieAfter(second);
                killed = dies(() -> open(place, true));
                assertThat(content(place)).isIn("old", "nothing", "new");
                anHourPasses(place);
                open(place, true);
                assertThat(content(place)).isIn("old", "new");
                putRightLater(place);
                assertThat(names(place)).containsExactly("output");
            }
        }
    }

    @Test
    void ofTwoWritersAtOnceOneIsThereWholeAndTheOtherSaysSo() throws IOException {
        for (int round = 0; round < 20; round++) {
            Path place = Files.createDirectory(temporary.resolve("place-" + round));
            List<String> names = List.of("one", "two");
            List<OutputDirectory> outputs =
                    names.stream().map(name -> open(place, false)).toList();
            List<Throwable> errors = TextOutputs.writeAtOnce(
                    outputs, names.stream().map(ClaimTest::text).toList());
            assertThat(errors)
                    .singleElement()
                    .isInstanceOf(KindlingException.class)
                    .asString()
                    .contains("output: exists already; choose another place");
            assertThat(content(place)).isIn(names);
            assertThat(names(place)).containsExactly("output");
        }
    }

    @Test
    void aClaimThatIsYoungIsWaitedForAndNotTouched() throws IOException {
        write(temporary, "old", "superfluous");
        String theirs = HiddenNeighbours.of(new org.apache.hadoop.fs.Path("/output"))
                .claim()
                .getName();
        Path claim = Files.writeString(temporary.resolve(theirs), "move mark");
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> write(temporary, "new"));
        while (names(temporary).size() < 3) {
            Thread.onSpinWait(); // until it has claimed the place too, or is about to
        }
        assertThat(content(temporary)).isEqualTo("old");
        Files.delete(claim);
        other.join();
        assertThat(content(temporary)).isEqualTo("new");
        assertThat(names(temporary)).containsExactly("output");
    }

    @Test
    void whatIsNoOutputIsNotReplacedAlsoIfItComesInTheLastMoment() throws IOException {
        OutputDirectory output = open(temporary, true);
        assertThatThrownBy(() -> output.write(directory -> Files.writeString(
                        Files.createDirectory(temporary.resolve("output")).resolve("theirs"), "theirs")))
                .hasMessageContaining("holds no mark, so it is no output of this kind");
        assertThat(names(temporary.resolve("output"))).containsExactly("theirs");
        assertThat(names(temporary)).containsExactly("output");
    }

    @Test
    void aFileIsWrittenInItsPlaceAndIsNotThereIfThatFails() throws IOException {
        String file = MortalFileSystem.storeUri(temporary.resolve("file"));
        OutputFile.open(CONFIGURATION, file, false).write(out -> out.write('a'));
        assertThatThrownBy(() -> OutputFile.open(CONFIGURATION, file, true).write(out -> {
                    out.write('b');
                    throw new IOException("full");
                }))
                .hasMessageContaining("cannot write there: full");
        assertThat(temporary.resolve("file")).content().isEqualTo("a");
        OutputFile.open(CONFIGURATION, file, true).assemble((folder, out) -> out.write('c'));
        assertThat(temporary.resolve("file")).content().isEqualTo("c");
        assertThat(names(temporary)).containsExactly("file");
    }
}
