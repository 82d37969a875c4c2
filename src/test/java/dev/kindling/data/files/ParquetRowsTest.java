package dev.kindling.data.files;

import static dev.kindling.data.files.DataFiles.failure;
import static dev.kindling.data.files.DataFiles.open;
import static dev.kindling.data.files.DataFiles.rows;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.SparkTest;
import dev.kindling.data.LabelledRows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class ParquetRowsTest {
    private static final SparkSession SPARK = SparkTest.session();

    @TempDir
    Path directory;

    /** Two rows of the columns that the SQL expressions give. */
    private void write(String... columns) {
        write(SPARK.range(0, 2, 1, 1).selectExpr(columns));
    }

    private void write(Dataset<Row> rows) {
        rows.write()
                .mode("overwrite")
                .parquet(directory.resolve("x-train.parquet").toString());
    }

    /** The Parquet files, sorted by name. */
    private List<Path> files() {
        try (Stream<Path> files = Files.list(directory.resolve("x-train.parquet"))) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cast(array(0, 17, 127) as array<tinyint>)",
                "cast(array(0, 17, 127) as array<smallint>)",
                "array(0, 17, 127)",
                "cast(array(0, 17, 127) as array<bigint>)",
                "X'00117F'",
                "transform(array(0, 17, 127), x -> cast(x / 255 as float))",
                "transform(array(0, 17, 127), x -> x / cast(255 as double))"
            })
    void featuresMayBeNumbersPixelsOrBytes(String features) {
        write("id as label", features + " as features");
        LabelledRows data = open(directory);
        assertThat(data.count()).isEqualTo(2);
        assertThat(data.features()).isEqualTo(3);
        assertThat(data.source()).isEqualTo(directory + "/x-train.parquet");
        assertThat(data.rows().schema()).isEqualTo(LabelledRows.SCHEMA);
        assertThat(rows(data)).containsExactly("0 0 [0, 17, 127]", "1 1 [0, 17, 127]");
        assertThat(data.rows().first().<Float>getList(2)).containsExactly(0f, 17 / 255f, 127 / 255f);
    }

    /** Its numbers and bytes are in encodings of the DELTA family, unless it makes a dictionary of them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "array(0, 17, 127)",
                "cast(array(0, 17, 127) as array<bigint>)",
                "X'00117F'",
                "transform(array(0, 17, 127), x -> cast(x / 255 as float))"
            })
    void filesOfSparksSecondWriterAreRead(String features) {
        for (String dictionary : List.of("true", "false")) {
            SPARK.range(0, 1_000, 1, 1)
                    .selectExpr("id % 10 as label", features + " as features", "uuid() as note", "rand() as weight")
                    .write()
                    .mode("overwrite")
                    .option("parquet.writer.version", "v2")
                    .option("parquet.enable.dictionary", dictionary)
                    .parquet(directory.resolve("x-train.parquet").toString());
            assertThat(rows(open(directory))).hasSize(1_000).contains("17 7 [0, 17, 127]", "999 9 [0, 17, 127]");
        }
    }

    /** Sizes before its pages are, too. */
    @Test
    void aColumnThatIsNotReadMayBeDamaged() throws IOException {
        SPARK.range(0, 2_000, 1, 1)
                .selectExpr("id % 10 as label", "array(1) as features", "rand(1) as weight")
                .write()
                .option("parquet.page.row.count.limit", 100)
                .option("parquet.enable.dictionary", "false")
                .parquet(directory.resolve("x-train.parquet").toString());
        damage(0.4, 0.6);
        assertThat(rows(open(directory))).hasSize(2_000);
    }

    @Test
    void bytesAreUnsigned() {
        write("1 as label", "X'80FF' as features");
        assertThat(rows(open(directory))).containsExactly("0 1 [128, 255]", "1 1 [128, 255]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tinyint", "smallint", "int", "bigint"})
    void labelsMayBeOfAnyWholeType(String type) {
        write("cast(7 + id as " + type + ") as label", "array(1) as features");
        assertThat(rows(open(directory))).containsExactly("0 7 [1]", "1 8 [1]");
    }

    @Test
    void numbersAreTakenAsTheyAre() {
        write("1 as label", "array(-2.5f, float('NaN'), 1e30f) as features");
        assertThat(open(directory).rows().first().<Float>getList(2)).containsExactly(-2.5f, Float.NaN, 1e30f);
    }

    @Test
    void singleFileIsRead() throws IOException {
        write("id as label", "array(1) as features");
        Path only = files().get(0);
        Files.move(only, directory.resolve("train.parquet"));
        deleteFolder();
        assertThat(rows(open(directory))).containsExactly("0 0 [1]", "1 1 [1]");
    }

    private void deleteFolder() throws IOException {
        try (Stream<Path> all = Files.walk(directory.resolve("x-train.parquet"))) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void idsAreTheOrderOfFilesAndRowsHoweverSparkCutsThem() {
        write(SPARK.range(0, 5_000, 1, 5).selectExpr("id % 10 as label", "array(cast(id as float)) as features"));
        List<Float> expected = new ArrayList<>();
        for (Path file : files()) {
            SPARK.read()
                    .parquet(file.toString())
                    .selectExpr("features[0]")
                    .collectAsList()
                    .forEach(row -> expected.add(row.getFloat(0)));
        }
        for (String bytes : List.of("1g", "2000", "300")) { // of a task
            SPARK.conf().set("spark.sql.files.maxPartitionBytes", bytes);
            try {
                Dataset<Row> rows = open(directory).rows();
                assertThat(rows.orderBy("id").selectExpr("id", "features[0]").collectAsList())
                        .extracting(row -> expected.get((int) row.getLong(0)) == row.getFloat(1))
                        .hasSize(5_000)
                        .doesNotContain(false);
            } finally {
                SPARK.conf().unset("spark.sql.files.maxPartitionBytes");
            }
        }
    }

    @Test
    void idsStayWhenTheRowsAreFilteredOrPruned() {
        write(SPARK.range(0, 100, 1, 4).selectExpr("id % 10 as label", "array(1f) as features"));
        Dataset<Row> rows = open(directory).rows();
        assertThat(rows.where(col("id").equalTo(99)).count()).isEqualTo(1);
        assertThat(rows.select("id").distinct().count()).isEqualTo(100);
    }

    @Test
    void directoryNamesThatLookLikePatternsAreNames() throws IOException {
        write("id as label", "array(1) as features");
        Path odd = Files.createDirectory(directory.resolve("[b] {c,d} *? e%20f"));
        Files.move(files().get(0), odd.resolve("train.parquet"));
        assertThat(rows(open(odd))).containsExactly("0 0 [1]", "1 1 [1]");
    }

    @Test
    void missingColumnsAreRefused() {
        write("id as label", "array(1) as pixels");
        assertThat(failure(directory))
                .isEqualTo(directory + "/x-train.parquet: found columns label, pixels, expected label and features");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'1'", "1.0d", "true", "cast(1 as decimal(3,0))"})
    void labelsOfOtherTypesAreRefused(String label) {
        write(label + " as label", "array(1) as features");
        assertThat(failure(directory)).contains("x-train.parquet: found label of type ", "expected TINYINT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'1'", "1", "array('1')", "array(array(1))", "array(cast(1 as decimal(3,0)))"})
    void featuresOfOtherTypesAreRefused(String features) {
        write("1 as label", features + " as features");
        assertThat(failure(directory)).contains("x-train.parquet: found features of type ", "expected ARRAY of FLOAT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "256", "1000000"})
    void pixelOutOfRangeIsRefusedWithItsRow(String pixel) {
        write("1 as label", "array(0, if(id = 1, " + pixel + ", 0)) as features");
        assertThat(failure(directory))
                .isEqualTo(directory + "/x-train.parquet row 1: found pixel " + pixel + ", expected 0 to 255");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "10", "4294967296"})
    void labelOutOfRangeIsRefusedWithItsRow(String label) {
        write("if(id = 1, " + label + "L, 0L) as label", "array(0) as features");
        assertThat(failure(directory))
                .isEqualTo(directory + "/x-train.parquet row 1: found label " + label
                        + ", expected 0 to 9: number the classes from 0");
    }

    @Test
    void nullsAreRefusedWithTheirRow() {
        write("if(id = 1, null, 1) as label", "array(0) as features");
        assertThat(failure(directory)).contains("x-train.parquet row 1: found null, expected a label and features");
        write("1 as label", "if(id = 1, null, array(0)) as features");
        assertThat(failure(directory)).contains("x-train.parquet row 1: found null, expected a label and features");
        for (String type : List.of("float", "int")) {
            write("1 as label", "array(0, cast(if(id = 1, null, 0) as " + type + ")) as features");
            assertThat(failure(directory))
                    .contains("x-train.parquet row 1: found feature 1 is null, expected a number");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cast(null as array<float>)", "cast(array() as array<int>)", "X''", "cast(null as binary)"})
    void rowsWithoutFeaturesAreRefused(String features) {
        write("1 as label", features + " as features");
        assertThat(failure(directory)).contains("x-train.parquet: found a row without features, expected at least 1");
    }

    @Test
    void setWithoutRowsIsRefused() {
        write(SPARK.range(0).selectExpr("id as label", "array(1) as features"));
        assertThat(failure(directory)).contains("x-train.parquet: found no rows, expected at least 1");
    }

    @Test
    void emptyFolderIsRefused() throws IOException {
        Files.createDirectory(directory.resolve("train.parquet"));
        assertThat(failure(directory)).contains("/train.parquet: cannot be read as Parquet: ");
    }

    @Test
    void fileThatIsNotParquetIsRefused() {
        DataFiles.write(directory, "train.parquet", "1,2,3\n".repeat(10));
        assertThat(failure(directory)).contains("/train.parquet: cannot be read as Parquet: ", "is not a Parquet file");
    }

    @Test
    void footerThatClaimsGigabytesIsRefusedBeforeSparkReadsIt() throws IOException {
        write("id as label", "array(1) as features");
        Path file = files().get(0);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length - 8, Integer.MAX_VALUE);
        Files.write(file, bytes);
        Files.delete(file.resolveSibling("." + file.getFileName() + ".crc")); // or Hadoop's own check finds it
        assertThat(failure(directory))
                .contains("x-train.parquet: cannot be read as Parquet: ", "footer bytes: found 21");
    }

    @Test
    void moreRowsThanBlocksHaveNumbersAreRefused() {
        Dataset<Row> rows = SPARK.emptyDataFrame();
        assertThat(failure(() -> new LabelledRows(rows, LabelledRows.MAX_ROWS + 1, 1, "x")))
                .isEqualTo("x: found 549755813633 rows, expected 1 to 549755813632");
    }

    @Test
    void damagedFeaturesAreRefused() throws IOException {
        write(SPARK.range(0, 2_000, 1, 1)
                .selectExpr("id % 10 as label", "array(rand(1), rand(2), rand(3)) as features"));
        damage(0.25, 0.5);
        assertThat(failure(directory)).contains("x-train.parquet: cannot be read as Parquet: ");
    }

    @Test
    void damagedLabelsAreRefusedByTheTaskThatReadsThem() throws IOException {
        write(SPARK.range(0, 2_000, 1, 1).selectExpr("cast(rand(1) * 10 as bigint) as label", "array(1) as features"));
        damage(0.1, 0.2); // the labels come first in the file
        LabelledRows data = open(directory);
        assertThat(failure(() -> data.rows().queryExecution().toRdd().count()))
                .contains("x-train.parquet: cannot be read as Parquet: ");
    }

    /** Overwrites a part of the one file, given as fractions of it. */
    private void damage(double from, double to) throws IOException {
        Path file = files().get(0);
        byte[] bytes = Files.readAllBytes(file);
        for (int k = (int) (from * bytes.length); k < to * bytes.length; k++) {
            bytes[k] = (byte) (31 * k);
        }
        Files.write(file, bytes);
        Files.delete(file.resolveSibling("." + file.getFileName() + ".crc")); // or Hadoop's own check finds it
    }
}
