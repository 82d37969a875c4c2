package dev.kindling.onnx;

import dev.kindling.error.KindlingException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a file holds: nodes, each with names of values that it takes and gives, and constants. Nothing is said yet of what the nodes
 * do, and of whether a value is there.
 *
 * @param inputs that are no constants
 * @param outputs their names
 * @param metadata what the program that wrote the file has to say of it
 */
record Graph(
        List<Input> inputs,
        Map<String, Tensor> constants,
        List<Node> nodes,
        List<String> outputs,
        Map<String, String> metadata) {
    /** No network of fully connected layers has nearly as many nodes, or as many inputs, outputs, or entries of metadata. */
    private static final int MOST_NODES = 10_000;

    private static final int MOST = 100_000;

    /**
     * An input.
     *
     * @param dimensions how many it has; 0 where nothing is said of them
     * @param width how many numbers a row has; 0 where that is not said
     */
    record Input(String name, int dimensions, int width) {}

    /** One operation. */
    record Node(
            String name,
            String domain,
            String operator,
            List<String> inputs,
            List<String> outputs,
            Map<String, Attribute> attributes) {
        long whole(String attribute, long otherwise) {
            Attribute given = attributes.get(attribute);
            return given == null ? otherwise : given.whole();
        }

        double real(String attribute, double otherwise) {
            Attribute given = attributes.get(attribute);
            return given == null ? otherwise : given.real();
        }
    }

    /** A setting of a node, of one of these kinds. */
    record Attribute(long whole, float real, List<Float> reals, long[] wholes, Tensor tensor) {}

    /**
     * Reads a file.
     *
     * @param file its name, for messages
     */
    static Graph read(String file, byte[] bytes) {
        return new Parser(file).model(new ProtoReader(file, ByteBuffer.wrap(bytes)));
    }

    /** Goes through the messages of a file; the numbers are those of fields in onnx.proto. */
    private record Parser(String file) {
        Graph model(ProtoReader in) {
            ProtoReader graph = null;
            Map<String, String> metadata = new LinkedHashMap<>();
            while (in.next()) {
                switch (in.field()) {
                    case 7 -> graph = in.message();
                    case 14 -> entry(in.message(), metadata);
                    default -> {}
                }
            }
            if (graph == null) {
                throw new KindlingException(file + ": found no graph, expected an ONNX file");
            }
            return graph(graph, metadata);
        }

        private void entry(ProtoReader in, Map<String, String> metadata) {
            String key = "";
            String value = "";
            while (in.next()) {
                switch (in.field()) {
                    case 1 -> key = in.text();
                    case 2 -> value = in.text();
                    default -> {}
                }
            }
            metadata.put(key, value);
            requireFew(metadata.size());
        }

        private Graph graph(ProtoReader in, Map<String, String> metadata) {
            List<Input> inputs = new ArrayList<>();
            Map<String, Tensor> constants = new HashMap<>();
            List<Node> nodes = new ArrayList<>();
            List<String> outputs = new ArrayList<>();
            while (in.next()) {
                switch (in.field()) {
                    case 1 -> {
                        nodes.add(node(in.message()));
                        if (nodes.size() > MOST_NODES) {
                            throw new KindlingException(file + ": found more than " + MOST_NODES
                                    + " nodes, expected those of a network of fully connected layers");
                        }
                    }
                    case 5 -> constants.put(tensorName(in.message()), Tensor.read(file, in.message()));
                    case 11 -> inputs.add(input(in.message()));
                    case 12 -> outputs.add(input(in.message()).name());
                    case 15 -> throw new KindlingException(file + ": found a sparse constant, expected dense ones");
                    default -> {}
                }
                requireFew(Math.max(inputs.size(), outputs.size()));
            }
            inputs.removeIf(input -> constants.containsKey(input.name())); // as old files have them
            return new Graph(inputs, constants, nodes, outputs, metadata);
        }

        private void requireFew(int count) {
            if (count > MOST) {
                throw new KindlingException(file + ": found more than " + MOST
                        + " inputs, outputs or entries of metadata, expected those of a network");
            }
        }

        private static String tensorName(ProtoReader in) {
            String name = "";
            while (in.next()) {
                name = in.field() == 8 ? in.text() : name;
            }
            return name;
        }

        private Node node(ProtoReader in) {
            List<String> inputs = new ArrayList<>();
            List<String> outputs = new ArrayList<>();
            String name = "";
            String operator = "";
            String domain = "";
            Map<String, Attribute> attributes = new HashMap<>();
            while (in.next()) {
                switch (in.field()) {
                    case 1 -> inputs.add(in.text());
                    case 2 -> outputs.add(in.text());
                    case 3 -> name = in.text();
                    case 4 -> operator = in.text();
                    case 5 -> attribute(in.message(), attributes);
                    case 7 -> domain = in.text();
                    default -> {}
                }
            }
            return new Node(name, domain, operator, inputs, outputs, attributes);
        }

        private void attribute(ProtoReader in, Map<String, Attribute> attributes) {
            String name = "";
            long whole = 0;
            float real = 0;
            List<Float> reals = new ArrayList<>();
            long[] wholes = {};
            Tensor tensor = null;
            while (in.next()) {
                switch (in.field()) {
                    case 1 -> name = in.text();
                    case 2 -> real = in.real();
                    case 3 -> whole = in.number();
                    case 5 -> tensor = Tensor.read(file, in.message());
                    case 7 -> in.addReals(reals);
                    case 8 -> wholes = in.numbers(wholes);
                    default -> {}
                }
            }
            attributes.put(name, new Attribute(whole, real, reals, wholes, tensor));
        }

        /** Its type is of no matter: what comes is made a number of. */
        private Input input(ProtoReader in) {
            String name = "";
            Input shaped = new Input("", 0, 0);
            while (in.next()) {
                switch (in.field()) {
                    case 1 -> name = in.text();
                    case 2 -> shaped = shape(inner(inner(in.message(), 1), 2));
                    default -> {}
                }
            }
            return new Input(name, shaped.dimensions(), shaped.width());
        }

        /** The message in a field of another; an empty one if it is not there. */
        private ProtoReader inner(ProtoReader in, int field) {
            ProtoReader found = new ProtoReader(file, ByteBuffer.allocate(0));
            while (in.next()) {
                found = in.field() == field ? in.message() : found;
            }
            return found;
        }

        private Input shape(ProtoReader in) {
            int dimensions = 0;
            long width = 1;
            while (in.next()) {
                ProtoReader dimension = in.message();
                long size = 0;
                while (dimension.next()) {
                    size = dimension.field() == 1 ? dimension.number() : size;
                }
                if (dimensions++ > 0) {
                    width = size < 0 || size > Integer.MAX_VALUE || size * width > Integer.MAX_VALUE ? 0 : size * width;
                }
            }
            return new Input("", dimensions, dimensions == 0 ? 0 : (int) width);
        }
    }
}
