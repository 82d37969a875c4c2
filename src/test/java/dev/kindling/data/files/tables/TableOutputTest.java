package dev.kindling.data.files.tables;

import static dev.kindling.data.files.DataFiles.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.SparkTest;
import dev.kindling.error.KindlingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class TableOutputTest {
    private static final SparkSession SPARK = SparkTest.session();

    @TempDir
    Path directory;

    private TableOutput open(String name, boolean overwrite) {
        return TableOutput.open(SPARK, directory.resolve(name).toString(), overwrite, line -> {
            throw new AssertionError(line);
        });
    }

    /** Of several partitions, in order. */
    private static Dataset<Row> rows() {
        return SPARK.range(0, 5, 1, 3)
                .selectExpr(
                        "id",
                        "case id when 1 then 'say \"hi\", you' when 2 then 'two\nlines' when 3 then null else ' x ' end"
                                + " as `a \"name\"`",
                        "id / 2 as half");
    }

    private static Dataset<Row> failing() {
        return SPARK.range(0, 5, 1, 3)
                .map(
                        (MapFunction<Long, Long>) id -> {
                            if (id == 4) {
                                throw new KindlingException("row 4: found nothing good");
                            }
                            return id;
                        },
                        Encoders.LONG())
                .toDF();
    }

    /** All that is there, hidden or not, but Hadoop's checksums. */
    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".crc"))
                    .sorted()
                    .toList();
        }
    }

    private List<String> readAgain(String name) {
        return TableFiles.open(SPARK, directory.resolve(name).toString(), TableFiles.Options.GUESS)
                .rows()
                .orderBy("id")
                .toJSON()
                .collectAsList();
    }

    @Test
    void csvIsOneFileWithAHeaderAndTheRowsInTheirOrder() throws IOException {
        String expected = """
                id,"a ""name""\",half
                0, x ,0.0
                1,"say ""hi"", you",0.5
                2,"two
                lines",1.0
                3,,1.5
                4, x ,2.0
                """;
        open("a.csv", false).write(rows());
        assertThat(directory.resolve("a.csv")).hasContent(expected);
        open("a.csv.gz", false).write(rows());
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(directory.resolve("a.csv.gz")))) {
            assertThat(in).hasContent(expected);
        }
        assertThat(names()).containsExactly("a.csv", "a.csv.gz");
        assertThat(readAgain("a.csv")).hasSize(5).isEqualTo(readAgain("a.csv.gz"));
        assertThat(readAgain("a.csv").get(1))
                .isEqualTo("{\"id\":1,\"a \\\"name\\\"\":\"say \\\"hi\\\", you\",\"half\":0.5}");
    }

    @Test
    void jsonIsOneFileOfAnObjectALine() throws IOException {
        open("a.jsonl", false).write(rows().selectExpr("id", "array(half) as x", "nullif(id, 1) as n"));
        assertThat(directory.resolve("a.jsonl")).hasContent("""
                        {"id":0,"x":[0.0],"n":0}
                        {"id":1,"x":[0.5],"n":null}
                        {"id":2,"x":[1.0],"n":2}
                        {"id":3,"x":[1.5],"n":3}
                        {"id":4,"x":[2.0],"n":4}
                        """);
        open("a.json.gz", false).write(rows());
        assertThat(readAgain("a.json.gz")).hasSize(5);
        assertThat(names()).containsExactly("a.json.gz", "a.jsonl");
    }

    @Test
    void parquetIsOneFileOrAFolder() throws IOException {
        open("a.parquet", false).write(rows());
        open("folder", false).write(rows());
        assertThat(directory.resolve("a.parquet")).isRegularFile();
        assertThat(directory.resolve("folder/_SUCCESS")).isRegularFile();
        assertThat(readAgain("a.parquet")).hasSize(5).isEqualTo(readAgain("folder"));
        assertThat(names()).containsExactly("a.parquet", "folder");
    }

    @Test
    void aTableWithoutRowsHasItsColumns() throws IOException {
        open("a.csv", false).write(rows().where("id < 0"));
        assertThat(directory.resolve("a.csv")).hasContent("id,\"a \"\"name\"\"\",half\n");
        open("a.parquet", false).write(rows().where("id < 0"));
        assertThat(SPARK.read()
                        .parquet(directory.resolve("a.parquet").toString())
                        .columns())
                .containsExactly("id", "a \"name\"", "half");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.json", "a.parquet", "folder"})
    void whatIsThereIsReplacedOnlyWhereThatIsAskedFor(String name) throws IOException {
        open(name, false).write(rows());
        assertThat(failure(() -> open(name, false))).contains(name + ": exists already; choose another place");
        assertThat(failure(() -> open(name, true).write(failing()))).isEqualTo("row 4: found nothing good");
        assertThat(readAgain(name)).hasSize(5);
        open(name, true).write(rows().where("id = 2"));
        assertThat(readAgain(name)).hasSize(1);
        assertThat(names()).containsExactly(name);
    }

    @Test
    void aFolderThatSparkHasNotWrittenIsNeverReplaced() throws IOException {
        Files.createDirectory(directory.resolve("folder"));
        Files.createDirectory(directory.resolve("b.csv"));
        assertThat(failure(() -> open("folder", true))).contains("exists already and holds no _SUCCESS");
        assertThat(failure(() -> open("b.csv", true))).contains("found a directory, expected a file or nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.jsonl.gz", "a.parquet", "folder"})
    void aWriteThatFailsLeavesNothing(String name) throws IOException {
        assertThat(failure(() -> open(name, false).write(failing()))).isEqualTo("row 4: found nothing good");
        assertThat(names()).isEmpty();
    }

    @Test
    void whatAKilledWriteHasLeftIsHiddenAndDeletedADayLater() throws IOException {
        String id = "-00000000-0000-0000-0000-000000000000.new";
        Files.createDirectory(directory.resolve(".a.csv.1000" + id));
        String fresh = ".a.csv." + System.currentTimeMillis() + id;
        Files.createDirectory(directory.resolve(fresh));
        open("a.csv", false).write(rows());
        assertThat(names()).containsExactly(fresh, "a.csv");
    }

    @ParameterizedTest
    @ValueSource(strings = {"array(1)", "map('a', 1)", "named_struct('a', 1)", "X'00'"})
    void csvHasNoRoomForArrays(String column) throws IOException {
        String type = SPARK.sql("select " + column + " as x")
                .schema()
                .apply("x")
                .dataType()
                .simpleString();
        assertThat(failure(() -> open("a.csv", false).write(rows().selectExpr("id", column + " as features"))))
                .isEqualTo(directory + "/a.csv: found column features of type " + type + ", which CSV has no room for,"
                        + " expected a name that ends with .parquet or .json, or a table without this column");
        assertThat(names()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.tsv", "a.libsvm", "a.csv.bz2", "a.svm.gz"})
    void kindsThatAreOnlyReadAreRefused(String name) {
        assertThat(failure(() -> open(name, true)))
                .contains(name + ": found the name of a table that is read but not written");
    }

    @Test
    void aPlaceThatCannotBeWrittenIsOneLine() throws IOException {
        Files.writeString(directory.resolve("file"), "");
        assertThat(failure(() -> open("file/a.csv", false).write(rows()))).contains("file/a.csv: cannot write there: ");
        assertThat(failure(() -> open("file/folder", false))).contains("file/folder: cannot write there: ");
    }
}
