package dev.kindling.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.Test;

/** Pages of 20 values, as they are when they are decompressed. */
class CheckedPagesTest {
    private static final int VALUES = 20;
    /** Three groups of eight values are the fewest that hold twenty. */
    private static final byte[] PACKED = run(3, true, 0x5a, 0x5a, 0x0a);

    private static final byte[] REPEATED = run(VALUES, false, 1);
    private static final byte[] HUNDRED_MILLION = run(100_000_000, true, 0x5a);
    private static final byte[] ONE_GROUP_MORE = run(4, true, 0x5a, 0x5a, 0x0a, 0);
    private static final byte[] NONE = {};

    private static final ColumnDescriptor NESTED = column(1);
    private static final ColumnDescriptor FLAT = column(0);

    private static ColumnDescriptor column(int levels) {
        PrimitiveType type = Types.required(PrimitiveTypeName.FLOAT).named("values");
        return new ColumnDescriptor(new String[] {"values"}, type, levels, levels);
    }

    /** A run as Parquet has it: its length and kind, seven bits a byte with the lowest first, and its bytes. */
    private static byte[] run(int count, boolean packed, int... content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int header = 2 * count + (packed ? 1 : 0);
        for (; header >>> 7 != 0; header >>>= 7) {
            bytes.write((header & 0x7f) | 0x80);
        }
        bytes.write(header);
        for (int each : content) {
            bytes.write(each);
        }
        return bytes.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    private static byte[] withLength(byte[] levels) {
        byte[] length = ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(levels.length)
                .array();
        return join(length, levels);
    }

    /** Indexes of a dictionary begin with how many bits one has. */
    private static byte[] indexes(byte[] run) {
        return join(new byte[] {1}, run);
    }

    private static DataPage first(byte[] content, Encoding levels, Encoding values) {
        return new DataPageV1(BytesInput.from(content), VALUES, content.length, null, levels, levels, values);
    }

    private static DataPage second(byte[] repetition, byte[] definition, byte[] data, Encoding values) {
        return DataPageV2.uncompressed(
                VALUES,
                0,
                VALUES,
                BytesInput.from(repetition),
                BytesInput.from(definition),
                values,
                BytesInput.from(data),
                null);
    }

    /** The page as Parquet's reader would get it. */
    private static DataPage read(ColumnDescriptor column, DataPage page) {
        PageReader one = new PageReader() {
            @Override
            public DictionaryPage readDictionaryPage() {
                return null;
            }

            @Override
            public long getTotalValueCount() {
                return VALUES;
            }

            @Override
            public DataPage readPage() {
                return page;
            }
        };
        PageReadStore store = new PageReadStore() {
            @Override
            public PageReader getPageReader(ColumnDescriptor any) {
                return one;
            }

            @Override
            public long getRowCount() {
                return VALUES;
            }

            @Override
            public Optional<Long> getRowIndexOffset() {
                return Optional.empty();
            }
        };
        return new CheckedPages(store).getPageReader(column).readPage();
    }

    private static byte[] bytes(BytesInput input) throws IOException {
        return input.toInputStream().readAllBytes();
    }

    private static void assertRefused(ColumnDescriptor column, DataPage page, String message) {
        assertThatThrownBy(() -> read(column, page))
                .isInstanceOf(ParquetDecodingException.class)
                .hasMessage(message);
    }

    @Test
    void aSoundPageArrivesAsItIs() throws IOException {
        for (byte[] levels : new byte[][] {PACKED, REPEATED, join(run(8, false, 0), run(2, true, 0x5a, 0x0a))}) {
            byte[] content = join(withLength(levels), withLength(levels), indexes(levels));
            DataPageV1 one = (DataPageV1) read(NESTED, first(content, Encoding.RLE, Encoding.RLE_DICTIONARY));
            assertThat(bytes(one.getBytes())).isEqualTo(content);
            assertThat(one.getValueCount()).isEqualTo(VALUES);
            DataPageV2 two =
                    (DataPageV2) read(NESTED, second(levels, levels, indexes(levels), Encoding.RLE_DICTIONARY));
            assertThat(bytes(two.getRepetitionLevels())).isEqualTo(levels);
            assertThat(bytes(two.getDefinitionLevels())).isEqualTo(levels);
            assertThat(bytes(two.getData())).isEqualTo(indexes(levels));
            assertThat(two.getValueCount()).isEqualTo(VALUES);
        }
    }

    @Test
    void aRunThatClaimsMoreValuesThanThePageHasIsRefusedWhereverItLies() {
        String message = "found a run of 100000000 groups of values, expected at most 3";
        byte[] good = withLength(PACKED);
        byte[] bad = withLength(HUNDRED_MILLION);
        Encoding plain = Encoding.PLAIN;
        Encoding dictionary = Encoding.RLE_DICTIONARY;
        assertRefused(NESTED, first(join(bad, good), Encoding.RLE, plain), message);
        assertRefused(NESTED, first(join(good, bad), Encoding.RLE, plain), message);
        assertRefused(NESTED, first(join(good, good, indexes(HUNDRED_MILLION)), Encoding.RLE, dictionary), message);
        assertRefused(FLAT, first(indexes(HUNDRED_MILLION), Encoding.RLE, dictionary), message);
        assertRefused(NESTED, second(HUNDRED_MILLION, PACKED, NONE, plain), message);
        assertRefused(NESTED, second(PACKED, HUNDRED_MILLION, NONE, plain), message);
        assertRefused(NESTED, second(PACKED, PACKED, indexes(HUNDRED_MILLION), dictionary), message);
        // A second run counts too, and so does one group more than the page has.
        assertRefused(FLAT, first(indexes(join(run(8, false, 1), HUNDRED_MILLION)), Encoding.RLE, dictionary), message);
        assertRefused(
                FLAT,
                first(indexes(ONE_GROUP_MORE), Encoding.RLE, dictionary),
                "found a run of 4 groups of values, expected at most 3");
    }

    /** As a negative number of bits they would send the check back in the page, for ever if a run is empty. */
    @Test
    void indexesOfMoreBitsThanANumberHasAreRefused() {
        byte[] page = join(new byte[] {(byte) 0x80}, PACKED);
        assertRefused(
                FLAT,
                first(page, Encoding.RLE, Encoding.RLE_DICTIONARY),
                "found dictionary indexes of 128 bits, expected at most 32");
    }

    @Test
    void levelsThatReachPastTheirPageOrAreEncodedInAnotherWayAreRefused() {
        byte[] pastTheEnd = withLength(PACKED);
        pastTheEnd[0]++;
        assertThatThrownBy(() -> read(NESTED, first(pastTheEnd, Encoding.RLE, Encoding.PLAIN)))
                .isInstanceOf(BufferUnderflowException.class);
        assertRefused(
                NESTED,
                first(join(withLength(PACKED), withLength(PACKED)), Encoding.PLAIN, Encoding.PLAIN),
                "found levels encoded as PLAIN, expected RLE");
    }
}
