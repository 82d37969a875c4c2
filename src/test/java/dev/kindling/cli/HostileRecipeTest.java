package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.Mutations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damaged recipe files end like any wrong command line: with one line, and nothing else. */
@Timeout(120)
class HostileRecipeTest {
    private static final long MEMORY = 32 << 20;

    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path temporary;

    @BeforeEach
    void capture() {
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setErr(realErr);
    }

    /** Reads a recipe up to where training would start; the wrong --partitions is looked at last. */
    private void read(byte[] recipe) throws IOException {
        Path file = Files.write(temporary.resolve("recipe.properties"), recipe);
        err.reset();
        int exitCode = Main.run("train", "--config", file.toString(), "--partitions", "0");
        List<String> lines = err.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines.get(0)).startsWith("kindling: ").doesNotContain("(--verbose shows where)");
        assertThat(lines).hasSizeLessThanOrEqualTo(exitCode == 1 ? 1 : 3);
        assertThat(exitCode).isIn(1, 2);
    }

    @Test
    void damagedRecipesAreReadOrRefusedInOneLine() throws IOException {
        String recipe = Files.readString(Path.of("conf/default.properties")).replaceAll("(?m)^#.*\n", "");
        Mutations.damage(recipe.getBytes(StandardCharsets.UTF_8), 500, MEMORY, this::read);
    }
}
