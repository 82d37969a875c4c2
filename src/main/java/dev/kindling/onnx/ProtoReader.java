package dev.kindling.onnx;

import dev.kindling.error.KindlingException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A message of Protocol Buffers, field by field. A value is a view of the file's bytes: no length in the file makes room for
 * anything, and a message is only gone into by somebody who knows what it is, so there is no recursion.
 */
final class ProtoReader {
    /** How a value is written: the lowest three bits of what stands before it. */
    private static final int VARINT = 0;

    private static final int EIGHT_BYTES = 1;
    private static final int BYTES = 2;
    private static final int FOUR_BYTES = 5;

    private static final int MOST_UNPACKED = 64;

    private final String name;
    private final ByteBuffer bytes;
    private int field;
    private int kind;
    private long number;
    private ByteBuffer value;

    /** @param name of the file, for messages */
    ProtoReader(String name, ByteBuffer bytes) {
        this.name = name;
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Goes on to the next field; false after the last. */
    boolean next() {
        if (!bytes.hasRemaining()) {
            return false;
        }
        long tag = varint(bytes);
        if (tag >>> 3 == 0 || tag >>> 3 > Integer.MAX_VALUE) {
            throw damaged("a field without a number");
        }
        field = (int) (tag >>> 3);
        kind = (int) tag & 7;
        switch (kind) {
            case VARINT -> number = varint(bytes);
            case EIGHT_BYTES -> value = piece(Long.BYTES);
            case FOUR_BYTES -> value = piece(Integer.BYTES);
            case BYTES -> value = piece(varint(bytes));
            default -> throw damaged("a value of kind " + kind);
        }
        return true;
    }

    /** The number of the field. */
    int field() {
        return field;
    }

    /** The value, a whole number. */
    long number() {
        require(VARINT);
        return number;
    }

    /** The value, a float. */
    float real() {
        require(FOUR_BYTES);
        return value.getFloat(0);
    }

    /** The value, as it lies in the file. */
    ByteBuffer bytes() {
        require(BYTES);
        return value;
    }

    String text() {
        return text(bytes());
    }

    static String text(ByteBuffer utf8) {
        return StandardCharsets.UTF_8.decode(utf8.duplicate()).toString();
    }

    /** The value, a message. */
    ProtoReader message() {
        return new ProtoReader(name, bytes());
    }

    /**
     * Whole numbers of a list. It is either packed into one field, which is then all of it, or it has a field for each number, and
     * few of them: those before and this one.
     */
    long[] numbers(long[] before) {
        if (kind == VARINT) {
            if (before.length == MOST_UNPACKED) {
                throw damaged("more than " + MOST_UNPACKED + " numbers in a list that is not packed");
            }
            long[] longer = Arrays.copyOf(before, before.length + 1);
            longer[before.length] = number;
            return longer;
        }
        ByteBuffer packed = bytes().duplicate();
        long[] numbers = new long[packed.remaining()];
        int count = 0;
        while (packed.hasRemaining()) {
            numbers[count++] = varint(packed);
        }
        return Arrays.copyOf(numbers, count);
    }

    /** Adds the float of this field, or all that are packed into it. */
    void addReals(List<Float> reals) {
        ByteBuffer floats = kind == FOUR_BYTES ? value : bytes();
        for (int at = 0; at + Float.BYTES <= floats.limit(); at += Float.BYTES) {
            reals.add(floats.getFloat(at));
        }
    }

    private long varint(ByteBuffer from) {
        long result = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (!from.hasRemaining()) {
                throw damaged("an end within a number");
            }
            byte next = from.get();
            result |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return result;
            }
        }
        throw damaged("a number without an end");
    }

    private ByteBuffer piece(long length) {
        if (length < 0 || length > bytes.remaining()) {
            throw damaged(
                    "a value of " + Long.toUnsignedString(length) + " bytes where " + bytes.remaining() + " are left");
        }
        ByteBuffer piece = bytes.slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + (int) length);
        return piece;
    }

    private void require(int expected) {
        if (kind != expected) {
            throw damaged("a value of kind " + kind + " in field " + field);
        }
    }

    private KindlingException damaged(String found) {
        return new KindlingException(name + ": found " + found + ", expected an ONNX file");
    }
}
