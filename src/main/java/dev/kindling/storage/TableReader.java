package dev.kindling.storage;

import dev.kindling.error.KindlingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Reads the rows of a Parquet file that {@link ParquetCheck} has seen, as {@link TableWriter} or Spark wrote them. Parquet's
 * own reader says number by number what it finds, and numbers go into Java arrays as they are: none becomes an object.
 */
final class TableReader extends RecordMaterializer<Row> {
    private static final long MICROSECONDS_A_DAY = ChronoUnit.DAYS.getDuration().toSeconds() * 1_000_000;
    /** The day of 1970-01-01, counted as astronomers do. */
    private static final int JULIAN_EPOCH = 2_440_588;

    private final Struct root;
    private Row row;

    private TableReader(StructType schema) {
        root = new Struct(schema, found -> row = found);
    }

    /**
     * Reads the rows that have all they must have.
     *
     * @param wanted the columns to read: one that allows nulls may be missing, and then the rows are without it; a row with a
     *     null in one that allows none is left out
     * @param rows where they go
     * @throws KindlingException if a column is missing or of another type; the message says which there are
     */
    static void read(FileStatus file, StructType wanted, Configuration configuration, List<Row> rows)
            throws IOException {
        HadoopReadOptions.Builder options = HadoopReadOptions.builder(configuration, file.getPath());
        options.usePageChecksumVerification(true); // or damage would become numbers
        try (ParquetFileReader reader =
                ParquetFileReader.open(HadoopInputFile.fromStatus(file, configuration), options.build())) {
            MessageType found = reader.getFileMetaData().getSchema();
            StructType schema = new StructType(Stream.of(wanted.fields())
                    .filter(field -> !field.nullable() || found.containsField(field.name()))
                    .toArray(StructField[]::new));
            if (!Stream.of(schema.fields()).allMatch(field -> TableSchema.has(found, field))) {
                throw new KindlingException("found columns " + TableSchema.columns(found) + ", expected "
                        + TableSchema.columns(TableSchema.parquet(wanted)));
            }
            MessageType read = new MessageType(
                    found.getName(),
                    Stream.of(schema.fieldNames()).map(found::getType).toList());
            reader.setRequestedSchema(read);
            MessageColumnIO columns =
                    new ColumnIOFactory(reader.getFileMetaData().getCreatedBy()).getColumnIO(read, found);
            PageReadStore pages;
            while ((pages = reader.readNextRowGroup()) != null) {
                RecordReader<Row> records = columns.getRecordReader(new CheckedPages(pages), new TableReader(schema));
                for (long k = pages.getRowCount(); k > 0; k--) {
                    Row row = records.read();
                    if (isComplete(row, schema)) {
                        rows.add(row);
                    }
                }
            }
        }
    }

    private static boolean isComplete(Row row, StructType schema) {
        return IntStream.range(0, schema.length()).allMatch(k -> schema.apply(k).nullable() || !row.isNullAt(k));
    }

    @Override
    public Row getCurrentRecord() {
        return row;
    }

    @Override
    public GroupConverter getRootConverter() {
        return root;
    }

    private static Converter converter(DataType type, Consumer<Object> to) {
        if (type instanceof ArrayType array) {
            return new Elements(array.elementType(), to);
        }
        if (type instanceof MapType) {
            return new Entries(to);
        }
        return type instanceof StructType struct ? new Struct(struct, to::accept) : new Value(type, to);
    }

    /** One value that is no array. */
    private static final class Value extends PrimitiveConverter {
        private final DataType type;
        private final Consumer<Object> to;

        Value(DataType type, Consumer<Object> to) {
            this.type = type;
            this.to = to;
        }

        @Override
        public void addInt(int value) {
            to.accept(value);
        }

        @Override
        public void addLong(long value) {
            to.accept(type.equals(DataTypes.TimestampType) ? time(value) : (Object) value);
        }

        @Override
        public void addFloat(float value) {
            to.accept(value);
        }

        @Override
        public void addDouble(double value) {
            to.accept(value);
        }

        @Override
        public void addBinary(Binary value) {
            if (type.equals(DataTypes.StringType)) {
                to.accept(value.toStringUsingUTF8());
                return;
            }
            // INT96: nanoseconds of the day, and the day.
            ByteBuffer parts = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            long nanoseconds = parts.getLong();
            to.accept(time((parts.getInt() - JULIAN_EPOCH) * MICROSECONDS_A_DAY + nanoseconds / 1_000));
        }

        private static Instant time(long microseconds) {
            return Instant.EPOCH.plus(microseconds, ChronoUnit.MICROS);
        }
    }

    /** A row, or a struct in one. */
    private static final class Struct extends GroupConverter {
        private final StructType schema;
        private final Object[] values;
        private final List<Converter> converters = new ArrayList<>();
        private final Consumer<Row> to;

        Struct(StructType schema, Consumer<Row> to) {
            this.schema = schema;
            this.values = new Object[schema.length()];
            this.to = to;
            for (int k = 0; k < values.length; k++) {
                int column = k;
                converters.add(converter(schema.apply(k).dataType(), value -> values[column] = value));
            }
        }

        @Override
        public Converter getConverter(int column) {
            return converters.get(column);
        }

        @Override
        public void start() {
            Arrays.fill(values, null);
        }

        @Override
        public void end() {
            to.accept(new GenericRowWithSchema(values.clone(), schema));
        }
    }

    /** An array: {@code group { repeated group { element } }}. */
    private static final class Elements extends GroupConverter {
        private final Growing elements;
        private final Consumer<Object> to;
        private final GroupConverter each;

        Elements(DataType type, Consumer<Object> to) {
            this.elements = Growing.of(type);
            this.to = to;
            this.each = new GroupConverter() {
                private int before;

                @Override
                public Converter getConverter(int field) {
                    return elements.converter();
                }

                @Override
                public void start() {
                    before = elements.size();
                }

                @Override
                public void end() {
                    if (elements.size() == before) {
                        throw new ParquetDecodingException("found null in an array, expected a value");
                    }
                }
            };
        }

        @Override
        public Converter getConverter(int field) {
            return each;
        }

        @Override
        public void start() {
            elements.clear();
        }

        @Override
        public void end() {
            to.accept(elements.array());
        }
    }

    /** A map from text to text. */
    private static final class Entries extends GroupConverter {
        private final Consumer<Object> to;
        private Map<String, String> map = Map.of();
        private String key;
        private String value;

        Entries(Consumer<Object> to) {
            this.to = to;
        }

        @Override
        public Converter getConverter(int field) {
            return new GroupConverter() {
                private final List<Converter> parts = List.of(
                        new Value(DataTypes.StringType, found -> key = (String) found),
                        new Value(DataTypes.StringType, found -> value = (String) found));

                @Override
                public Converter getConverter(int part) {
                    return parts.get(part);
                }

                @Override
                public void start() {
                    key = null;
                    value = null;
                }

                @Override
                public void end() {
                    if (key == null || value == null) {
                        throw new ParquetDecodingException("found null in a map, expected text");
                    }
                    map.put(key, value);
                }
            };
        }

        @Override
        public void start() {
            map = new HashMap<>();
        }

        @Override
        public void end() {
            to.accept(map);
        }
    }

    /** The elements of an array as they come. */
    private interface Growing {
        static Growing of(DataType type) {
            if (type.equals(DataTypes.IntegerType)) {
                return new Ints();
            }
            if (type.equals(DataTypes.LongType)) {
                return new Longs();
            }
            if (type.equals(DataTypes.FloatType)) {
                return new Floats();
            }
            return type.equals(DataTypes.DoubleType) ? new Doubles() : new Structs((StructType) type);
        }

        Converter converter();

        void clear();

        int size();

        /** All of them, in an array or a list of their own. */
        Object array();
    }

    private abstract static class Numbers extends PrimitiveConverter implements Growing {
        int size;

        @Override
        public Converter converter() {
            return this;
        }

        @Override
        public void clear() {
            size = 0;
        }

        @Override
        public int size() {
            return size;
        }

        /** The length for more. */
        static int room(int length) {
            return Math.max(16, length + (length >> 1));
        }
    }

    private static final class Ints extends Numbers {
        private int[] numbers = {};

        @Override
        public void addInt(int value) {
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, room(numbers.length));
            }
            numbers[size++] = value;
        }

        @Override
        public Object array() {
            return Arrays.copyOf(numbers, size);
        }
    }

    private static final class Longs extends Numbers {
        private long[] numbers = {};

        @Override
        public void addLong(long value) {
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, room(numbers.length));
            }
            numbers[size++] = value;
        }

        @Override
        public Object array() {
            return Arrays.copyOf(numbers, size);
        }
    }

    private static final class Floats extends Numbers {
        private float[] numbers = {};

        @Override
        public void addFloat(float value) {
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, room(numbers.length));
            }
            numbers[size++] = value;
        }

        @Override
        public Object array() {
            return Arrays.copyOf(numbers, size);
        }
    }

    private static final class Doubles extends Numbers {
        private double[] numbers = {};

        @Override
        public void addDouble(double value) {
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, room(numbers.length));
            }
            numbers[size++] = value;
        }

        @Override
        public Object array() {
            return Arrays.copyOf(numbers, size);
        }
    }

    private static final class Structs implements Growing {
        private final Struct converter;
        private List<Row> rows = new ArrayList<>();

        Structs(StructType schema) {
            converter = new Struct(schema, found -> rows.add(found));
        }

        @Override
        public Converter converter() {
            return converter;
        }

        @Override
        public void clear() {
            rows = new ArrayList<>();
        }

        @Override
        public int size() {
            return rows.size();
        }

        @Override
        public Object array() {
            return rows;
        }
    }
}
