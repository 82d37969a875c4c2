package dev.kindling.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import shaded.parquet.org.apache.thrift.TBase;
import shaded.parquet.org.apache.thrift.TConfiguration;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;

/**
 * Checks all sizes that a Parquet file states, in its footer and before each page, and refuses those that cannot be
 * true. Parquet and Spark trust them. A damaged size makes them reserve so much memory that the JVM ends with an
 * OutOfMemoryError, or read rows that are not there.
 */
final class ParquetCheck {
    private static final String MAGIC = "PAR1";
    /** A row group of a few columns takes less than a kilobyte of it. */
    private static final int MAX_FOOTER_BYTES = 1 << 23;

    /** Of a page, decompressed; most have 1 MB, and those of DuckDB up to 100. */
    private static final int MAX_PAGE_BYTES = 1 << 27;
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

    /** The data of other encodings holds sizes of its own. */
    private static final Set<Encoding> ENCODINGS =
            EnumSet.of(Encoding.PLAIN, Encoding.PLAIN_DICTIONARY, Encoding.RLE_DICTIONARY, Encoding.RLE);

    private final FSDataInputStream in;
    private final String name;
    private final long dataEnd; // where the footer starts
    private final FileMetaData footer;
    private long bytes;

    private ParquetCheck(FSDataInputStream in, String name, long length) throws IOException, TException {
        this.in = in;
        this.name = name;
        int ends = 2 * MAGIC.length() + Integer.BYTES;
        check(length >= ends, "bytes", length, "at least " + ends);
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
     * @return how much it could take in memory: the decompressed bytes of its pages and 8 for each of their values
     * @throws IOException if it is not Parquet, or a size in it is out of range; the message starts with the file's name
     */
    static long check(Path path, Configuration configuration) throws IOException {
        FileSystem files = path.getFileSystem(configuration);
        long length = files.getFileStatus(path).getLen();
        try (FSDataInputStream in = files.open(path)) {
            ParquetCheck check = new ParquetCheck(in, path.getName(), length);
            ParquetSchema schema = ParquetSchema.of(check.footer, check.name);
            // Files such as _metadata list row groups of other files.
            if (!path.getName().startsWith("_")) {
                check.rowGroups(schema);
            }
            return check.bytes;
        } catch (TException | RuntimeException | StackOverflowError e) {
            throw new IOException(path.getName() + ": found a footer or page header that cannot be read", e);
        }
    }

    private void rowGroups(ParquetSchema schema) throws IOException, TException {
        long rows = 0;
        for (RowGroup group : footer.getRow_groups()) {
            check(group.getNum_rows() >= 0, "rows in a row group", group.getNum_rows(), "0 or more");
            check(
                    group.getColumnsSize() == schema.columns(),
                    "columns in a row group",
                    group.getColumnsSize(),
                    schema.columns());
            for (int column = 0; column < schema.columns(); column++) {
                column(group.getColumns().get(column), group.getNum_rows(), schema.isRepeated(column));
            }
            rows = Math.addExact(rows, group.getNum_rows());
        }
        check(footer.getNum_rows() == rows, "rows in the footer", footer.getNum_rows(), rows);
    }

    private void column(ColumnChunk chunk, long rows, boolean repeated) throws IOException, TException {
        check(
                chunk.isSetMeta_data() && !chunk.isSetFile_path() && !chunk.isSetCrypto_metadata(),
                "a column that is encrypted or in",
                "another file",
                "its data here");
        ColumnMetaData column = chunk.getMeta_data();
        check(CODECS.contains(column.getCodec()), "codec", column.getCodec(), "one of " + CODECS);
        long values = column.getNum_values();
        check(repeated ? values >= rows : values == rows, "values in a column", values, rows);
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
            if (column.getCodec() == CompressionCodec.SNAPPY) {
                checkSnappy(page, at);
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
        bytes += size;
        if (page.getType() == PageType.DICTIONARY_PAGE) {
            int entries = page.getDictionary_page_header().getNum_values();
            check(entries >= 0 && entries <= size, "dictionary entries", entries, "0 to " + size);
            return 0;
        }
        if (page.getType() == PageType.INDEX_PAGE) {
            return 0;
        }
        boolean two = page.getType() == PageType.DATA_PAGE_V2;
        int values = two
                ? page.getData_page_header_v2().getNum_values()
                : page.getData_page_header().getNum_values();
        check(values >= 0 && values <= MAX_PAGE_BYTES, "values in a page", values, "0 to " + MAX_PAGE_BYTES);
        Encoding encoding = two
                ? page.getData_page_header_v2().getEncoding()
                : page.getData_page_header().getEncoding();
        check(ENCODINGS.contains(encoding), "encoding", encoding, "one of " + ENCODINGS);
        int levels = levels(page);
        int most = Math.min(size, page.getCompressed_page_size());
        check(levels >= 0 && levels <= most, "bytes of levels in a page", levels, "0 to " + most);
        bytes += (long) VALUE_BYTES * values;
        return values;
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

    private byte[] read(long at, int length) throws IOException {
        byte[] read = new byte[length];
        in.readFully(at, read);
        return read;
    }

    private void check(boolean holds, String what, Object found, Object expected) throws IOException {
        if (!holds) {
            throw new IOException(name + ": " + what + ": found " + found + ", expected " + expected);
        }
    }
}
