package dev.kindling.data.files.tables;

import dev.kindling.error.KindlingException;
import dev.kindling.storage.OutputFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A table as one file. Tasks write parts of it into a hidden folder, and the driver puts these together, in the order of the
 * partitions. Parts of gzip make one file of gzip. Parquet has one part.
 */
final class SingleFile {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final Pattern PLAIN_NAME = Pattern.compile("[^\",\\r\\n\\s](?:[^\",\\r\\n]*[^\",\\r\\n\\s])?");
    private static final Pattern PART = Pattern.compile("part-(\\d{1,9})\\b.*");

    private final Configuration conf;
    private final String path;
    private final OutputFile file;
    private final TableFormat format;
    private final boolean gzip;

    /** @param path for messages, and because of its ending */
    SingleFile(Configuration conf, String path, OutputFile file, TableFormat format) {
        this.conf = conf;
        this.path = path;
        this.file = file;
        this.format = format;
        this.gzip = path.toLowerCase(Locale.ROOT).endsWith(".gz");
    }

    void write(Dataset<Row> rows) {
        if (format == TableFormat.CSV) {
            checkColumns(rows.schema());
        }
        file.assemble((folder, out) -> {
            Path parts = new Path(folder, "parts");
            TableOutput.save(writer(format == TableFormat.PARQUET ? rows.coalesce(1) : rows), parts);
            if (format == TableFormat.CSV) {
                writeHeader(rows.columns(), out);
            }
            for (Path part : list(parts)) {
                try (InputStream in = part.getFileSystem(conf).open(part, BUFFER_BYTES)) {
                    in.transferTo(out);
                }
            }
        });
    }

    private void checkColumns(StructType schema) {
        for (StructField field : schema.fields()) {
            DataType type = field.dataType();
            if (type instanceof ArrayType
                    || type instanceof MapType
                    || type instanceof StructType
                    || type instanceof BinaryType) {
                throw new KindlingException(path + ": found column " + field.name() + " of type "
                        + type.simpleString()
                        + ", which CSV has no room for, expected a name that ends with .parquet or .json,"
                        + " or a table without this column");
            }
        }
    }

    private DataFrameWriter<Row> writer(Dataset<Row> rows) {
        DataFrameWriter<Row> writer = rows.write().format(format.name().toLowerCase(Locale.ROOT));
        return switch (format) {
            case CSV ->
                writer.option("header", false)
                        .option("escape", "\"") // as all but Spark write a quote
                        .option("ignoreLeadingWhiteSpace", false)
                        .option("ignoreTrailingWhiteSpace", false)
                        .option("compression", gzip ? "gzip" : "none");
            case JSON -> writer.option("ignoreNullFields", false).option("compression", gzip ? "gzip" : "none");
            case PARQUET, LIBSVM -> writer;
        };
    }

    private void writeHeader(String[] names, OutputStream out) throws IOException {
        String header = Stream.of(names)
                .map(name -> PLAIN_NAME.matcher(name).matches() ? name : "\"" + name.replace("\"", "\"\"") + "\"")
                .collect(Collectors.joining(",", "", "\n"));
        byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
        if (gzip) {
            GZIPOutputStream zipped = new GZIPOutputStream(out);
            zipped.write(bytes);
            zipped.finish();
        } else {
            out.write(bytes);
        }
    }

    /** The parts by number: by name, the hundred thousandth would come early. */
    private List<Path> list(Path folder) throws IOException {
        FileSystem files = folder.getFileSystem(conf);
        return Stream.of(files.listStatus(folder))
                .map(FileStatus::getPath)
                .filter(part -> PART.matcher(part.getName()).matches())
                .sorted(Comparator.comparing(SingleFile::number).thenComparing(Path::getName))
                .toList();
    }

    private static int number(Path part) {
        return Integer.parseInt(PART.matcher(part.getName()).replaceFirst("$1"));
    }
}
