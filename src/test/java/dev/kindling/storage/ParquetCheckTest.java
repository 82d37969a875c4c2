package dev.kindling.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.Mutations;
import dev.kindling.SparkTest;
import dev.kindling.error.KindlingException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parquet files that lie about sizes. */
@Timeout(120) // so that a hang fails
@Tag("slow")
class ParquetCheckTest {
    /** What docs/design.md promises for the check itself, of small files. */
    private static final long MEMORY = 32 << 20;

    private static final int TAIL = 8; // the footer's length and the magic

    /** One for all: each new one reads its XML files anew, which took longer than the check. */
    private static final Configuration CONFIGURATION = new Configuration();

    @TempDir
    private static Path directory;

    private static byte[] whole;

    /** A file of 40 rows: label, in a dictionary, and features, compressed by Snappy. */
    @BeforeAll
    static void write() throws IOException {
        whole = Files.readAllBytes(written(
                "all",
                SparkTest.session()
                        .range(0, 40, 1, 1)
                        .selectExpr("cast(id % 10 as int) as label", "array(rand(1), 0d, id / 40) as features"),
                Map.of()));
    }

    private static long check(byte[] bytes) throws IOException {
        return check(bytes, "label", "features");
    }

    private static long check(byte[] bytes, String... columns) throws IOException {
        Path file = Files.write(directory.resolve("x.parquet"), bytes);
        return check(file, CONFIGURATION, columns);
    }

    private static long check(Path file, Configuration configuration, String... columns) throws IOException {
        return ParquetCheck.check(new org.apache.hadoop.fs.Path(file.toUri()), configuration, List.of(columns));
    }

    /** The one file that Spark writes of a table, with options of its writer. */
    private static Path written(String name, Dataset<Row> table, Map<String, String> options) throws IOException {
        table.write()
                .mode("overwrite")
                .options(options)
                .parquet(directory.resolve(name).toString());
        try (Stream<Path> files = Files.list(directory.resolve(name))) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Numbers, strings and bytes in the encodings of the DELTA family, by Spark's second writer. */
    private static Path deltas(String codec) throws IOException {
        return written(
                "delta-" + codec,
                SparkTest.session()
                        .range(0, 300, 1, 1)
                        .selectExpr(
                                "cast(if(id = 3, null, id % 10) as int) as label",
                                "transform(sequence(1, 7), x -> cast(x * id as int)) as features",
                                "repeat(cast(id div 3 as string), 5) as note"),
                Map.of("parquet.writer.version", "v2", "parquet.enable.dictionary", "false", "compression", codec));
    }

    private static int footerStart() {
        int length = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(whole.length - TAIL);
        return whole.length - TAIL - length;
    }

    private static byte[] withFooter(byte[] data, byte[] footer) {
        ByteBuffer file =
                ByteBuffer.allocate(data.length + footer.length + TAIL).order(ByteOrder.LITTLE_ENDIAN);
        return file.put(data)
                .put(footer)
                .putInt(footer.length)
                .put(whole, whole.length - 4, 4)
                .array();
    }

    /** The file with another footer. */
    private static byte[] withFooter(Consumer<FileMetaData> change) throws IOException {
        byte[] data = Arrays.copyOf(whole, footerStart());
        return withFooter(data, changedFooter(change));
    }

    private static byte[] changedFooter(Consumer<FileMetaData> change) throws IOException {
        int start = footerStart();
        FileMetaData footer =
                Util.readFileMetaData(new ByteArrayInputStream(whole, start, whole.length - TAIL - start));
        change.accept(footer);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        Util.writeFileMetaData(footer, written);
        return written.toByteArray();
    }

    private static ColumnMetaData column(FileMetaData footer, int column) {
        return footer.getRow_groups().get(0).getColumns().get(column).getMeta_data();
    }

    /** The file with another header before the only page of the features, and other first bytes in that page. */
    private static byte[] withPage(Consumer<PageHeader> change, int... firstBytes) throws IOException {
        ColumnMetaData[] features = new ColumnMetaData[1];
        changedFooter(footer -> features[0] = column(footer, 1));
        int at = (int) features[0].getData_page_offset();
        ByteArrayInputStream in = new ByteArrayInputStream(whole, at, (int) features[0].getTotal_compressed_size());
        PageHeader header = Util.readPageHeader(in);
        byte[] page = in.readNBytes(header.getCompressed_page_size());
        change.accept(header);
        for (int k = 0; k < firstBytes.length; k++) {
            page[k] = (byte) firstBytes[k];
        }
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.write(whole, 0, footerStart());
        Util.writePageHeader(header, data);
        data.write(page);
        byte[] footer = changedFooter(changed -> column(changed, 1)
                .setDictionary_page_offset(0)
                .setData_page_offset(footerStart())
                .setTotal_compressed_size(data.size() - footerStart()));
        return withFooter(data.toByteArray(), footer);
    }

    private static void assertRefused(byte[] file, String message) {
        assertThatThrownBy(() -> check(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("x.parquet: ")
                .hasMessageContaining(message);
    }

    /** A number takes 8 bytes, however its page has it; of a text the page has all. */
    @Test
    void soundFilesPassWithTheMemoryOfTheirValues() throws IOException {
        long numbers = 40 * (1 + 3) * 8L;
        assertThat(check(whole)).isEqualTo(numbers);
        assertThat(check(withFooter(footer -> {}))).isEqualTo(numbers);
        assertThat(check(withPage(header -> {}))).isEqualTo(numbers);
        Path texts = written(
                "texts",
                SparkTest.session().range(10, 50, 1, 1).selectExpr("repeat(cast(id as string), 100) as note"),
                Map.of());
        assertThat(check(texts, CONFIGURATION, "note")).isBetween(40 * (8 + 200L), 40 * (8 + 200L) + 1_000);
    }

    @Test
    void damagedFilesPassOrAreRefusedInBoundedMemory() {
        Mutations.damage(whole, 2_000, MEMORY, bytes -> {
            try {
                check(bytes);
            } catch (IOException e) {
                throw new KindlingException(e.getMessage(), e);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MAX_VALUE, 100_000})
    void footerThatIsLargerThanTheFileIsRefused(int length) {
        byte[] file = whole.clone();
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(file.length - TAIL, length);
        assertRefused(file, "footer bytes: found " + length);
    }

    @Test
    void footerWhoseListsAreEndlessIsRefused() {
        // Field 2, a list, of structures: its size, 2^31 - 1, in seven bits a byte.
        byte[] footer = {0x15, 2, 0x19, (byte) 0xfc, -1, -1, -1, -1, 7};
        assertRefused(
                withFooter(Arrays.copyOf(whole, footerStart()), footer),
                "found a footer or page header that cannot be read");
    }

    @Test
    void footerThatIsNestedWithoutEndIsRefused() {
        byte[] footer = new byte[1_000_000];
        Arrays.fill(footer, (byte) 0x1c); // a structure in a structure
        assertRefused(
                withFooter(Arrays.copyOf(whole, footerStart()), footer),
                "found a footer or page header that cannot be read");
    }

    @Test
    void schemaThatIsNestedWithoutEndIsRefused() throws IOException {
        SchemaElement group = new SchemaElement("g")
                .setRepetition_type(FieldRepetitionType.OPTIONAL)
                .setNum_children(1);
        assertRefused(
                withFooter(footer -> footer.setSchema(Collections.nCopies(100_000, group))), "found a schema too deep");
    }

    @Test
    void schemaThatIsNoTreeIsRefused() throws IOException {
        assertRefused(withFooter(footer -> footer.getSchema().get(0).setNum_children(1)), "more elements");
        assertRefused(withFooter(footer -> footer.getSchema().get(0).setNum_children(3)), "ends before");
        assertRefused(withFooter(footer -> footer.getSchema().get(0).setNum_children(-3)), "too deep");
    }

    @Test
    void sparkSchemaThatIsNestedWithoutEndIsRefused() throws IOException {
        KeyValue schema =
                new KeyValue("org.apache.spark.sql.parquet.row.metadata").setValue("ArrayType(".repeat(10_000));
        assertRefused(withFooter(footer -> footer.addToKey_value_metadata(schema)), "too deep in its metadata");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 39, 41, Long.MAX_VALUE})
    void rowsThatAreNotThereAreRefused(long rows) throws IOException {
        assertRefused(withFooter(footer -> footer.getRow_groups().get(0).setNum_rows(rows)), "found");
        assertRefused(withFooter(footer -> footer.setNum_rows(rows)), "rows in the footer: found " + rows);
        assertRefused(withFooter(footer -> column(footer, 0).setNum_values(rows)), "values in a column");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1_000_000, Long.MAX_VALUE})
    void columnsThatLieOutsideTheFileAreRefused(long offset) throws IOException {
        assertRefused(withFooter(footer -> column(footer, 1).setData_page_offset(offset)), "offset");
        if (offset != 0) {
            assertRefused(withFooter(footer -> column(footer, 1).setTotal_compressed_size(offset)), "column bytes");
        }
    }

    @Test
    void columnsInOtherFilesAreRefused() throws IOException {
        assertRefused(
                withFooter(footer ->
                        footer.getRow_groups().get(0).getColumns().get(1).setFile_path("../../etc/passwd")),
                "another file");
    }

    @Test
    void codecsAndEncodingsThatHaveSizesOfTheirOwnAreRefused() throws IOException {
        assertRefused(withFooter(footer -> column(footer, 1).setCodec(CompressionCodec.LZ4)), "codec: found LZ4");
        assertRefused(
                withPage(header -> header.getData_page_header().setEncoding(Encoding.BYTE_STREAM_SPLIT)),
                "column features: encoding: found BYTE_STREAM_SPLIT");
        assertRefused(
                withPage(header -> header.getData_page_header().setEncoding(Encoding.DELTA_BINARY_PACKED)),
                "column features: mini-blocks in a DELTA block: found ");
    }

    @Test
    void whatNobodyReadsNeedNotBeRight() throws IOException {
        byte[] file = withFooter(footer -> column(footer, 1).setCodec(CompressionCodec.LZ4));
        assertThat(check(file, "label", "id")).isLessThan(check(whole));
        assertThatThrownBy(() -> check(file, "LABEL", "FEATURES")) // which Spark would read
                .hasMessageContaining("column features: codec: found LZ4");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1_000_000, 1_000_000, Long.MAX_VALUE})
    void rowGroupThatNoTaskWouldReadIsRefused(long size) throws IOException {
        assertRefused(
                withFooter(footer -> footer.getRow_groups().get(0).setTotal_compressed_size(size)),
                "middle of a row group");
        if (size < 0) {
            assertRefused(
                    withFooter(footer -> column(footer, 0).setDictionary_page_offset(size)), "middle of a row group");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "gzip", "zstd", "lz4_raw"})
    void deltasPassWithTheBytesThatTheyStandFor(String codec) throws IOException {
        Path file = deltas(codec);
        assertThat(check(file, CONFIGURATION, "label", "features")).isBetween(300 * 8 * 8L, 300 * 8 * 8 + 10_000L);
        assertThat(check(file, CONFIGURATION, "note")).isGreaterThan(300 * 5);
        try (ParquetFileReader reader = ParquetFileReader.open(
                HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(file.toUri()), CONFIGURATION))) {
            assertThat(reader.getFooter().getBlocks().get(0).getColumns())
                    .allSatisfy(column ->
                            assertThat(column.getEncodings().toString()).contains("DELTA_"));
        }
    }

    @Test
    void damagedDeltasPassOrAreRefusedInBoundedMemory() throws IOException {
        Mutations.damage(Files.readAllBytes(deltas("snappy")), 2_000, MEMORY, bytes -> {
            try {
                check(bytes, "label", "features", "note");
            } catch (IOException e) {
                throw new KindlingException(e.getMessage(), e);
            }
        });
    }

    /** Some thousand pages: a read for each would be a request for each where the file is in an object store. */
    @Test
    void pageHeadersAreReadInAFewLargeReads() throws IOException {
        Path file = written(
                "pages",
                SparkTest.session().range(0, 1_200_000, 1, 1).selectExpr("rand(1) as label", "id as features"),
                Map.of("parquet.page.row.count.limit", "500", "parquet.enable.dictionary", "false"));
        assertThat(Files.size(file)).isGreaterThan(10_000_000);
        Configuration counting = new Configuration(CONFIGURATION);
        counting.setClass("fs.file.impl", CountingFileSystem.class, FileSystem.class);
        counting.setBoolean("fs.file.impl.disable.cache", true);
        CountingFileSystem.READS.set(0);
        check(file, counting, "label", "features");
        assertThat(CountingFileSystem.READS.get()).isBetween(3, 3 + (int) (Files.size(file) >> 22));
    }

    /** Counts how often a file is read from. */
    public static final class CountingFileSystem extends LocalFileSystem {
        private static final AtomicInteger READS = new AtomicInteger();

        @Override
        public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferSize) throws IOException {
            FSDataInputStream in = super.open(path, bufferSize);
            return new FSDataInputStream(new FSInputStream() {
                @Override
                public void seek(long position) throws IOException {
                    in.seek(position);
                }

                @Override
                public long getPos() throws IOException {
                    return in.getPos();
                }

                @Override
                public boolean seekToNewSource(long position) {
                    return false;
                }

                @Override
                public int read() throws IOException {
                    READS.incrementAndGet();
                    return in.read();
                }

                @Override
                public int read(byte[] to, int at, int length) throws IOException {
                    READS.incrementAndGet();
                    return in.read(to, at, length);
                }

                @Override
                public void readFully(long position, byte[] to, int at, int length) throws IOException {
                    READS.incrementAndGet();
                    in.readFully(position, to, at, length);
                }

                @Override
                public void close() throws IOException {
                    in.close();
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MAX_VALUE})
    void pageOfAbsurdSizeIsRefusedBeforeThereIsRoomForIt(int size) throws IOException {
        assertRefused(withPage(header -> header.setUncompressed_page_size(size)), "page bytes, decompressed");
        assertRefused(withPage(header -> header.setCompressed_page_size(size)), "page bytes: found " + size);
        assertRefused(
                withPage(header -> header.getData_page_header().setNum_values(size)),
                "values in a page: found " + size);
        assertRefused(
                withPage(header -> header.setType(PageType.DICTIONARY_PAGE)
                        .setDictionary_page_header(new DictionaryPageHeader(size, Encoding.PLAIN))),
                "dictionary entries: found " + size);
    }

    @Test
    void snappyThatClaimsFourGigabytesIsRefused() throws IOException {
        assertRefused(withPage(header -> {}, 0xff, 0xff, 0xff, 0xff, 0x0f), "bytes in a Snappy page: found 4294967295");
    }
}
