package dev.kindling.storage;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.SchemaElement;

/**
 * Which columns of a Parquet file may have several values a row. The footer has the tree of its schema as a list, each
 * element with the number of its children, which follow it.
 *
 * @param columns the number of columns that hold values
 */
record ParquetSchema(int columns, BitSet repeated) {
    /** A deeper schema would overflow the stack of the code that goes through it. */
    private static final int MAX_DEPTH = 64;

    /** @throws IOException if the tree is not whole, or too deep; the message starts with the file's name */
    static ParquetSchema of(FileMetaData footer, String name) throws IOException {
        List<SchemaElement> elements = footer.getSchema();
        int[] left = new int[MAX_DEPTH]; // children to come at each depth
        boolean[] several = new boolean[MAX_DEPTH];
        BitSet repeated = new BitSet();
        int columns = 0;
        int depth = -1;
        for (SchemaElement element : elements) {
            boolean root = depth < 0;
            if (!root) {
                while (depth >= 0 && left[depth] == 0) {
                    depth--;
                }
                if (depth < 0) {
                    throw new IOException(name + ": found more elements than its schema has, expected one tree");
                }
                left[depth]--;
            }
            boolean repeats = !root && (several[depth] || element.getRepetition_type() == FieldRepetitionType.REPEATED);
            if (!root && element.isSetType()) {
                repeated.set(columns++, repeats);
                continue;
            }
            if (++depth == MAX_DEPTH || element.getNum_children() < 0) {
                throw new IOException(name + ": found a schema too deep, expected less than " + MAX_DEPTH + " levels");
            }
            left[depth] = element.getNum_children();
            several[depth] = repeats;
        }
        for (; depth >= 0; depth--) {
            if (left[depth] > 0) {
                throw new IOException(name + ": found a schema that ends before its last column");
            }
        }
        checkMetadata(footer, name);
        return new ParquetSchema(columns, repeated);
    }

    boolean isRepeated(int column) {
        return repeated.get(column);
    }

    /** Spark keeps a schema of its own in the metadata, as text, and parses it recursively. */
    private static void checkMetadata(FileMetaData footer, String name) throws IOException {
        if (!footer.isSetKey_value_metadata()) {
            return;
        }
        for (KeyValue entry : footer.getKey_value_metadata()) {
            int depth = 0;
            for (char c : (entry.isSetValue() ? entry.getValue() : "").toCharArray()) {
                depth += c == '(' || c == '{' || c == '[' ? 1 : c == ')' || c == '}' || c == ']' ? -1 : 0;
                if (depth > 4 * MAX_DEPTH && entry.getKey().startsWith("org.apache.spark")) {
                    throw new IOException(name + ": found a schema too deep in its metadata");
                }
            }
        }
    }
}
