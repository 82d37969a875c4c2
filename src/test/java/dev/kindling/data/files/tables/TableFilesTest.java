package dev.kindling.data.files.tables;

import static dev.kindling.data.files.DataFiles.failure;
import static dev.kindling.data.files.DataFiles.gzip;
import static dev.kindling.data.files.DataFiles.write;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.SparkTest;
import dev.kindling.data.files.tables.TableFiles.Opened;
import dev.kindling.data.files.tables.TableFiles.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class TableFilesTest {
    private static final SparkSession SPARK = SparkTest.session();

    @TempDir
    Path directory;

    private static Options separator(char separator) {
        return new Options(Optional.of(separator), Optional.empty(), false);
    }

    private static Options header(boolean header) {
        return new Options(Optional.empty(), Optional.of(header), false);
    }

    private static final Options DECIMAL_COMMA = new Options(Optional.empty(), Optional.empty(), true);

    private Opened open(String name, Options options) {
        return TableFiles.open(SPARK, directory.resolve(name).toString(), options);
    }

    /** A table of one file of this text. */
    private Opened openText(String text, Options options) {
        write(directory, "a.csv", text);
        return open("a.csv", options);
    }

    /** The columns, and then the rows, sorted. */
    private static List<String> lines(Opened table) {
        String columns = List.of(table.rows().schema().fields()).stream()
                .map(field -> field.name() + " " + field.dataType().sql())
                .collect(Collectors.joining(", "));
        List<String> lines = new ArrayList<>(List.of(columns));
        table.rows().collectAsList().stream().map(Row::toString).sorted().forEach(lines::add);
        return lines;
    }

    private List<String> csv(String text) {
        return lines(openText(text, Options.GUESS));
    }

    private String refused(String text) {
        return failure(() -> openText(text, Options.GUESS));
    }

    private void makeFolder(String name) {
        try {
            Files.createDirectories(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void csvWithAHeaderHasItsColumnsAndTypes() {
        Opened table = openText("a,b,label\n0,1,1\n1,0,0\n0,2.5,1\n", Options.GUESS);
        assertThat(table.description()).isEqualTo("CSV with header, separator ','");
        assertThat(lines(table))
                .containsExactly("a BIGINT, b DOUBLE, label BIGINT", "[0,1.0,1]", "[0,2.5,1]", "[1,0.0,0]");
        assertThat(table.rows().select("b").count()).isEqualTo(3);
    }

    @Test
    void namesWithDigitsAreAHeader() {
        assertThat(csv("f1,f2,label\n0,1,1\n2,0,0\n"))
                .containsExactly("f1 BIGINT, f2 BIGINT, label BIGINT", "[0,1,1]", "[2,0,0]");
        assertThat(csv("label,0,1\n7,0,1\n")).containsExactly("label BIGINT, 0 BIGINT, 1 BIGINT", "[7,0,1]");
        assertThat(csv("\"0\",\"1\"\n7,3\n2,4\n")).containsExactly("0 BIGINT, 1 BIGINT", "[2,4]", "[7,3]");
        assertThat(csv(",0,1,2,3\n0,5,6,7,8\n")).contains("c1 BIGINT, 0 BIGINT, 1 BIGINT, 2 BIGINT, 3 BIGINT");
    }

    @Test
    void numbersAreNumbersAndQuotesAreQuotes() {
        assertThat(csv("label,x,y\n0,6.5,-11\n1,\"5\",0.25\n2,1e3,+.5\n3,-inf,12345678901234567890\n"))
                .containsExactly(
                        "label BIGINT, x DOUBLE, y DOUBLE",
                        "[0,6.5,-11.0]",
                        "[1,5.0,0.25]",
                        "[2,1000.0,0.5]",
                        "[3,-Infinity,1.2345678901234567E19]");
        assertThat(csv("a,b\n1d,0x10\n2f,1\n")).containsExactly("a STRING, b STRING", "[1d,0x10]", "[2f,1]");
    }

    @Test
    void aSemicolonIsFoundAndDecimalCommasAreReadWhereTheyAreSaid() {
        String text = "x;y;label\n1,5;2;yes\n0,5;1;no\n";
        Opened plain = openText(text, Options.GUESS);
        assertThat(plain.description())
                .isEqualTo("CSV with header, separator ';', decimal commas taken for text in column x");
        assertThat(lines(plain)).containsExactly("x STRING, y BIGINT, label STRING", "[0,5,1,no]", "[1,5,2,yes]");
        Opened commas = openText(text, DECIMAL_COMMA);
        assertThat(commas.description()).isEqualTo("CSV with header, separator ';'");
        assertThat(lines(commas)).containsExactly("x DOUBLE, y BIGINT, label STRING", "[0.5,1,no]", "[1.5,2,yes]");
        assertThat(lines(openText("1,5;2,5\n1,25;0,5\n", DECIMAL_COMMA)))
                .containsExactly("c1 DOUBLE, c2 DOUBLE", "[1.25,0.5]", "[1.5,2.5]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "'1,a,2.5\n3,b,4\n' ! ','",
                "'1;a;2.5\n3;b;4\n' ! ';'",
                "'1\ta\t2.5\n3\tb\t4\n' ! tab",
                "'1|a|2.5\n3|b|4\n' ! '|'",
                "' 1  a   2.5 \n3 b\t4\n' ! spaces",
                "'1, a, 2.5\n3 ,\"b\", 4\n' ! ','",
                "'\r\n1,a,2.5\r\n\r\n3,b,4' ! ','",
            })
    void eachSeparatorIsFound(String text, String separator) {
        Opened table = openText(text, Options.GUESS);
        assertThat(table.description())
                .isEqualTo("CSV without header, separator "
                        + (separator.length() == 1 ? "'" + separator + "'" : separator));
        assertThat(lines(table)).containsExactly("c1 BIGINT, c2 STRING, c3 DOUBLE", "[1,a,2.5]", "[3,b,4.0]");
    }

    @Test
    void theFilesOfUciAreSplitBySpacesButNotBetweenQuotes() {
        assertThat(csv("mpg  horsepower  name\n18.0   ?   \"chevrolet malibu\"\n 9.5  90.  \"hi\"\n"))
                .containsExactly(
                        "mpg DOUBLE, horsepower DOUBLE, name STRING", "[18.0,null,chevrolet malibu]", "[9.5,90.0,hi]");
    }

    @Test
    void wordsAloneHaveTheirNamesInTheFirstLineUnlessTwoAreTheSame() {
        assertThat(csv("size,species\nbig,setosa\nsmall,virginica\n"))
                .containsExactly("size STRING, species STRING", "[big,setosa]", "[small,virginica]");
        assertThat(csv("p,x,x\ne,x,y\n")).containsExactly("c1 STRING, c2 STRING, c3 STRING", "[e,x,y]", "[p,x,x]");
        assertThat(csv("x,species\n1,setosa\n7,virginica\n"))
                .containsExactly("x BIGINT, species STRING", "[1,setosa]", "[7,virginica]");
        assertThat(csv("5.1,setosa\n7,virginica\n"))
                .containsExactly("c1 DOUBLE, c2 STRING", "[5.1,setosa]", "[7.0,virginica]");
    }

    @Test
    void aHeaderOfNumbersIsTakenForOneOnlyWhereTheyCountUp() {
        assertThat(csv("1,10\n2,200\n")).containsExactly("c1 BIGINT, c2 BIGINT", "[1,10]", "[2,200]");
        assertThat(csv("0,1,2,3\n7,7,7,7\n")).containsExactly("0 BIGINT, 1 BIGINT, 2 BIGINT, 3 BIGINT", "[7,7,7,7]");
        assertThat(csv("0,1,2,3\n4,5,6,7\n")).hasSize(3);
        assertThat(lines(openText("1,10\n2,200\n", header(true)))).containsExactly("1 BIGINT, 10 BIGINT", "[2,200]");
        assertThat(lines(openText("a,b\nc,d\n", header(false))))
                .containsExactly("c1 STRING, c2 STRING", "[a,b]", "[c,d]");
    }

    @Test
    void missingCellsAreNull() {
        assertThat(csv("a,b,c,d,e\n,NA,?,null,NaN\n1,2,3,4.5,x\n"))
                .containsExactly(
                        "a BIGINT, b BIGINT, c BIGINT, d DOUBLE, e STRING",
                        "[1,2,3,4.5,x]",
                        "[null,null,null,null,null]");
        assertThat(csv("a\tb\n\t1\n2\t\n")).containsExactly("a BIGINT, b BIGINT", "[2,null]", "[null,1]");
        assertThat(csv("a,b\n1,\n2,\n")).containsExactly("a BIGINT, b STRING", "[1,null]", "[2,null]");
    }

    @Test
    void truthIsBoolean() {
        assertThat(csv("x,label\n1,True\n2,false\n3,\n"))
                .containsExactly("x BIGINT, label BOOLEAN", "[1,true]", "[2,false]", "[3,null]");
        assertThat(csv("x,label\n1,True\n2,0\n")).startsWith("x BIGINT, label STRING");
    }

    @Test
    void windowsMarkAndLineEndsAreNoPartOfTheTable() {
        assertThat(csv("\ufeffa,b\r\n1,x\r\n2,y\r\n")).containsExactly("a BIGINT, b STRING", "[1,x]", "[2,y]");
        assertThat(csv("\ufeff1,\"x\ny\"\r\n2,y\r\n")).containsExactly("c1 BIGINT, c2 STRING", "[1,x\ny]", "[2,y]");
    }

    @Test
    void quotesHoldSeparatorsLineEndsAndQuotes() {
        assertThat(csv("a,b\n1,\"x, y\"\n2,\"first\nsecond\"\n3,\"say \"\"hi\"\"\"\n"))
                .containsExactly("a BIGINT, b STRING", "[1,x, y]", "[2,first\nsecond]", "[3,say \"hi\"]");
        assertThat(csv("\"a;1\";b\n1;\"x\n;\n\"\n")).containsExactly("a;1 BIGINT, b STRING", "[1,x\n;\n]");
        assertThat(csv("a,b\n1,\"say \\\"hi\\\", you\"\n"))
                .containsExactly("a BIGINT, b STRING", "[1,say \"hi\", you]");
        assertThat(csv("a,b\n1,5\" pipe\n2,C:\\\n")).containsExactly("a BIGINT, b STRING", "[1,5\" pipe]", "[2,C:\\]");
    }

    @Test
    void whatSparkHasWrittenIsReadAgain() {
        SPARK.sql("select 1L as a, 'say \"hi\", you' as b, 0.5D as c union all select 2, 'two\nlines', null")
                .write()
                .option("header", true)
                .csv(directory.resolve("t.csv").toString());
        Opened table = open("t.csv", Options.GUESS);
        assertThat(lines(table))
                .containsExactly("a BIGINT, b STRING, c DOUBLE", "[1,say \"hi\", you,0.5]", "[2,two\nlines,null]");
        assertThat(table.description()).isEqualTo("CSV with header, separator ',', 2 files");
    }

    @Test
    void aColumnMayBeAloneOrHaveNoName() {
        Opened table = openText("x\n1\n2\n", Options.GUESS);
        assertThat(table.description()).isEqualTo("CSV with header, one column");
        assertThat(lines(table)).containsExactly("x BIGINT", "[1]", "[2]");
        assertThat(csv(",a\n0,7\n1,8\n")).containsExactly("c1 BIGINT, a BIGINT", "[0,7]", "[1,8]");
    }

    @Test
    void ofTwoSeparatorsTheOneThatMakesNumbersIsFound() {
        assertThat(csv("New York,5\nLos Angeles,7\n"))
                .containsExactly("c1 STRING, c2 BIGINT", "[Los Angeles,7]", "[New York,5]");
        assertThat(lines(openText("1,5;x\n2;y\n", Options.GUESS))).contains("c1 STRING, c2 STRING");
        assertThat(openText("1,5;2,5\n1,25;0,5\n", Options.GUESS).description())
                .isEqualTo("CSV without header, separator ';', decimal commas taken for text in column c1 and 1 more");
    }

    @Test
    void theSeparatorMayBeSaid() {
        assertThat(lines(openText("a;b,c\n1;2,3\n", separator(','))))
                .containsExactly("a;b STRING, c BIGINT", "[1;2,3]");
        assertThat(lines(openText("a#b\n1#2\n", separator('#')))).containsExactly("a BIGINT, b BIGINT", "[1,2]");
        assertThat(failure(() -> separator('"'))).startsWith("separator: found '\"', expected a character");
        assertThat(failure(() -> new Options(Optional.of(','), Optional.empty(), true)))
                .isEqualTo("separator: found ',', expected another one where decimalComma is set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv.gz", "a.txt.gz", "a.data.gz"})
    void compressedTextIsRead(String name) {
        write(directory, name, gzip("a,b\n1,x\n"));
        assertThat(lines(open(name, Options.GUESS))).containsExactly("a BIGINT, b STRING", "[1,x]");
    }

    @Test
    void aFolderOfPartsIsATableAndOtherFilesInItAreNot() {
        makeFolder("t");
        makeFolder("t/plots");
        Path folder = directory.resolve("t");
        write(folder, "part-0.csv", "a,b\n1,x\n");
        write(folder, "part-1.csv", "a,b\n2.5,y\n");
        write(folder, "part-2.csv", "");
        write(folder, "part-3.csv", "a,b\n");
        write(folder, "_SUCCESS", "");
        write(folder, ".part-0.csv.crc", "x");
        write(folder, "README.md", "# not\na,table");
        assertThat(lines(open("t", Options.GUESS))).containsExactly("a DOUBLE, b STRING", "[1.0,x]", "[2.5,y]");
    }

    @Test
    void foldersOfKeysBecomeColumns() {
        makeFolder("t/year=2024/species=setosa");
        makeFolder("t/year=2025/species=iris");
        write(directory.resolve("t/year=2024/species=setosa"), "part-0", "1,x\n");
        write(directory.resolve("t/year=2025/species=iris"), "part-0", "2.5,y\n");
        assertThat(lines(open("t", Options.GUESS)))
                .containsExactly(
                        "c1 DOUBLE, c2 STRING, year INT, species STRING", "[1.0,x,2024,setosa]", "[2.5,y,2025,iris]");
        write(directory.resolve("t/year=2024/species=setosa"), "part-0", "1  x\n");
        write(directory.resolve("t/year=2025/species=iris"), "part-0", "2.5  y\n");
        assertThat(lines(open("t/", Options.GUESS)))
                .containsExactly(
                        "c1 DOUBLE, c2 STRING, year INT, species STRING", "[1.0,x,2024,setosa]", "[2.5,y,2025,iris]");
        write(directory.resolve("t/year=2024/species=setosa"), "part-0", "value,Year\n1,2\n");
        write(directory.resolve("t/year=2025/species=iris"), "part-0", "value,Year\n1,2\n");
        assertThat(failure(() -> open("t", Options.GUESS)))
                .isEqualTo(directory + "/t: found a column called year in the files and in the names of the folders,"
                        + " expected one of them");
    }

    @Test
    void namesThatAreOddArePathsAndNoPatterns() {
        makeFolder("a [b] {c} d%20e*");
        write(directory.resolve("a [b] {c} d%20e*"), "x [1].csv", "a,b\n1,2\n");
        write(directory.resolve("a [b] {c} d%20e*"), "x [1],2.csv", "a,b\n1,2\n1\n");
        String folder = "a [b] {c} d%20e*/";
        assertThat(lines(open(folder + "x [1].csv", Options.GUESS))).containsExactly("a BIGINT, b BIGINT", "[1,2]");
        assertThat(failure(() -> open(folder, Options.GUESS)))
                .startsWith(directory + "/" + folder + "x [1],2.csv: found a row that has not 2 fields");
    }

    @Test
    void filesOfOneFolderMustHaveOneHeader() {
        makeFolder("t");
        write(directory.resolve("t"), "a.csv", "a,b\n1,2\n");
        write(directory.resolve("t"), "b.csv", "b,a\n1,2\n");
        String expected = "/t/b.csv: found another first line than in " + directory
                + "/t/a.csv, expected the same names of columns in the same order";
        assertThat(failure(() -> open("t", Options.GUESS))).isEqualTo(directory + expected);
        write(directory.resolve("t"), "b.csv", "3,4\n1,2\n");
        assertThat(failure(() -> open("t", Options.GUESS))).isEqualTo(directory + expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "'a,b\n1,2\n3\n' ! : found a row that has not 2 fields separated by ',', as the first line has: '3'",
                "'a,b\n1,2\n3,4,5\n' ! : found a row that has not 2 fields separated by ',', as the first line has: '3,4,5'",
                "'a,b\n1,\"x\ny\"\n3,\"4\",5\n' ! : found a row that has not 2 fields separated by ',', as the first line"
                        + " has: '3,\"4\",5'",
                "'a b\n1 2\n3 4 5\n' ! : found a row that has not 2 fields separated by spaces, as the first line has: '3 4 5'",
                "'a,b,A\n1,2,3\n' ! ' line 1: found two columns called A, expected a name of its own for each (upper and"
                        + " lower case are the same)'",
                "'a,b\n' ! : found no rows, expected at least 1",
                "'\n \n' ! : found no rows, expected at least 1",
                "'' ! : found an empty file, expected a table",
                "'PK\u0003\u0004' ! : found a zip or a workbook; unpack it, or save it as CSV, expected CSV, JSON, libsvm or"
                        + " Parquet",
            })
    void aDamagedTableIsOneLine(String text, String message) {
        assertThat(refused(text)).isEqualTo(directory + "/a.csv" + message);
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        assertThat(refused("a,b\n1,\0\n"))
                .isEqualTo(directory + "/a.csv: found bytes that are no text, expected CSV, JSON, libsvm or Parquet");
    }

    @Test
    void aDamagedRowFarBehindTheFirstLinesIsFound() {
        String rows = IntStream.range(0, 200_000).mapToObj(k -> k + ",0.5\n").collect(Collectors.joining());
        assertThat(refused(rows + "x;y\n" + rows))
                .contains("that has not 2 fields")
                .contains("'x;y'");
        assertThat(csv(rows + "x,1\n").get(0)).isEqualTo("c1 STRING, c2 DOUBLE");
    }

    @Test
    void otherEncodingsAreRefused() {
        write(directory, "a.csv", "a,b\n1,gr\u00fcn\n".getBytes(ISO_8859_1));
        assertThat(failure(() -> open("a.csv", Options.GUESS)))
                .isEqualTo(directory
                        + "/a.csv: found bytes that are no UTF-8 in 'gr\ufffdn', expected a file saved as UTF-8");
        write(directory, "a.csv", "a,b\n1,2\n".getBytes(UTF_16));
        assertThat(failure(() -> open("a.csv", Options.GUESS))).contains("/a.csv: found UTF-16; save it as UTF-8");
        assertThat(csv("größe,b\n1,grün\n")).containsExactly("größe BIGINT, b STRING", "[1,grün]");
    }

    @Test
    void endlessLinesAndFieldsAreRefused() {
        write(directory, "a.csv.gz", gzip("a".repeat((1 << 24) + 1)));
        assertThat(failure(() -> open("a.csv.gz", Options.GUESS)))
                .contains("a.csv.gz: found a first line of more than 16777216 bytes");
        assertThat(refused("1,".repeat(70_000))).contains("found 70001 columns, expected at most 65537");
        write(directory, "a.csv.gz", gzip("a,b\n1," + "b".repeat((1 << 24) + 1)));
        assertThat(failure(() -> open("a.csv.gz", Options.GUESS))).contains("a.csv.gz: cannot be read as CSV: ");
    }

    @Test
    void damagedGzipIsRefused() {
        byte[] whole =
                gzip(IntStream.range(0, 100_000).mapToObj(k -> k + ",1\n").collect(Collectors.joining()));
        write(directory, "a.csv.gz", Arrays.copyOf(whole, whole.length / 2));
        assertThat(failure(() -> open("a.csv.gz", Options.GUESS))).contains("a.csv.gz: cannot be read");
        write(directory, "a.csv", whole);
        assertThat(failure(() -> open("a.csv", Options.GUESS)))
                .contains("found gzip; give it a name that ends with .gz");
    }

    @Test
    void whatIsNotThereIsSaid() {
        String missing = directory + "/missing";
        assertThat(failure(() -> open("missing", Options.GUESS)))
                .isEqualTo("data: found nothing at " + missing + ", expected a table in a file or a folder");
        assertThat(failure(() -> TableFiles.open(SPARK, "nowhere://a/b", Options.GUESS)))
                .startsWith("data: nowhere://a/b cannot be opened: ");
        makeFolder("t");
        assertThat(failure(() -> open("t", Options.GUESS)))
                .startsWith(directory + "/t: found no table, expected files that");
        makeFolder("t/images");
        write(directory.resolve("t"), "report.pdf", "x");
        assertThat(failure(() -> open("t", Options.GUESS)))
                .startsWith(
                        directory + "/t: found no table, only report.pdf, images/, expected files that end with .csv,");
        write(directory.resolve("t"), "a.csv", "a,b\n1,2\n");
        write(directory.resolve("t"), "a.json", "{}\n");
        assertThat(failure(() -> open("t", Options.GUESS)))
                .isEqualTo(
                        directory + "/t: found CSV and JSON side by side, a.csv, a.json, expected files of one format;"
                                + " name one of them");
        write(directory, "_a.csv", "a,b\n1,2\n");
        assertThat(failure(() -> open("_a.csv", Options.GUESS)))
                .contains("_a.csv: found a name that begins with . or _");
    }

    @Test
    void libsvmHasLabelsAndDenseFeatures() {
        write(directory, "a.libsvm", "0 1:5.1 2:0.3\n1 2:1.7\n");
        Opened table = open("a.libsvm", Options.GUESS);
        assertThat(table.description()).isEqualTo("libsvm, 2 features");
        assertThat(table.rows().schema().simpleString()).isEqualTo("struct<label:double,features:array<double>>");
        assertThat(table.rows().orderBy("label").toJSON().collectAsList())
                .containsExactly("{\"label\":0.0,\"features\":[5.1,0.3]}", "{\"label\":1.0,\"features\":[0.0,1.7]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.txt", "a", "a.scale", "a.t.gz"})
    void libsvmIsKnownByItsFirstLine(String name) {
        String text = "\n# made by hand\r\n+1 1:1 3:-2e-1 # first\r\n-1\n\n";
        write(directory, name, name.endsWith(".gz") ? gzip(text) : text.getBytes(UTF_8));
        assertThat(open(name, Options.GUESS).rows().orderBy("label").toJSON().collectAsList())
                .containsExactly(
                        "{\"label\":-1.0,\"features\":[0.0,0.0,0.0]}", "{\"label\":1.0,\"features\":[1.0,0.0,-0.2]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "0 1:1 1:2 ! 'found ''1:2'', expected number:value, with a number from 2 to 65536'",
                "0 0:1 ! 'found ''0:1'', expected number:value, with a number from 1 to 65536'",
                "0 65537:1 ! 'found ''65537:1'', expected number:value, with a number from 1 to 65536'",
                "0 qid:1 1:1 ! 'found ''qid:1'', expected number:value, with a number from 1 to 65536'",
                "0 1:x ! 'found ''x'', expected number:value, with numbers for both'",
                "yes 1:1 ! 'found ''yes'', expected a label that is a number'",
                "1 ! 'found no features in 1 rows, expected at least 1'",
            })
    void damagedLibsvmIsOneLine(String text, String message) {
        write(directory, "a.svm", text);
        assertThat(failure(() -> open("a.svm", Options.GUESS))).isEqualTo(directory + "/a.svm: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "a.jsonl ! '{\"a\":1,\"b\":\"x\"}\n{\"a\":2.5,\"b\":null}\n' ! JSON lines",
                "a.json ! '[{\"a\":1,\"b\":\"x\"},\n{\"a\":2.5}]' ! JSON",
                "a.txt ! '[\n  {\n \"a\":1,\n \"b\":\"x\"},\n{\"a\":2.5}]' ! JSON",
                "a.ndjson ! '\ufeff{\"a\":1,\"b\":\"x\"}\n\n{\"a\":2.5}' ! JSON lines",
            })
    void jsonIsRead(String name, String text, String description) {
        write(directory, name, text);
        Opened table = open(name, Options.GUESS);
        assertThat(table.description()).isEqualTo(description);
        assertThat(lines(table)).containsExactly("a DOUBLE, b STRING", "[1.0,x]", "[2.5,null]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "'{\"a\":1}\n{\"a\":\n' ! 'found no JSON object in ''{\"a\":'''",
                "'{\"a\":1}\n17\n' ! 'found no JSON object in ''17'''",
                "'hello\n' ! 'found no JSON object in ''hello'''",
                "'[{\"a\":1}, {\"a\"' ! 'found no JSON object in ''[{\"a\":1}, {\"a\"'''",
                "'[]' ! 'found no rows, expected at least 1'",
                "' \n' ! 'found no rows, expected at least 1'",
            })
    void damagedJsonIsOneLine(String text, String message) {
        write(directory, "a.json", text);
        assertThat(failure(() -> open("a.json", Options.GUESS))).startsWith(directory + "/a.json: " + message);
    }

    @Test
    void parquetAsPandasAndAsSparkWriteItIsRead() {
        SPARK.sql("select 0.5D as f0, 3 as f1, 1L as label, 7L as __index_level_0__")
                .coalesce(1)
                .write()
                .parquet(directory.resolve("t").toString());
        Opened table = open("t", Options.GUESS);
        assertThat(table.description()).isEqualTo("Parquet without the index of pandas");
        assertThat(lines(table)).containsExactly("f0 DOUBLE, f1 INT, label BIGINT", "[0.5,3,1]");
        SPARK.sql("select id as a, id % 2 as k, array(1.5D) as x, named_struct('type', 1Y, 'values', array(2D)) as v"
                        + " from range(2)")
                .write()
                .partitionBy("k")
                .parquet(directory.resolve("p [1]").toString());
        Opened partitioned = open("p [1]", Options.GUESS);
        assertThat(partitioned.description()).isEqualTo("Parquet");
        assertThat(partitioned.rows().orderBy("a").toJSON().collectAsList())
                .containsExactly(
                        "{\"a\":0,\"x\":[1.5],\"v\":{\"type\":1,\"values\":[2.0]},\"k\":0}",
                        "{\"a\":1,\"x\":[1.5],\"v\":{\"type\":1,\"values\":[2.0]},\"k\":1}");
    }

    @Test
    void parquetIsKnownByItsFirstBytesAndCheckedBeforeItIsRead() throws IOException {
        SPARK.range(3).coalesce(1).write().parquet(directory.resolve("t").toString());
        try (Stream<Path> files = Files.list(directory.resolve("t"))) {
            Path part = files.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
            Files.move(part, directory.resolve("noending"));
        }
        assertThat(open("noending", Options.GUESS).rows().count()).isEqualTo(3);
        write(directory, "a.parquet", "PAR1 and no more of it");
        assertThat(failure(() -> open("a.parquet", Options.GUESS)))
                .contains("a.parquet: cannot be read as Parquet: a.parquet: is not a Parquet file");
        assertThat(failure(() -> open("noending", header(true))))
                .isEqualTo(directory
                        + "/noending: found Parquet, expected CSV where separator, header or decimalComma is set");
    }

    @Test
    void aFileThatChangesAfterItWasOpenedIsRefused() {
        Opened table = openText("a,b\n1,2\n", Options.GUESS);
        write(directory, "a.csv", "a,b\nx,2\n");
        assertThat(failure(() -> table.rows().collectAsList()))
                .isEqualTo(directory
                        + "/a.csv: found 'x' in column 1, expected BIGINT, as when it was opened first: did it"
                        + " change while it was read?");
        write(directory, "a.csv", "a,b\n1\n");
        assertThat(failure(() -> table.rows().collectAsList())).contains("a.csv: found a row that has not 2 fields");
    }
}
