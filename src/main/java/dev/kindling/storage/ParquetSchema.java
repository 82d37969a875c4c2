package dev.kindling.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;

/**
 * The columns of a Parquet file that hold values. The footer has the tree of its schema as a list, each element with the
 * number of its children, which follow it.
 *
 * @param columns in the order in which each row group has them
 */
record ParquetSchema(List<Column> columns) {
    /** A deeper schema would overflow the stack of the code that goes through it. */
    private static final int MAX_DEPTH = 64;

    private static final Set<Type> NUMBERS = EnumSet.of(Type.BOOLEAN, Type.INT32, Type.INT64, Type.FLOAT, Type.DOUBLE);

    /**
     * A column that holds values.
     *
     * @param name of the column of the table that it is, or is a part of
     * @param isRepeated whether it may have several values a row
     * @param isOptional whether a value may be missing
     * @param isNumber whether a value has at most 8 bytes
     */
    record Column(String name, boolean isRepeated, boolean isOptional, boolean isNumber) {}

    /** @throws IOException if the tree is not whole, or too deep; the message starts with the file's name */
    static ParquetSchema of(FileMetaData footer, String name) throws IOException {
        List<SchemaElement> elements = footer.getSchema();
        int[] left = new int[MAX_DEPTH]; // children to come at each depth
        Column[] groups = new Column[MAX_DEPTH]; // of each depth the one that the next element may lie in
        List<Column> columns = new ArrayList<>();
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
            Column column = root ? new Column("", false, false, false) : in(groups[depth], depth == 0, element);
            if (!root && element.isSetType()) {
                columns.add(column);
                continue;
            }
            if (++depth == MAX_DEPTH || element.getNum_children() < 0) {
                throw new IOException(name + ": found a schema too deep, expected less than " + MAX_DEPTH + " levels");
            }
            left[depth] = element.getNum_children();
            groups[depth] = column;
        }
        for (; depth >= 0; depth--) {
            if (left[depth] > 0) {
                throw new IOException(name + ": found a schema that ends before its last column");
            }
        }
        checkMetadata(footer, name);
        return new ParquetSchema(columns);
    }

    private static Column in(Column group, boolean groupIsTable, SchemaElement element) {
        boolean repeats = element.getRepetition_type() == FieldRepetitionType.REPEATED;
        return new Column(
                groupIsTable ? element.getName() : group.name,
                group.isRepeated || repeats,
                group.isOptional || repeats || element.getRepetition_type() == FieldRepetitionType.OPTIONAL,
                element.isSetType() && NUMBERS.contains(element.getType()));
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
