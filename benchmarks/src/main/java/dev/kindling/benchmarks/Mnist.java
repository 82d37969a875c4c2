package dev.kindling.benchmarks;

import dev.kindling.data.PackedRows;
import dev.kindling.network.Block;
import dev.kindling.network.SparseRows;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** MNIST as blocks in the order of its files, read without Spark. */
public final class Mnist {
    static final int FEATURES = 784;
    static final int CLASSES = 10;

    private Mnist() {}

    static List<Block> train() {
        return train(0);
    }

    /** The training set, with something added to every pixel. */
    public static List<Block> train(float shift) {
        return read("train", shift);
    }

    static List<Block> test() {
        return read("t10k", 0);
    }

    private static List<Block> read(String half, float shift) {
        try (DataInputStream images = open(half + "-images-idx3-ubyte.gz");
                DataInputStream labels = open(half + "-labels-idx1-ubyte.gz")) {
            images.skipNBytes(16);
            labels.skipNBytes(4);
            List<Block> blocks = new ArrayList<>();
            for (int left = labels.readInt(); left > 0; left -= PackedRows.BLOCK_ROWS) {
                blocks.add(block(images, labels, Math.min(left, PackedRows.BLOCK_ROWS), shift));
            }
            return blocks;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DataInputStream open(String name) throws IOException {
        Path file = Repository.path("data/mnist/" + name);
        return new DataInputStream(new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file))));
    }

    private static Block block(DataInputStream images, DataInputStream labels, int rows, float shift)
            throws IOException {
        SparseRows packed = new SparseRows(FEATURES);
        float[] row = new float[FEATURES];
        for (int r = 0; r < rows; r++) {
            for (int k = 0; k < FEATURES; k++) {
                row[k] = images.readUnsignedByte() / 255f + shift;
            }
            packed.add(labels.readUnsignedByte(), row);
        }
        return new Block(packed);
    }
}
