package dev.kindling.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import shaded.parquet.org.apache.thrift.TBase;
import shaded.parquet.org.apache.thrift.TConfiguration;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;

/**
 * Checks all sizes that a Parquet file states of what will be read, in its footer and before each page, and refuses those that
 * cannot be true. Parquet and Spark trust them. A damaged size makes them reserve so much memory that the JVM ends with an
 * OutOfMemoryError, or read rows that are not there.
 */
final class ParquetCheck {
    private static final String MAGIC = "PAR1";
    /** A row group of a few columns takes less than a kilobyte of it. */
    private static final int MAX_FOOTER_BYTES = 1 << 23;

    /** Of a page, decompressed; most have 1 MB, and those of DuckDB up to 100. */
    private static final int MAX_PAGE_BYTES = 1 << 27;
    /** The same of a page of the DELTA family, which is decompressed here. */
    private static final int MAX_DELTA_PAGE_BYTES = 1 << 25;
    /** A page header has some 30 bytes; with statistics of long values it has more. */
    private static final int PAGE_HEADER_BYTES = 1 << 9;

    private static final int MAX_PAGE_HEADER_BYTES = 1 << 18;

    /** A value's share of the memory, beside its bytes. */
    private static final int VALUE_BYTES = 8;

    /** Legacy LZ4 trusts sizes that are in its data. LZO and Brotli have no codec here. */
    private static final Set<CompressionCodec> CODECS = EnumSet.of(
            CompressionCodec.UNCOMPRESSED,
            CompressionCodec.SNAPPY,
            CompressionCodec.GZIP,
            CompressionCodec.ZSTD,
            CompressionCodec.LZ4_RAW);

    /** Those that Spark reads; BYTE_STREAM_SPLIT is not one of them. The DELTA family has sizes in its data: {@link DeltaCheck}. */
    private static final Set<Encoding> ENCODINGS = EnumSet.of(
            Encoding.PLAIN,
            Encoding.PLAIN_DICTIONARY,
            Encoding.RLE_DICTIONARY,
            Encoding.RLE,
            Encoding.DELTA_BINARY_PACKED,
            Encoding.DELTA_LENGTH_BYTE_ARRAY,
            Encoding.DELTA_BYTE_ARRAY);

    /** An object store takes longer for a request than for some megabytes, and most pages have less than one. */
    private static final int WINDOW_BYTES = 1 << 22;

    private final FSDataInputStream in;
    private final String name;
    private final long length;
    private final long dataEnd; // where the footer starts
    private final FileMetaData footer;
    private final CodecFactory codecs;
    /** The part of the file that was read last. */
    private byte[] window = {};

    private long windowStart;
    private String where; // for messages: the file, or a column of it
    private long bytes;

    private ParquetCheck(FSDataInputStream in, String name, long length, CodecFactory codecs)
            throws IOException, TException {
        this.in = in;
        this.name = name;
        this.where = name;
        this.length = length;
        this.codecs = codecs;
        int ends = 2 * MAGIC.length() + Integer.BYTES;
        check(length >= ends, "bytes", length, "at least " + ends);
        moveWindow(Math.max(0, length - WINDOW_BYTES)); // a small file is all in it
        ByteBuffer tail = ByteBuffer.wrap(read(length - Integer.BYTES - MAGIC.length(), Integer.BYTES + MAGIC.length()))
                .order(ByteOrder.LITTLE_ENDIAN);
        long footerBytes = tail.getInt();
        String magic = StandardCharsets.US_ASCII.decode(tail).toString();
        check(magic.equals(MAGIC), "is not a Parquet file: last bytes", magic, MAGIC);
        long most = Math.min(MAX_FOOTER_BYTES, length - ends);
        check(footerBytes >= 0 && footerBytes <= most, "footer bytes", footerBytes, "0 to " + most);
        dataEnd = length - MAGIC.length() - Integer.BYTES - footerBytes;
        footer = new FileMetaData();
        parse(footer, read(dataEnd, (int) footerBytes));
    }

    /**
     * Checks a file.
     *
     * @param columns the names of those that will be read; upper and lower case are the same, as for Spark. What nobody reads
     *     need not be right
     * @return how much its rows could take in memory: 8 bytes for each value, and the decompressed pages of those that are no numbers
     * @throws IOException if it is not Parquet, or a size in it is out of range; the message starts with the file's name
     */
    static long check(Path path, Configuration configuration, Collection<String> columns) throws IOException {
        return check(path.getFileSystem(configuration).getFileStatus(path), configuration, columns);
    }

    /** The same, of a file that has just been listed. */
    static long check(FileStatus file, Configuration configuration, Collection<String> columns) throws IOException {
        Path path = file.getPath();
        CodecFactory codecs = new CodecFactory(configuration, 0);
        try (FSDataInputStream in = OpenFile.anywhere(path.getFileSystem(configuration), file)) {
            ParquetCheck check = new ParquetCheck(in, path.getName(), file.getLen(), codecs);
            ParquetSchema schema = ParquetSchema.of(check.footer, check.name);
            // Files such as _metadata list row groups of other files.
            if (!path.getName().startsWith("_")) {
                check.rowGroups(schema, lowerCase(columns));
            }
            return check.bytes;
        } catch (TException | RuntimeException | StackOverflowError e) {
            throw new IOException(path.getName() + ": found a footer or page header that cannot be read", e);
        } finally {
            codecs.release();
        }
    }

    private static Set<String> lowerCase(Collection<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    private void rowGroups(ParquetSchema schema, Set<String> names) throws IOException, TException {
        List<ParquetSchema.Column> columns = schema.columns();
        long rows = 0;
        for (RowGroup group : footer.getRow_groups()) {
            check(group.getNum_rows() >= 0, "rows in a row group", group.getNum_rows(), "0 or more");
            check(
                    group.getColumnsSize() == columns.size(),
                    "columns in a row group",
                    group.getColumnsSize(),
                    columns.size());
            middle(group);
            for (int k = 0; k < columns.size(); k++) {
                if (names.contains(columns.get(k).name().toLowerCase(Locale.ROOT))) {
                    where = name + ": column " + columns.get(k).name();
                    column(group.getColumns().get(k), group.getNum_rows(), columns.get(k));
                    where = name;
                }
            }
            rows = Math.addExact(rows, group.getNum_rows());
        }
        check(footer.getNum_rows() == rows, "rows in the footer", footer.getNum_rows(), rows);
    }

    /**
     * A row group is read by the task in whose part of the file its middle lies, as the footer has it. With a middle outside of the
     * file its rows would be missing, and nobody would say so.
     */
    private void middle(RowGroup group) throws IOException {
        if (group.getColumnsSize() == 0) {
            return;
        }
        long size = group.getTotal_compressed_size();
        if (!group.isSetTotal_compressed_size()) {
            size = 0;
            for (ColumnChunk chunk : group.getColumns()) {
                size += chunk.getMeta_data().getTotal_compressed_size();
            }
        }
        ColumnMetaData first = group.getColumns().get(0).getMeta_data();
        long start = first.getData_page_offset();
        if (first.isSetDictionary_page_offset()) {
            start = Math.min(start, first.getDictionary_page_offset());
        }
        long middle = start + size / 2;
        check(middle >= 0 && middle < length, "middle of a row group", middle, "0 to " + (length - 1));
    }

    private void column(ColumnChunk chunk, long rows, ParquetSchema.Column kind) throws IOException, TException {
        check(
                chunk.isSetMeta_data() && !chunk.isSetFile_path() && !chunk.isSetCrypto_metadata(),
                "a column that is encrypted or in",
                "another file",
                "its data here");
        ColumnMetaData column = chunk.getMeta_data();
        check(CODECS.contains(column.getCodec()), "codec", column.getCodec(), "one of " + CODECS);
        long values = column.getNum_values();
        check(kind.isRepeated() ? values >= rows : values == rows, "values in a column", values, rows);
        boolean dictionary = column.getDictionary_page_offset() > 0
                && column.getDictionary_page_offset() < column.getData_page_offset();
        long start = dictionary ? column.getDictionary_page_offset() : column.getData_page_offset();
        long size = column.getTotal_compressed_size();
        check(start >= MAGIC.length() && start <= dataEnd, "column offset", start, "4 to " + dataEnd);
        check(size >= 0 && size <= dataEnd - start, "column bytes", size, "0 to " + (dataEnd - start));
        long data = column.getData_page_offset();
        check(data - start <= size, "column data offset", data, "at most " + size + " from " + start);
        long found = 0;
        for (long at = start; found < values; ) {
            long left = start + size - at;
            check(left > 0, "values in a column's pages", found, values);
            PageHeader page = new PageHeader();
            at += pageHeader(page, at, left);
            left = start + size - at;
            int compressed = page.getCompressed_page_size();
            check(compressed >= 0 && compressed <= left, "page bytes", compressed, "0 to " + left);
            found += page(page);
            bytes += kind.isNumber() ? 0 : page.getUncompressed_page_size();
            if (column.getCodec() == CompressionCodec.SNAPPY) {
                checkSnappy(page, at);
            }
            if (DeltaCheck.ENCODINGS.contains(encoding(page))) {
                checkDelta(page, at, column.getCodec(), kind);
            }
            at += compressed;
        }
        check(found == values, "values in a column's pages", found, values);
    }

    /** Reads a page header and returns its length. */
    private int pageHeader(PageHeader header, long at, long left) throws IOException, TException {
        try {
            return parse(header, read(at, (int) Math.min(left, PAGE_HEADER_BYTES)));
        } catch (TException e) {
            header.clear();
            return parse(header, read(at, (int) Math.min(left, MAX_PAGE_HEADER_BYTES)));
        }
    }

    /** Checks what a page header says, and counts its values. */
    private int page(PageHeader page) throws IOException {
        int size = page.getUncompressed_page_size();
        check(size >= 0 && size <= MAX_PAGE_BYTES, "page bytes, decompressed", size, "0 to " + MAX_PAGE_BYTES);
        if (page.getType() == PageType.DICTIONARY_PAGE) {
            int entries = page.getDictionary_page_header().getNum_values();
            check(entries >= 0 && entries <= size, "dictionary entries", entries, "0 to " + size);
            return 0;
        }
        if (page.getType() == PageType.INDEX_PAGE) {
            return 0;
        }
        int values = values(page);
        check(values >= 0 && values <= MAX_PAGE_BYTES, "values in a page", values, "0 to " + MAX_PAGE_BYTES);
        check(ENCODINGS.contains(encoding(page)), "encoding", encoding(page), "one of " + ENCODINGS);
        int levels = levels(page);
        int most = Math.min(size, page.getCompressed_page_size());
        check(levels >= 0 && levels <= most, "bytes of levels in a page", levels, "0 to " + most);
        bytes += (long) VALUE_BYTES * values;
        return values;
    }

    private static int values(PageHeader page) {
        return page.getType() == PageType.DATA_PAGE_V2
                ? page.getData_page_header_v2().getNum_values()
                : page.getData_page_header().getNum_values();
    }

    /** The encoding of a page's values, or null for a page without. */
    private static Encoding encoding(PageHeader page) {
        return switch (page.getType()) {
            case DATA_PAGE -> page.getData_page_header().getEncoding();
            case DATA_PAGE_V2 -> page.getData_page_header_v2().getEncoding();
            default -> null;
        };
    }

    /** The bytes before a page's values that are not compressed; -1 if damaged. */
    private static int levels(PageHeader page) {
        if (page.getType() != PageType.DATA_PAGE_V2) {
            return 0;
        }
        int definition = page.getData_page_header_v2().getDefinition_levels_byte_length();
        int repetition = page.getData_page_header_v2().getRepetition_levels_byte_length();
        return definition < 0 || repetition < 0 || definition > MAX_PAGE_BYTES || repetition > MAX_PAGE_BYTES
                ? -1
                : definition + repetition;
    }

    /** Snappy's data start with their decompressed length, seven bits a byte, for which Parquet makes room. */
    private void checkSnappy(PageHeader page, long at) throws IOException {
        int levels = levels(page);
        int compressed = page.getCompressed_page_size() - levels;
        boolean plain = page.getType() == PageType.DATA_PAGE_V2
                && !page.getData_page_header_v2().isIs_compressed();
        if (compressed == 0 || plain) {
            return;
        }
        long length = 0;
        int shift = 0;
        for (byte b : read(at + levels, Math.min(compressed, 5))) {
            length |= (long) (b & 0x7f) << shift;
            shift += 7;
            if (b >= 0) {
                break;
            }
        }
        int expected = page.getUncompressed_page_size() - levels;
        check(length == expected, "bytes in a Snappy page", length, expected);
    }

    /** Decompresses a page, checks the sizes that are in its data, and counts how much longer they say its values are. */
    private void checkDelta(PageHeader page, long at, CompressionCodec codec, ParquetSchema.Column kind)
            throws IOException {
        int levels = levels(page);
        int compressed = page.getCompressed_page_size() - levels;
        int size = Math.max(compressed, page.getUncompressed_page_size());
        check(size <= MAX_DELTA_PAGE_BYTES, "bytes of a DELTA page", size, "0 to " + MAX_DELTA_PAGE_BYTES);
        boolean two = page.getType() == PageType.DATA_PAGE_V2;
        boolean plain = two && !page.getData_page_header_v2().isIs_compressed();
        byte[] data = read(at + levels, compressed);
        try {
            ByteBuffer values = plain
                    ? ByteBuffer.wrap(data)
                    : codecs.getDecompressor(CompressionCodecName.fromParquet(codec))
                            .decompress(BytesInput.from(data), page.getUncompressed_page_size() - levels)
                            .toByteBuffer(new HeapByteBufferAllocator(), kept -> {});
            values.order(ByteOrder.LITTLE_ENDIAN);
            // The levels of a page of the first version lie before the values, with their lengths.
            for (int k = 0; !two && k < (kind.isRepeated() ? 1 : 0) + (kind.isOptional() ? 1 : 0); k++) {
                int length = values.getInt();
                values.position(values.position() + length);
            }
            bytes += DeltaCheck.check(encoding(page), values, values(page), MAX_PAGE_BYTES);
        } catch (IOException | RuntimeException e) {
            throw new IOException(where + ": " + e.getMessage(), e);
        }
    }

    /** Reads a structure and returns its length in bytes. */
    private static int parse(TBase<?, ?> structure, byte[] bytes) throws TException {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        // No text and no list in it can be longer than it is. Without these limits Parquet reserves memory for any
        // length.
        TConfiguration limits =
                TConfiguration.custom().setMaxMessageSize(bytes.length).build();
        structure.read(new TCompactProtocol(new TIOStreamTransport(limits, in), bytes.length, bytes.length));
        return bytes.length - in.available();
    }

    /** Bytes of the file: out of the window, or the window moves there. */
    private byte[] read(long at, int count) throws IOException {
        if (count > WINDOW_BYTES) {
            byte[] read = new byte[count];
            in.readFully(at, read);
            return read;
        }
        if (at < windowStart || at + count > windowStart + window.length) {
            moveWindow(at);
        }
        int from = (int) (at - windowStart);
        return Arrays.copyOfRange(window, from, from + count);
    }

    private void moveWindow(long start) throws IOException {
        window = new byte[(int) Math.min(WINDOW_BYTES, length - start)];
        windowStart = start;
        in.readFully(start, window);
    }

    private void check(boolean holds, String what, Object found, Object expected) throws IOException {
        if (!holds) {
            throw new IOException(where + ": " + what + ": found " + found + ", expected " + expected);
        }
    }
}
