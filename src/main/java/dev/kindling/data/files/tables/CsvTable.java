package dev.kindling.data.files.tables;

import static org.apache.spark.sql.functions.col;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.kindling.error.KindlingException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * CSV files as a table. Spark splits them into fields, all of them text. What the columns hold is found here, because Spark knows
 * one word for what is missing, and turns a row that has too few or too many fields into nulls.
 *
 * <p>A cell that is empty, NA, ?, null or NaN is missing. A column of whole numbers is BIGINT, one of other numbers DOUBLE, one of
 * true and false BOOLEAN, any other STRING. Blank lines are no rows. A field in quotes may hold separators, line ends, and quotes,
 * written twice or behind a backslash.
 */
final class CsvTable {
    private static final String DAMAGED = "damaged record";
    private static final Column FILE = col("_metadata.file_path");
    private static final int MAX_FIELD_CHARACTERS = 1 << 24;
    private static final int SHOWN_CHARACTERS = 80;

    private final SparkSession spark;
    private final FoundFiles files;
    private final CsvDialect dialect;
    private final boolean decimalComma;

    private CsvTable(SparkSession spark, FoundFiles files, CsvDialect dialect, boolean decimalComma) {
        this.spark = spark;
        this.files = files;
        this.dialect = dialect;
        this.decimalComma = decimalComma;
    }

    /**
     * Rows of text, and what messages say of them: the columns, those that folders' names make, the file, and the record if it is
     * damaged.
     *
     * @param name of the whole table
     * @param root where its files are
     * @param width the number of columns of both kinds
     * @param separator in words
     */
    @DefaultSerializer(JavaSerializer.class)
    record Layout(String name, String root, int columns, int width, String separator, boolean decimalComma)
            implements Serializable {
        int file() {
            return width;
        }

        int corrupt() {
            return width + 1;
        }

        String damaged(String file, String record) {
            return FoundFiles.nameOf(name, root, file) + ": found a row that has not " + columns + " field"
                    + (columns == 1 ? "" : "s") + " separated by " + separator + ", as the first line has: "
                    + cut(record);
        }

        String noUtf8(String file, String text) {
            return FoundFiles.nameOf(name, root, file) + ": found bytes that are no UTF-8 in " + cut(text)
                    + ", expected a file saved as UTF-8";
        }

        private static String cut(String text) {
            return "'"
                    + (text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) + "..." : text).strip()
                    + "'";
        }
    }

    static TableFiles.Opened open(SparkSession spark, FoundFiles files, TableFiles.Options options) {
        for (Path file : files.files()) {
            Optional<CsvDialect> dialect = CsvDialect.of(files.head(file), options);
            if (dialect.isPresent()) {
                return new CsvTable(spark, files, dialect.get(), options.decimalComma()).open(file);
            }
        }
        throw withoutRows(files.name());
    }

    private static KindlingException withoutRows(String name) {
        return new KindlingException(name + ": found no rows, expected at least 1");
    }

    /** @param first the file that the dialect is of */
    private TableFiles.Opened open(Path first) {
        checkHeaders(first);
        Dataset<Row> text = dialect.separator() == ' ' ? spaced() : split();
        int columns = dialect.names().size();
        Layout layout = new Layout(
                files.name(),
                files.root(),
                columns,
                text.columns().length - 2,
                CsvDialect.shown(dialect.separator()),
                decimalComma);
        CsvSurvey survey = text
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(rows -> List.of(CsvSurvey.of(rows, layout)).iterator())
                .collect()
                .stream()
                .reduce(new CsvSurvey(columns), CsvSurvey::and);
        if (!survey.problem().isEmpty()) {
            throw new KindlingException(survey.problem());
        }
        if (survey.rows() == 0) {
            throw withoutRows(files.name());
        }
        StructType schema = schema(survey.columns(), text.schema());
        Dataset<Row> rows = text.map(new CsvValues(layout, survey.columns()), Encoders.row(schema));
        return new TableFiles.Opened(rows, dialect.description() + files.count(), true);
    }

    /** A header is left out of every file, so every file must have it. */
    private void checkHeaders(Path first) {
        if (dialect.header().isEmpty() || files.files().size() == 1) {
            return;
        }
        SerializableConfiguration conf =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        List<String> paths = files.files().stream().map(Path::toString).toList();
        List<String> header = dialect.header();
        char separator = dialect.separator();
        JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(paths, Math.min(paths.size(), spark.sparkContext().defaultParallelism()))
                .filter(path -> !hasHeader(FileHead.read(conf.value(), new Path(path), path), separator, header))
                .collect()
                .stream()
                .findFirst()
                .ifPresent(other -> {
                    throw new KindlingException(files.nameOf(new Path(other)) + ": found another first line than in "
                            + files.nameOf(first) + ", expected the same names of columns in the same order");
                });
    }

    private static boolean hasHeader(FileHead head, char separator, List<String> header) {
        return CsvRecords.first(1, head.text(), separator, head.whole()).stream()
                .allMatch(record ->
                        record.stream().map(CsvRecords.Field::text).toList().equals(header));
    }

    /** The columns as text, those of the folders' names, the file, and the record if it is damaged. */
    private Dataset<Row> split() {
        Quotes quotes = Quotes.in(files.lines(spark));
        Dataset<Row> read = files.reader(spark)
                .schema(fields().add(DAMAGED, DataTypes.StringType))
                .option("header", !dialect.header().isEmpty())
                .option("sep", String.valueOf(dialect.separator()))
                .option("quote", "\"")
                .option("escape", quotes.backslashes() ? "\\" : "\"")
                .option("multiLine", quotes.lineEnds())
                .option("ignoreLeadingWhiteSpace", true)
                .option("ignoreTrailingWhiteSpace", true)
                .option("mode", "PERMISSIVE")
                .option("columnNameOfCorruptRecord", DAMAGED)
                .option(
                        "columnPruning",
                        false) // or Spark counts the fields that are asked for, and not those in the row
                .option("maxColumns", 2 * CsvDialect.MAX_COLUMNS)
                .option("maxCharsPerColumn", MAX_FIELD_CHARACTERS)
                .csv(files.paths());
        int columns = dialect.names().size();
        List<Column> order = new ArrayList<>();
        for (String name : read.columns()) {
            if (!name.equals(DAMAGED)) {
                order.add(col("`" + name.replace("`", "``") + "`"));
            }
        }
        checkKeys(List.of(read.columns()).subList(columns + 1, read.columns().length));
        order.add(FILE);
        order.add(col("`" + DAMAGED + "`"));
        return read.select(order.toArray(Column[]::new));
    }

    /** The same of lines that are split by runs of spaces, which Spark cannot do. */
    private Dataset<Row> spaced() {
        Dataset<Row> lines = files.reader(spark).text(files.paths());
        StructType schema = fields();
        for (StructField key : List.of(lines.schema().fields()).subList(1, lines.columns().length)) {
            schema = schema.add(key);
        }
        checkKeys(List.of(schema.fieldNames()).subList(dialect.names().size(), schema.length()));
        return lines.select(Stream.concat(Stream.of(col("*")), Stream.of(FILE)).toArray(Column[]::new))
                .flatMap(
                        new SpacedFields(dialect.names().size(), dialect.header()),
                        Encoders.row(schema.add("file", DataTypes.StringType).add(DAMAGED, DataTypes.StringType)));
    }

    private StructType fields() {
        StructType fields = new StructType();
        for (int k = 0; k < dialect.names().size(); k++) {
            fields = fields.add("field " + k, DataTypes.StringType);
        }
        return fields;
    }

    private void checkKeys(List<String> keys) {
        for (String key : keys) {
            if (dialect.names().stream().anyMatch(key::equalsIgnoreCase)) {
                throw new KindlingException(files.name() + ": found a column called " + key
                        + " in the files and in the names of the folders, expected one of them");
            }
        }
    }

    private StructType schema(Cell[] cells, StructType text) {
        StructType schema = new StructType();
        for (int k = 0; k < text.length() - 2; k++) {
            schema =
                    k < cells.length ? schema.add(dialect.names().get(k), cells[k].type) : schema.add(text.fields()[k]);
        }
        return schema;
    }
}
