package dev.kindling.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForInteger;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.column.values.deltalengthbytearray.DeltaLengthByteArrayValuesWriter;
import org.apache.parquet.column.values.deltastrings.DeltaByteArrayWriter;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of the DELTA family, by Parquet's own writers and by liars. */
class DeltaCheckTest {
    private static final int ROOM = 1 << 16;

    private final Random random = new Random(1);

    private static long check(Encoding encoding, byte[] data, int values) throws IOException {
        return DeltaCheck.check(encoding, ByteBuffer.wrap(data), values, ROOM);
    }

    /** Numbers of DELTA_BINARY_PACKED in blocks of 128, all with the same difference, which takes no bits. */
    private static byte[] numbers(int count, int first, int difference) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int value : new int[] {128, 4, count, signed(first)}) {
            unsigned(out, value);
        }
        for (int left = count - 1; left > 0; left -= 128) {
            unsigned(out, signed(difference));
            out.writeBytes(new byte[4]);
        }
        return out.toByteArray();
    }

    private static int signed(int value) {
        return value << 1 ^ value >> 31;
    }

    private static void unsigned(ByteArrayOutputStream out, int value) {
        try {
            BytesUtils.writeUnsignedVarInt(value, out);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] bytes(ValuesWriter writer) throws IOException {
        return writer.getBytes().toInputStream().readAllBytes();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 32, 33, 128, 129, 130, 1_000})
    void numbersComeBackAsTheyWere(int count) throws IOException {
        long[] longs = random.longs(count).toArray();
        longs[count / 2] = Long.MIN_VALUE;
        ValuesWriter writer = new DeltaBinaryPackingValuesWriterForLong(100, 10_000, new HeapByteBufferAllocator());
        for (long number : longs) {
            writer.writeLong(number);
        }
        ByteBuffer data = ByteBuffer.wrap(bytes(writer));
        DeltaNumbers numbers = new DeltaNumbers(data, count);
        long[] found = new long[numbers.count()];
        for (int k = 0; k < found.length; k++) {
            found[k] = numbers.next();
        }
        assertThat(found).isEqualTo(longs);
        assertThat(data.remaining()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 129, 700})
    void bytesOfParquetsWritersPassWithTheirLength(int count) throws IOException {
        ValuesWriter numbers = new DeltaBinaryPackingValuesWriterForInteger(100, 10_000, new HeapByteBufferAllocator());
        ValuesWriter whole = new DeltaLengthByteArrayValuesWriter(100, 10_000, new HeapByteBufferAllocator());
        ValuesWriter prefixed = new DeltaByteArrayWriter(100, 10_000, new HeapByteBufferAllocator());
        long length = 0;
        for (int k = 0; k < count; k++) {
            byte[] value = new byte[random.nextInt(60)];
            Arrays.fill(value, 0, value.length / 2, (byte) 7); // as the one before begins
            length += value.length;
            numbers.writeInteger(random.nextInt());
            whole.writeBytes(Binary.fromConstantByteArray(value));
            prefixed.writeBytes(Binary.fromConstantByteArray(value));
        }
        assertThat(check(Encoding.DELTA_BINARY_PACKED, bytes(numbers), count)).isZero();
        assertThat(check(Encoding.DELTA_LENGTH_BYTE_ARRAY, bytes(whole), count)).isZero();
        assertThat(check(Encoding.DELTA_BYTE_ARRAY, bytes(prefixed), count)).isBetween(0L, length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 4 1 0         | 10 | values in a DELTA block: found 0",
                "2147483647 1 1 0 | 10 | values in a DELTA block: found 2147483647",
                "128 0 1 0       | 10 | mini-blocks in a DELTA block: found 0",
                "128 3 1 0       | 10 | mini-blocks in a DELTA block: found 3",
                "128 32 1 0      | 10 | mini-blocks in a DELTA block: found 32",
                "128 4 11 0      | 10 | values in a DELTA page: found 11",
                "128 4 2147483647 0 | 2147483647 | values in a DELTA page: found 2147483647, expected 0 to 16777216",
                "128 4           | 10 | values that end too early",
            })
    void sizesThatCannotBeTrueAreRefused(String header, int values, String message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(header.split(" ", -1)).mapToInt(Integer::parseInt).forEach(value -> unsigned(out, value));
        for (Encoding encoding : DeltaCheck.ENCODINGS) {
            assertThatThrownBy(() -> check(encoding, out.toByteArray(), values))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(message);
        }
    }

    private static byte[] sameValue(int times) throws IOException {
        ValuesWriter writer = new DeltaByteArrayWriter(100, 10_000, new HeapByteBufferAllocator());
        for (int k = 0; k < times; k++) {
            writer.writeBytes(Binary.fromConstantByteArray(new byte[500]));
        }
        return bytes(writer);
    }

    @Test
    void aFewBytesThatStandForVeryManyAreRefused() throws IOException {
        assertThat(check(Encoding.DELTA_BYTE_ARRAY, sameValue(100), 100)).isEqualTo(99 * 500);
        assertThat(sameValue(1_000)).hasSizeLessThan(1_000);
        assertThatThrownBy(() -> check(Encoding.DELTA_BYTE_ARRAY, sameValue(1_000), 1_000))
                .hasMessageContaining("bytes of DELTA values: found over 65536 in a page");
    }

    @Test
    void bytesThatAreNotThereAreRefused() {
        assertThatThrownBy(() -> check(Encoding.DELTA_LENGTH_BYTE_ARRAY, numbers(3, 5, 0), 3))
                .hasMessageContaining("bytes of DELTA values: found 15, expected at most 0");
        assertThatThrownBy(() -> check(Encoding.DELTA_LENGTH_BYTE_ARRAY, numbers(3, -5, 0), 3))
                .hasMessageContaining("and -5 more");
        assertThatThrownBy(() -> check(Encoding.DELTA_BYTE_ARRAY, joined(numbers(3, 1, 0), numbers(3, 1, 0)), 3))
                .hasMessageContaining("found 1 of the 0 before");
        assertThatThrownBy(() -> check(Encoding.DELTA_BYTE_ARRAY, joined(numbers(3, 0, 0), numbers(2, 0, 0)), 3))
                .hasMessageContaining("DELTA prefixes: found 3, expected 2");
    }
}
