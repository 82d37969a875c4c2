package dev.kindling.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.error.KindlingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
    @TempDir
    private Path temporary;

    private OutputFile open(String name, boolean overwrite) {
        return OutputFile.open(new Configuration(), temporary.resolve(name).toString(), overwrite);
    }

    private String text() throws IOException {
        return Files.readString(temporary.resolve("file"));
    }

    private long files() throws IOException {
        try (var files = Files.list(temporary)) {
            return files.filter(file -> !file.toString().endsWith(".crc")).count();
        }
    }

    @Test
    void aFileIsReplacedOnlyWhenAsked() throws IOException {
        open("file", false).write(out -> out.write('a'));
        assertThatThrownBy(() -> open("file", false))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("exists already")
                .hasMessageContaining("replace it with overwrite");
        assertThat(text()).isEqualTo("a");
        open("file", true).write(out -> out.write('b'));
        assertThat(text()).isEqualTo("b");
        assertThat(files()).isEqualTo(1);
    }

    @Test
    void aWriteThatFailsLeavesTheOldFileAndNothingElse() throws IOException {
        open("file", false).write(out -> out.write('a'));
        assertThatThrownBy(() -> open("file", true).write(out -> {
                    out.write('b');
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("No space left on device");
        assertThat(text()).isEqualTo("a");
        assertThat(files()).isEqualTo(1);
    }

    @Test
    void aWriterThatSaysWhatIsWrongIsHeardAndLeavesNothing() throws IOException {
        assertThatThrownBy(() -> open("file", false).assemble((folder, out) -> {
                    Files.writeString(Path.of(folder.toUri()).resolve("part"), "a");
                    throw new KindlingException("row 4: found nothing good");
                }))
                .hasMessage("row 4: found nothing good");
        assertThat(files()).isZero();
    }

    @Test
    void aFileIsPutTogetherOfOthers() throws IOException {
        open("file", false).assemble((folder, out) -> {
            Path part = Path.of(folder.toUri()).resolve("part");
            Files.writeString(part, "a");
            Files.copy(part, out);
        });
        assertThat(text()).isEqualTo("a");
        assertThat(files()).isEqualTo(1);
    }

    @Test
    void aDirectoryIsNeverReplaced() throws IOException {
        Files.createDirectory(temporary.resolve("file"));
        assertThatThrownBy(() -> open("file", true))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("found a directory");
    }

    @Test
    void aPlaceThatCannotBeWrittenIsOneLine() throws IOException {
        Files.writeString(temporary.resolve("file"), "");
        assertThatThrownBy(() -> open("file/below", false).write(out -> out.write('a')))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("cannot write there");
    }
}
