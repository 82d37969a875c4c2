package dev.kindling.storage;

import static dev.kindling.storage.TextOutputs.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.error.KindlingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a kill leaves of an output, and what the next command makes of it. */
class OutputDirectoryTest {
    private static final Configuration CONFIGURATION = MortalFileSystem.in(new Configuration());
    private static final List<String> FILES = List.of("a", "b", "mark");

    @TempDir
    private Path temporary;

    private final List<String> warnings = new ArrayList<>();

    @AfterEach
    void live() {
        MortalFileSystem.live();
    }

    private OutputDirectory open(Path place) {
        return OutputDirectory.open(
                CONFIGURATION, MortalFileSystem.uri(place.resolve("output")), "mark", true, warnings::add);
    }

    private void write(Path place, String text) {
        open(place).write(TextOutputs.writer(CONFIGURATION, FILES, text));
    }

    private static boolean writes(Runnable write) {
        try {
            write.run();
            return true;
        } catch (KindlingException e) {
            assertThat(e).hasMessageContaining("cannot write there: killed");
            return false;
        }
    }

    /** The one text of all its files, or "nothing". */
    private static String content(Path place) throws IOException {
        Path output = place.resolve("output");
        if (!Files.exists(output)) {
            return "nothing";
        }
        assertThat(names(output)).isEqualTo(FILES);
        TreeSet<String> texts = new TreeSet<>();
        for (String name : FILES) {
            texts.add(Files.readString(output.resolve(name)));
        }
        assertThat(texts).hasSize(1);
        return texts.first();
    }

    private static void putRightLater(Path place) throws IOException {
        TextOutputs.putRightLater(CONFIGURATION, MortalFileSystem.uri(place));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "old"})
    void afterAKillAtAnyOperationTheNextCommandFindsTheOldOrTheNewOneWhole(String before) throws IOException {
        TreeSet<String> found = new TreeSet<>();
        int changes = 0;
        boolean saved = false;
        for (; !saved; changes++) {
            Path place = Files.createDirectory(temporary.resolve("place-" + changes));
            if (before.equals("old")) {
                write(place, "old");
            }
            MortalFileSystem.dieAfter(changes);
            saved = writes(() -> write(place, "new"));
            MortalFileSystem.live();
            boolean isThere = Files.exists(place.resolve("output"));
            warnings.clear();
            open(place);
            found.add(content(place));
            assertThat(content(place)).isIn(before, "new");
            assertThat(warnings).hasSize(isThere || before.equals("nothing") ? 0 : 1);
            putRightLater(place);
            assertThat(names(place)).isSubsetOf("output");
        }
        assertThat(content(temporary.resolve("place-" + (changes - 1)))).isEqualTo("new");
        assertThat(found).containsExactlyInAnyOrder(before, "new");
        assertThat(changes).isGreaterThan(10);
    }

    /** A command that puts right what another has left may be killed too. */
    @Test
    void afterAKillAtAnyOperationOfPuttingItRightThatIsDoneAgain() throws IOException {
        boolean done = false;
        for (int changes = 0; !done; changes++) {
            Path place = Files.createDirectory(temporary.resolve("place-" + changes));
            HiddenNeighbours neighbours = HiddenNeighbours.of(new org.apache.hadoop.fs.Path("/place/output"));
            write(place, "new");
            Files.move(place.resolve("output"), place.resolve(neighbours.fresh().getName()));
            write(place, "old");
            Files.move(place.resolve("output"), place.resolve(neighbours.old().getName()));
            MortalFileSystem.dieAfter(changes);
            done = writes(() -> open(place));
            MortalFileSystem.live();
            open(place);
            assertThat(content(place)).isEqualTo("new");
            putRightLater(place);
            assertThat(names(place)).containsExactly("output");
        }
        assertThat(warnings)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line)
                        .contains("/output: a command was killed while it replaced this; its new one is complete")
                        .hasLineCount(1));
    }

    @Test
    void toLookWhetherItCanBeWrittenLeavesNoDirectoryBehind() throws IOException {
        open(temporary.resolve("of a run/and another"));
        assertThat(temporary).isEmptyDirectory();
        Path there = Files.createDirectory(temporary.resolve("of a run"));
        open(there.resolve("and another"));
        assertThat(there).isEmptyDirectory();
    }

    @Test
    void nothingIsLeftToBeDeletedOnExitWhenAllIsWrittenOrHasFailed() throws IOException {
        MortalFileSystem.deletedOnExit().clear();
        write(temporary, "new");
        assertThatThrownBy(() -> open(temporary).write(directory -> {
                    throw new IOException("full");
                }))
                .hasMessageContaining("full");
        assertThat(MortalFileSystem.deletedOnExit()).isEmpty();
    }

    @Test
    void whatIsBeingWrittenByAnotherCommandStays() throws IOException {
        write(temporary, "old");
        String fresh = HiddenNeighbours.of(new org.apache.hadoop.fs.Path("/output"))
                .fresh()
                .getName();
        Files.createDirectory(temporary.resolve(fresh));
        Files.createDirectory(temporary.resolve(".output"));
        write(temporary, "new");
        assertThat(names(temporary)).containsExactly(".output", fresh, "output");
        putRightLater(temporary);
        assertThat(names(temporary)).containsExactly(".output", "output");
    }

    @Test
    void aDirectoryThatComesToBeInTheLastMomentIsNotMovedInto() throws IOException {
        Path theirs = temporary.resolve("output");
        OutputDirectory output = open(temporary);
        MortalFileSystem.beforeRename(() -> {
            try {
                Files.writeString(Files.createDirectory(theirs).resolve("mark"), "theirs");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertThatThrownBy(() -> output.write(directory -> {}))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("has come to be there meanwhile");
        assertThat(names(theirs)).containsExactly("mark");
        assertThat(names(temporary)).containsExactly("output");
    }
}
