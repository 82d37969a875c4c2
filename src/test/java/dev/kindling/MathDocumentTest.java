package dev.kindling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/the-math.md says which method computes what: they must exist. */
class MathDocumentTest {
    private static final Path DOCS = Path.of("docs");
    /** A row of the table that begins the document: a method of the textbook, its formula, the Spark job's methods. */
    private static final String TEXTBOOK_ROW = "\n\\| `([a-z][A-Za-z]*)` \\|";

    private static String text() throws IOException {
        return Files.readString(DOCS.resolve("the-math.md"));
    }

    private static List<String> matches(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();
    }

    private static boolean exists(String name) {
        String[] classAndMethod = name.split("\\.", -1);
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            return sources.filter(path -> path.getFileName().toString().equals(classAndMethod[0] + ".java"))
                    .map(path -> Path.of("src/main/java").relativize(path).toString())
                    .map(path ->
                            path.substring(0, path.length() - ".java".length()).replace('/', '.'))
                    .flatMap(MathDocumentTest::methods)
                    .anyMatch(method -> method.getName().equals(classAndMethod[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Method> methods(String className) {
        try {
            return Arrays.stream(Class.forName(className, false, MathDocumentTest.class.getClassLoader())
                    .getDeclaredMethods());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyMethodItNamesExists() throws IOException {
        List<String> names = matches("`([A-Z][A-Za-z]*\\.[a-z][A-Za-z]*)`", text());
        assertThat(names).hasSizeGreaterThan(25).allMatch(MathDocumentTest::exists);
    }

    @Test
    void everyMethodOfTheTextbookThatItNamesExists() throws IOException {
        String textbook = Files.readString(DOCS.resolve("textbook/NeuralNetwork.java"));
        assertThat(matches(TEXTBOOK_ROW, text()))
                .hasSizeGreaterThan(8)
                .allSatisfy(name -> assertThat(textbook).containsPattern("    static [A-Za-z\\[\\]]+ " + name + "\\("));
    }

    @Test
    void everySectionWithAFormulaNamesAMethod() throws IOException {
        for (String section : text().split("\n## ", -1)) {
            if (section.contains("$$")) {
                assertThat(section).containsPattern("`[A-Z][A-Za-z]*\\.[a-z]");
            }
        }
    }

    @Test
    void everyFigureIsThereAndSmall() throws IOException {
        List<String> figures = matches("!\\[[^]]*\\]\\(([^)]+)\\)", text());
        assertThat(figures).isNotEmpty();
        for (String figure : figures) {
            assertThat(DOCS.resolve(figure)).exists();
            assertThat(Files.size(DOCS.resolve(figure))).isBetween(1_000L, 300_000L);
        }
    }

    @Test
    void mathIsOfTheKindThatGitHubRenders() throws IOException {
        Matcher marks = Pattern.compile("\\$\\$").matcher(text());
        assertThat(marks.results().count() % 2).isZero();
        assertThat(text()).doesNotContain("\\[", "\\(", "\\begin{align");
    }
}
