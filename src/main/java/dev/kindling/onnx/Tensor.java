package dev.kindling.onnx;

import dev.kindling.error.KindlingException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A constant of a graph. Its numbers stay where they are in the file until they are asked for.
 *
 * @param type one of {@link Type}'s numbers
 * @param shape of numbers or texts, which are there as many times as it says
 * @param raw numbers as they lie in memory, or empty
 * @param numbers whole numbers, where they are not in raw
 * @param texts of a tensor of strings
 */
record Tensor(Type type, long[] shape, ByteBuffer raw, long[] numbers, List<String> texts) {
    /** What ONNX calls types of elements, as far as a network needs them. */
    enum Type {
        FLOAT(1, Float.BYTES),
        UINT8(2, 1),
        INT32(6, Integer.BYTES),
        INT64(7, Long.BYTES),
        STRING(8, 0),
        BOOL(9, 1),
        DOUBLE(11, Double.BYTES);

        final int number;
        private final int size;

        Type(int number, int size) {
            this.number = number;
            this.size = size;
        }

        boolean isWhole() {
            return this == UINT8 || this == INT32 || this == INT64 || this == BOOL;
        }
    }

    /** Reads a TensorProto. */
    static Tensor read(String file, ProtoReader in) {
        String name = "";
        long type = 0;
        long[] shape = {};
        ByteBuffer raw = ByteBuffer.allocate(0);
        long[] numbers = {};
        List<String> texts = new ArrayList<>();
        boolean isElsewhere = false;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> shape = in.numbers(shape);
                case 2 -> type = in.number();
                case 4, 9, 10 -> raw = in.bytes();
                case 5, 7 -> numbers = in.numbers(numbers);
                case 6 -> texts.add(in.text());
                case 8 -> name = in.text();
                case 13 -> isElsewhere = true;
                case 14 -> isElsewhere |= in.number() != 0;
                default -> {}
            }
        }
        String where = file + ": tensor '" + name + "': ";
        if (isElsewhere) {
            throw new KindlingException(
                    where + "found that its data is in another file, expected all in this one: export it as one file");
        }
        long number = type;
        Type known = Arrays.stream(Type.values())
                .filter(one -> one.number == number)
                .findFirst()
                .orElseThrow(() -> new KindlingException(where + "found elements of type number " + number
                        + ", expected one of " + Arrays.toString(Type.values())));
        Tensor tensor = new Tensor(known, shape, raw.order(ByteOrder.LITTLE_ENDIAN), numbers, texts);
        long count = tensor.count();
        boolean isWhole = known == Type.STRING
                ? texts.size() == count
                : raw.remaining() == count * known.size
                        || (known.isWhole() && !raw.hasRemaining() && numbers.length == count);
        if (!isWhole) {
            throw new KindlingException(where + "found shape " + Arrays.toString(shape) + " and "
                    + (raw.remaining() + numbers.length + texts.size())
                    + " bytes or elements, expected as many as the shape says");
        }
        return tensor;
    }

    /** The product of the shape; -1 if that is more than a file can have. */
    private long count() {
        long count = 1;
        for (long size : shape) {
            if (size < 0 || size > Integer.MAX_VALUE || count * size > Integer.MAX_VALUE) {
                return -1;
            }
            count *= size;
        }
        return count;
    }

    int size() {
        return (int) count();
    }

    /** Whether it goes along the columns of a row: a number, or a row of them. */
    boolean isRow() {
        return type != Type.STRING
                && Arrays.stream(shape).limit(Math.max(0, shape.length - 1)).allMatch(size -> size == 1);
    }

    boolean isMatrix() {
        return type != Type.STRING && shape.length == 2;
    }

    /** An element, a number. */
    double real(int index) {
        return switch (type) {
            case FLOAT -> raw.getFloat(index * type.size);
            case DOUBLE -> raw.getDouble(index * type.size);
            default -> whole(index);
        };
    }

    /** An element, a whole number or a truth. */
    long whole(int index) {
        if (!raw.hasRemaining()) {
            return numbers[index];
        }
        return switch (type) {
            case INT64 -> raw.getLong(index * type.size);
            case INT32 -> raw.getInt(index * type.size);
            default -> raw.get(index) & 0xff;
        };
    }

    double[] reals() {
        double[] reals = new double[size()];
        Arrays.setAll(reals, this::real);
        return reals;
    }

    /** Whether these texts are its numbers. */
    boolean isOf(List<String> numbers) {
        return type != Type.STRING
                && numbers.size() == size()
                && IntStream.range(0, size()).allMatch(k -> Double.compare(parsed(numbers.get(k)), real(k)) == 0);
    }

    private double parsed(String text) {
        return type == Type.FLOAT ? Float.parseFloat(text) : Double.parseDouble(text);
    }

    /** Each element as Spark writes it. */
    List<String> asTexts() {
        List<String> written = new ArrayList<>();
        for (int k = 0; k < size(); k++) {
            written.add(
                    switch (type) {
                        case STRING -> texts.get(k);
                        case FLOAT -> String.valueOf(raw.getFloat(k * type.size));
                        case DOUBLE -> String.valueOf(raw.getDouble(k * type.size));
                        case BOOL -> String.valueOf(whole(k) != 0);
                        default -> String.valueOf(whole(k));
                    });
        }
        return written;
    }
}
