package dev.kindling.data.files;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import org.apache.hadoop.conf.Configuration;

/** Rows of a pair of IDX files: images, and as many labels. */
@DefaultSerializer(JavaSerializer.class)
record IdxRange(IdxFile images, IdxFile labels, int classes, long first, long rows) implements RowRange {
    @Override
    public int features() {
        return images.itemBytes();
    }

    @Override
    public RowReader open(Configuration conf) {
        return new IdxReader(this, conf);
    }
}
