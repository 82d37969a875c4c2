package dev.kindling.data.files;

import dev.kindling.error.KindlingException;
import java.nio.ByteBuffer;
import org.apache.hadoop.conf.Configuration;

/** Reads the rows of an {@link IdxRange}. */
final class IdxReader implements RowReader {
    private final IdxRange range;
    private final DataStream images;
    private final DataStream labels;
    private final byte[] pixels;
    private final byte[] labelBytes;
    private long row;

    IdxReader(IdxRange range, Configuration conf) {
        this.range = range;
        this.row = range.first();
        images = DataStream.open(range.images().file(), conf, range.images().offset(row));
        try {
            labels = DataStream.open(range.labels().file(), conf, range.labels().offset(row));
        } catch (KindlingException e) {
            images.close();
            throw e;
        }
        pixels = new byte[range.features()];
        labelBytes = new byte[range.labels().itemBytes()];
    }

    @Override
    public int next(float[] features) {
        if (images.read(pixels, 0, pixels.length) < pixels.length) {
            throw truncated(range.images());
        }
        for (int k = 0; k < pixels.length; k++) {
            features[k] = (pixels[k] & 0xff) / 255f;
        }
        if (labels.read(labelBytes, 0, labelBytes.length) < labelBytes.length) {
            throw truncated(range.labels());
        }
        int label = range.labels().numberBytes() == 1
                ? labelBytes[0] & 0xff
                : ByteBuffer.wrap(labelBytes).getInt();
        if (label < 0 || label >= range.classes()) {
            throw RowReader.badLabel(range.labels().file().name() + " row " + row, label, range.classes());
        }
        row++;
        if (row == range.images().items()) {
            checkEnd(range.images(), images);
            checkEnd(range.labels(), labels);
        }
        return label;
    }

    private KindlingException truncated(IdxFile idx) {
        return idx.file().truncated("row " + row + " of " + idx.items());
    }

    private static void checkEnd(IdxFile idx, DataStream in) {
        if (in.read() >= 0) {
            throw new KindlingException(idx.file().name() + ": found bytes after the last row, expected the "
                    + idx.items() + " rows of its header and nothing after them");
        }
    }

    @Override
    public void close() {
        images.close();
        labels.close();
    }
}
