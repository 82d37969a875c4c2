package dev.kindling.training;

import dev.kindling.network.Block;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.serializer.SerializerManager;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.RDDBlockId;
import scala.Tuple2;
import scala.reflect.ClassTag;

/**
 * The blocks of a partition that does not fit into memory, each of which can be read alone. Spark's own file of a partition can
 * only be read from its start on. So the blocks are written once more, to a file beside it, in Spark's local directories, and
 * compressed and encrypted as Spark does with its own. A later round finds the file, as long as Spark holds the partition.
 */
final class BlockFile {
    private static final ClassTag<Block> BLOCK = ClassTag.apply(Block.class);

    /** Those of this JVM. */
    private static final Map<RDDBlockId, BlockFile> HERE = new HashMap<>();

    private final BlockManager manager;
    private final RDDBlockId id;
    private final File file;
    private final RandomAccessFile bytes;
    private final SerializerManager wrapping = SparkEnv.get().serializerManager();
    private final Map<Integer, Place> places = new HashMap<>();

    private record Place(long offset, int length) {}

    private BlockFile(BlockManager manager, RDDBlockId id, Iterator<Tuple2<Integer, Block>> blocks) throws IOException {
        this.manager = manager;
        this.id = id;
        this.file = manager.diskBlockManager().createTempLocalBlock()._2;
        try {
            write(blocks);
            this.bytes = new RandomAccessFile(file, "r");
        } catch (IOException | RuntimeException e) {
            file.delete();
            throw e;
        }
    }

    /** The file of a partition; null if there is none yet. */
    static BlockFile of(BlockManager manager, RDDBlockId id) {
        synchronized (HERE) {
            BlockFile there = HERE.get(id);
            return there != null && there.manager == manager ? there : null;
        }
    }

    /**
     * Writes the file of a partition.
     *
     * @param blocks all of them, by number
     * @throws IOException if that fails, for example because the disk is full; then nothing is left of it
     */
    static BlockFile write(BlockManager manager, RDDBlockId id, Iterator<Tuple2<Integer, Block>> blocks)
            throws IOException {
        BlockFile written = new BlockFile(manager, id, blocks);
        synchronized (HERE) {
            BlockFile before = of(manager, id);
            if (before != null) { // of another training on the same rows
                written.delete();
                return before;
            }
            HERE.put(id, written);
        }
        return written;
    }

    /** Deletes the files of partitions that Spark no longer holds here. */
    static void deleteThoseOfLostPartitions(BlockManager manager) {
        synchronized (HERE) {
            HERE.values().removeIf(there -> {
                boolean isLost =
                        there.manager != manager || manager.getStatus(there.id).isEmpty();
                if (isLost) {
                    there.delete();
                }
                return isLost;
            });
        }
    }

    private void write(Iterator<Tuple2<Integer, Block>> blocks) throws IOException {
        SerializerInstance serializer = SparkEnv.get().serializer().newInstance();
        try (OutputStream out = new BufferedOutputStream(new FileOutputStream(file))) {
            long offset = 0;
            while (blocks.hasNext()) {
                Tuple2<Integer, Block> numbered = blocks.next();
                ByteArrayOutputStream block = new ByteArrayOutputStream();
                SerializationStream stream = serializer.serializeStream(wrapping.wrapStream(id, block));
                stream.writeObject(numbered._2, BLOCK);
                stream.close();
                block.writeTo(out);
                places.put(numbered._1, new Place(offset, block.size()));
                offset += block.size();
            }
        }
    }

    /**
     * Reads a block.
     *
     * @param number of the block; must be in the file
     */
    Block read(int number) {
        Place place = places.get(number);
        byte[] block = new byte[place.length];
        try {
            synchronized (bytes) { // no channel, which a task that is interrupted would close for all
                bytes.seek(place.offset);
                bytes.readFully(block);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SerializerInstance serializer = SparkEnv.get().serializer().newInstance();
        DeserializationStream stream =
                serializer.deserializeStream(wrapping.wrapStream(id, new ByteArrayInputStream(block)));
        Block read = stream.readObject(BLOCK);
        stream.close();
        return read;
    }

    private void delete() {
        try {
            bytes.close();
        } catch (IOException e) {
            // It is read no more.
        }
        file.delete();
    }
}
