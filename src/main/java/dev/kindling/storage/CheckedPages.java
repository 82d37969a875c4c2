package dev.kindling.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
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

/**
 * Pages whose runs are checked once more when they are decompressed. Levels and dictionary indexes are stored as runs, each
 * with the number of its values, and Parquet makes room for as many as a damaged run claims.
 */
final class CheckedPages implements PageReadStore {
    private final PageReadStore pages;

    CheckedPages(PageReadStore pages) {
        this.pages = pages;
    }

    @Override
    public long getRowCount() {
        return pages.getRowCount();
    }

    @Override
    public Optional<Long> getRowIndexOffset() {
        return pages.getRowIndexOffset();
    }

    @Override
    public PageReader getPageReader(ColumnDescriptor column) {
        PageReader reader = pages.getPageReader(column);
        return new PageReader() {
            @Override
            public DictionaryPage readDictionaryPage() {
                return reader.readDictionaryPage();
            }

            @Override
            public long getTotalValueCount() {
                return reader.getTotalValueCount();
            }

            @Override
            public DataPage readPage() {
                DataPage page = reader.readPage();
                return page == null ? null : page.accept(new Check(column));
            }
        };
    }

    /** Of one page, which can be read once only: so it gives back another one of the same content. */
    private record Check(ColumnDescriptor column) implements DataPage.Visitor<DataPage> {
        @Override
        public DataPage visit(DataPageV1 page) {
            ByteBuffer bytes = bytes(page.getBytes());
            ByteBuffer values = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            levels(values, column.getMaxRepetitionLevel(), page.getRlEncoding(), page.getValueCount());
            levels(values, column.getMaxDefinitionLevel(), page.getDlEncoding(), page.getValueCount());
            indexes(values, page.getValueEncoding(), page.getValueCount());
            return new DataPageV1(
                    BytesInput.from(bytes),
                    page.getValueCount(),
                    page.getUncompressedSize(),
                    page.getStatistics(),
                    page.getRlEncoding(),
                    page.getDlEncoding(),
                    page.getValueEncoding());
        }

        @Override
        public DataPage visit(DataPageV2 page) {
            ByteBuffer repetition = bytes(page.getRepetitionLevels());
            ByteBuffer definition = bytes(page.getDefinitionLevels());
            ByteBuffer data = bytes(page.getData());
            runs(repetition.duplicate(), width(column.getMaxRepetitionLevel()), page.getValueCount());
            runs(definition.duplicate(), width(column.getMaxDefinitionLevel()), page.getValueCount());
            indexes(data.duplicate(), page.getDataEncoding(), page.getValueCount());
            return DataPageV2.uncompressed(
                    page.getRowCount(),
                    page.getNullCount(),
                    page.getValueCount(),
                    BytesInput.from(repetition),
                    BytesInput.from(definition),
                    page.getDataEncoding(),
                    BytesInput.from(data),
                    page.getStatistics());
        }

        private static ByteBuffer bytes(BytesInput input) {
            try {
                return ByteBuffer.wrap(input.toInputStream().readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void levels(ByteBuffer page, int most, Encoding encoding, int values) {
            if (most == 0) {
                return; // every value is there, and on its own: nothing is stored
            }
            if (encoding != Encoding.RLE) {
                throw new ParquetDecodingException("found levels encoded as " + encoding + ", expected RLE");
            }
            int length = page.getInt();
            if (length < 0 || length > page.remaining()) {
                throw new BufferUnderflowException();
            }
            runs(page.slice(page.position(), length), width(most), values);
            page.position(page.position() + length);
        }

        private static void indexes(ByteBuffer page, Encoding encoding, int values) {
            if (encoding.usesDictionary() && page.hasRemaining()) {
                int width = Byte.toUnsignedInt(page.get());
                if (width > Integer.SIZE) {
                    throw new ParquetDecodingException(
                            "found dictionary indexes of " + width + " bits, expected at most " + Integer.SIZE);
                }
                runs(page, width, values);
            }
        }

        private static int width(int most) {
            return Integer.SIZE - Integer.numberOfLeadingZeros(most);
        }

        /** A run is one value repeated, or groups of eight values packed, of {@code width} bits each. */
        private static void runs(ByteBuffer bytes, int width, int values) {
            for (long found = 0; found < values && bytes.hasRemaining(); ) {
                int header = number(bytes);
                int count = header >>> 1;
                boolean packed = (header & 1) == 1;
                long most = packed ? (values + 7L) / 8 : Integer.MAX_VALUE;
                if (count > most) {
                    throw new ParquetDecodingException(
                            "found a run of " + count + " groups of values, expected at most " + most);
                }
                found += packed ? 8L * count : count;
                long length = packed ? (long) count * width : (width + 7) / 8;
                bytes.position((int) Math.min(bytes.limit(), bytes.position() + length));
            }
        }

        /** Seven bits a byte, the lowest first. */
        private static int number(ByteBuffer bytes) {
            int number = 0;
            int shift = 0;
            byte next;
            do {
                next = bytes.get();
                number |= (next & 0x7f) << shift;
                shift += 7;
            } while (next < 0);
            return number;
        }
    }
}
