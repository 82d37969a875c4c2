package dev.kindling.storage;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetOutputFormat;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * Writes rows to a Parquet file from here, not in a Spark task, which could not be sent more than
 * {@code spark.rpc.message.maxSize}. Arrays of numbers are Java arrays, and times are {@link Instant}s.
 */
final class TableWriter extends WriteSupport<Row> {
    /** So much is in memory before it is written, or one row. */
    private static final int ROW_GROUP_BYTES = 1 << 23;

    private final StructType schema;
    private RecordConsumer out;

    private TableWriter(StructType schema) {
        this.schema = schema;
    }

    /** Writes all rows. None of them should have more than some megabytes: a row lies in one page of each column. */
    static void write(Iterator<Row> rows, StructType schema, Path file, Configuration configuration)
            throws IOException {
        try (ParquetWriter<Row> writer = new Builder(HadoopOutputFile.fromPath(file, configuration), schema)
                .withConf(configuration)
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .withDictionaryEncoding(false) // the numbers are all different
                .withRowGroupSize((long) ROW_GROUP_BYTES)
                .withMinRowCountForPageSizeCheck(
                        1) // Parquet looks at the size after 100 rows, which may have 4 MB each
                .withMaxRowCountForPageSizeCheck(1)
                .withPageWriteChecksumEnabled(
                        configuration.getBoolean(ParquetOutputFormat.PAGE_WRITE_CHECKSUM_ENABLED, true))
                .build()) {
            while (rows.hasNext()) {
                writer.write(rows.next());
            }
        }
    }

    private static final class Builder extends ParquetWriter.Builder<Row, Builder> {
        private final StructType schema;

        Builder(OutputFile file, StructType schema) {
            super(file);
            this.schema = schema;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation") // and abstract
        protected WriteSupport<Row> getWriteSupport(Configuration configuration) {
            return new TableWriter(schema);
        }
    }

    @Override
    @SuppressWarnings("deprecation") // and abstract
    public WriteContext init(Configuration configuration) {
        return new WriteContext(TableSchema.parquet(schema), Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
        out = consumer;
    }

    @Override
    public void write(Row row) {
        out.startMessage();
        fields(row, schema);
        out.endMessage();
    }

    private void fields(Row row, StructType struct) {
        for (int k = 0; k < struct.length(); k++) {
            Object value = row.get(k);
            if (value != null) {
                DataType type = struct.apply(k).dataType();
                field(struct.apply(k).name(), k, () -> value(value, type));
            }
        }
    }

    private void field(String name, int index, Runnable value) {
        out.startField(name, index);
        value.run();
        out.endField(name, index);
    }

    private void value(Object value, DataType type) {
        if (value instanceof Integer number) {
            out.addInteger(number);
        } else if (value instanceof Long number) {
            out.addLong(number);
        } else if (value instanceof Double number) {
            out.addDouble(number);
        } else if (value instanceof String text) {
            out.addBinary(Binary.fromString(text));
        } else if (value instanceof Instant time) {
            out.addLong(ChronoUnit.MICROS.between(Instant.EPOCH, time));
        } else if (value instanceof int[] numbers) {
            list(numbers.length, k -> out.addInteger(numbers[k]));
        } else if (value instanceof long[] numbers) {
            list(numbers.length, k -> out.addLong(numbers[k]));
        } else if (value instanceof float[] numbers) {
            list(numbers.length, k -> out.addFloat(numbers[k]));
        } else if (value instanceof double[] numbers) {
            list(numbers.length, k -> out.addDouble(numbers[k]));
        } else if (value instanceof List<?> rows) {
            StructType struct = (StructType) ((ArrayType) type).elementType();
            list(rows.size(), k -> group(() -> fields((Row) rows.get(k), struct)));
        } else if (value instanceof Map<?, ?> map) {
            map(map);
        } else {
            throw new IllegalArgumentException("a table has no column for a " + value.getClass());
        }
    }

    private void group(Runnable content) {
        out.startGroup();
        content.run();
        out.endGroup();
    }

    /** As in the Parquet format: {@code group { repeated group list { element } }}. */
    private void list(int size, IntConsumer element) {
        group(() -> {
            if (size > 0) {
                field("list", 0, () -> {
                    for (int k = 0; k < size; k++) {
                        out.startGroup();
                        out.startField("element", 0);
                        element.accept(k);
                        out.endField("element", 0);
                        out.endGroup();
                    }
                });
            }
        });
    }

    private void map(Map<?, ?> map) {
        group(() -> {
            if (!map.isEmpty()) {
                field(
                        "key_value",
                        0,
                        () -> map.forEach((key, value) -> group(() -> {
                            field("key", 0, () -> out.addBinary(Binary.fromString((String) key)));
                            field("value", 1, () -> out.addBinary(Binary.fromString((String) value)));
                        })));
            }
        });
    }
}
