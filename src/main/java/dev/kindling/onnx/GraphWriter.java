package dev.kindling.onnx;

import dev.kindling.error.KindlingException;
import dev.kindling.storage.Labels;
import dev.kindling.storage.Version;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** A graph as it grows: inputs, constants, nodes and outputs; the numbers are those of fields in onnx.proto. */
final class GraphWriter {
    /** Of 2020; every runtime since then reads it. */
    private static final int IR_VERSION = 7;

    private static final int OPERATORS = 13;
    /** The kind of an attribute that is a whole number. */
    private static final int INT = 2;

    private final ProtoWriter graph = new ProtoWriter();
    private final Set<String> names = new HashSet<>();

    /** The whole file. */
    byte[] file(Map<String, String> metadata) {
        graph.text(2, "kindling");
        ProtoWriter model = new ProtoWriter()
                .number(1, IR_VERSION)
                .text(2, "kindling")
                .text(3, Version.kindling())
                .bytes(7, graph.toBytes())
                .message(8, set -> set.text(1, "").number(2, OPERATORS));
        metadata.forEach(
                (key, value) -> model.message(14, entry -> entry.text(1, key).text(2, value)));
        return model.toBytes();
    }

    /** An input of shape (rows, columns). */
    String input(String name, Tensor.Type type, int columns) {
        graph.message(11, input -> value(input, named(name), type, columns));
        return name;
    }

    /** An output, of shape (rows) or, with a number of columns, (rows, columns). */
    void output(String name, Tensor.Type type, int... columns) {
        graph.message(12, output -> value(output, name, type, columns));
    }

    private static void value(ProtoWriter out, String name, Tensor.Type type, int... columns) {
        out.text(1, name);
        out.message(
                2,
                any -> any.message(
                        1,
                        tensor -> tensor.number(1, type.number).message(2, shape -> {
                            shape.message(1, rows -> rows.text(2, "N"));
                            for (int count : columns) {
                                shape.message(1, dimension -> dimension.number(1, count));
                            }
                        })));
    }

    /** A node without settings, and the name of what it gives. */
    String node(String operator, String output, String... inputs) {
        return node(operator, output, List.of(inputs), Map.of());
    }

    String cast(String input, String output, Tensor.Type type) {
        return node("Cast", output, List.of(input), Map.of("to", type.number));
    }

    /** Puts columns side by side. */
    String join(List<String> columns, String output) {
        return node("Concat", output, columns, Map.of("axis", 1));
    }

    /** The number of the largest in each row, the first of equals; shape (rows). */
    String argMax(String input, String output) {
        return node("ArgMax", output, List.of(input), Map.of("axis", 1, "keepdims", 0));
    }

    private String node(String operator, String output, List<String> inputs, Map<String, Integer> settings) {
        graph.message(1, node -> {
            inputs.forEach(input -> node.text(1, input));
            node.text(2, named(output)).text(3, output).text(4, operator);
            settings.forEach((name, value) -> node.message(
                    5, setting -> setting.text(1, name).number(3, value).number(20, INT)));
        });
        return output;
    }

    /** A constant of shape (numbers). */
    String floats(String name, float[] numbers) {
        return floats(name, new int[] {numbers.length}, numbers);
    }

    /** A constant of any shape, row-major. */
    String floats(String name, int[] shape, float[] numbers) {
        byte[] raw = littleEndian(
                numbers.length * Float.BYTES, to -> to.asFloatBuffer().put(numbers));
        return constant(name, Tensor.Type.FLOAT, raw, shape);
    }

    /** A constant of shape (numbers); of shape (1), which stands for all, where they are the same bits. */
    String doubles(String name, double[] numbers) {
        boolean isOne = Arrays.stream(numbers)
                        .mapToLong(Double::doubleToRawLongBits)
                        .distinct()
                        .count()
                == 1;
        double[] written = isOne ? new double[] {numbers[0]} : numbers;
        byte[] raw = littleEndian(
                written.length * Double.BYTES, to -> to.asDoubleBuffer().put(written));
        return constant(name, Tensor.Type.DOUBLE, raw, written.length);
    }

    String wholes(String name, long... numbers) {
        byte[] raw = littleEndian(
                numbers.length * Long.BYTES, to -> to.asLongBuffer().put(numbers));
        return constant(name, Tensor.Type.INT64, raw, numbers.length);
    }

    private String constant(String name, Tensor.Type type, byte[] raw, int... shape) {
        graph.message(5, tensor -> {
            for (int size : shape) {
                tensor.number(1, size);
            }
            tensor.number(2, type.number).text(8, named(name)).bytes(9, raw);
        });
        return name;
    }

    /** Labels as a constant of shape (classes), and its type: that of the labels, where ONNX has one; decimals are strings. */
    Tensor.Type labels(String name, Labels labels) {
        List<String> texts = labels.values();
        int count = texts.size();
        switch (labels.type()) {
            case "TINYINT", "SMALLINT", "INT", "BIGINT" -> {
                wholes(name, texts.stream().mapToLong(Long::parseLong).toArray());
                return Tensor.Type.INT64;
            }
            case "BOOLEAN" -> {
                byte[] raw = new byte[count];
                for (int c = 0; c < count; c++) {
                    raw[c] = (byte) (Boolean.parseBoolean(texts.get(c)) ? 1 : 0);
                }
                constant(name, Tensor.Type.BOOL, raw, count);
                return Tensor.Type.BOOL;
            }
            case "FLOAT" -> {
                float[] numbers = new float[count];
                for (int c = 0; c < count; c++) {
                    numbers[c] = Float.parseFloat(texts.get(c));
                }
                floats(name, numbers);
                return Tensor.Type.FLOAT;
            }
            case "DOUBLE" -> {
                byte[] raw = littleEndian(
                        count * Double.BYTES, to -> texts.forEach(text -> to.putDouble(Double.parseDouble(text))));
                constant(name, Tensor.Type.DOUBLE, raw, count);
                return Tensor.Type.DOUBLE;
            }
            default -> {
                graph.message(5, tensor -> {
                    tensor.number(1, count).number(2, Tensor.Type.STRING.number);
                    texts.forEach(text -> tensor.text(6, text));
                    tensor.text(8, named(name));
                });
                return Tensor.Type.STRING;
            }
        }
    }

    private static byte[] littleEndian(int bytes, Consumer<ByteBuffer> numbers) {
        byte[] raw = new byte[bytes];
        numbers.accept(ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN));
        return raw;
    }

    /** A name that nothing else in the graph has. */
    private String named(String name) {
        if (name.isEmpty() || !names.add(name)) {
            throw new KindlingException(
                    "found a column called '" + name
                            + "', expected other names than those of the graph's own parts: rename it, or let one input have all columns");
        }
        return name;
    }
}
