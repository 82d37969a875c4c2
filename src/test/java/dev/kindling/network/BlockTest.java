package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockTest {
    private static float[] row(Random random, int features, boolean pixels, boolean dense) {
        float[] row = new float[features];
        for (int k = 0; k < features; k++) {
            float value = pixels ? random.nextInt(256) / 255f : random.nextFloat() - 0.5f;
            boolean run = k / 8 % 4 == 0 ^ dense;
            row[k] = run && random.nextInt(8) > 0 ? value : 0f;
        }
        return row;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 17, 255, 256, 257})
    void whatComesOutIsWhatWentInBitForBit(int rows) {
        for (int kind = 0; kind < 4; kind++) {
            boolean pixels = kind % 2 == 0;
            boolean dense = kind / 2 == 0;
            Random random = new Random(rows);
            SparseRows one = new SparseRows(99);
            SparseRows merged = new SparseRows(99);
            float[] expected = new float[rows * 99];
            for (int r = 0; r < rows; r++) {
                float[] row = row(random, 99, pixels, dense);
                System.arraycopy(row, 0, expected, r * 99, 99);
                one.add(r % 7, row);
                SparseRows single = new SparseRows(99);
                single.add(6, row(random, 99, pixels, dense));
                single.trim();
                single.add(r % 7, row);
                merged.add(single, 1);
            }
            for (Block block : new Block[] {new Block(one), new Block(merged)}) {
                float[] unpacked = new float[rows * 99];
                Arrays.fill(unpacked, 3f);
                block.unpack(unpacked);
                assertThat(unpacked).isEqualTo(expected);
                assertThat(block.isDense()).isEqualTo(dense && rows > 0);
                assertThat(block.rows()).isEqualTo(rows);
                long[] hashes = block.hashes();
                int nonZeros = 0;
                for (int r = 0; r < rows; r++) {
                    assertThat(block.label(r)).isEqualTo(r % 7);
                    SparseRows alone = new SparseRows(99);
                    alone.add(one, r);
                    assertThat(hashes[r]).isEqualTo(new Block(alone).hashes()[0]);
                    nonZeros += new Block(alone).nonZeros();
                }
                for (float value : expected) {
                    nonZeros -= value != 0 ? 1 : 0;
                }
                assertThat(nonZeros).isZero();
            }
        }
    }

    /** A column takes 16 bits, and 8 more where there are so many. */
    @Test
    void moreColumnsThanSixteenBitsCountAreKeptApart() {
        int features = 3 << 16;
        int[] places = {4, 65_535, 65_536, 65_540, (2 << 16) + 4, features - 1};
        SparseRows rows = new SparseRows(features);
        for (int place : places) {
            float[] row = new float[features];
            row[place] = 1f;
            SparseRows single = new SparseRows(features);
            single.add(0, row);
            single.trim();
            rows.add(single, 0);
        }
        float[] unpacked = new float[places.length * features];
        Block block = new Block(rows);
        block.unpack(unpacked);
        for (int r = 0; r < places.length; r++) {
            assertThat(unpacked[r * features + places[r]]).isEqualTo(1f);
            assertThat(rows.column(r)).isEqualTo(places[r]);
            for (int other = 0; other < r; other++) {
                assertThat(SparseRows.compare(rows, other, rows, r)).isNegative();
            }
        }
        assertThat(block.nonZeros()).isEqualTo(places.length);
        assertThat(block.hashes()).doesNotHaveDuplicates();
    }

    @Test
    void weightsAndTargetsComeOutAsTheyWentIn() {
        SparseRows rows = new SparseRows(3, 2);
        SparseRows copied = new SparseRows(3, 2);
        for (int r = 0; r < 40; r++) {
            SparseRows single = new SparseRows(3, 2);
            for (SparseRows to : List.of(rows, single)) {
                to.add(0, r < 20 ? 1f : r / 4f, new float[] {r, -r}, new float[] {1, 0, r});
            }
            single.trim();
            copied.add(single, 0);
        }
        for (Block block : List.of(new Block(rows), new Block(copied))) {
            assertThat(block.isWeighted()).isTrue();
            for (int r = 0; r < 40; r++) {
                assertThat(block.weight(r)).isEqualTo(r < 20 ? 1f : r / 4f);
                assertThat(block.target(r, 0)).isEqualTo(r);
                assertThat(block.target(r, 1)).isEqualTo(-r);
            }
            assertThat(block.totalWeight()).isEqualTo(20 + 20 * 29.5 / 4);
        }
    }

    @Test
    void rowsOfWeightOneTakeNoRoomForWeights() throws IOException {
        SparseRows plain = new SparseRows(3);
        SparseRows ones = new SparseRows(3);
        SparseRows last = new SparseRows(3);
        for (int r = 0; r < 256; r++) {
            plain.add(r, new float[3]);
            ones.add(r, 1f, new float[0], new float[3]);
            last.add(r, r < 255 ? 1f : 2f, new float[0], new float[3]);
        }
        assertThat(new Block(ones).isWeighted()).isFalse();
        assertThat(new Block(ones).totalWeight()).isEqualTo(256);
        assertThat(bytes(ones)).isEqualTo(bytes(plain)).isLessThan(bytes(last) - 1_000);
        assertThat(bytes(new Block(ones))).isEqualTo(bytes(new Block(plain)));
        assertThat(bytes(new Block(plain))).isLessThan(bytes(new Block(last)) - 1_000);
    }

    private static int bytes(Serializable object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.size();
    }

    @Test
    void aHashIsOfLabelAndFeaturesAndOfWeightAndTargetsWhereThereAreAny() {
        long plain = Seeds.mix(7, 1L << 32 | Float.floatToIntBits(0.5f));
        float[] none = {};
        assertThat(hash(1f, none)).isEqualTo(plain);
        assertThat(List.of(
                        plain,
                        hash(2f, none),
                        hash(0.5f, none),
                        hash(1f, 2f),
                        hash(1f, -2f),
                        hash(1f, 2f, 0f),
                        hash(1f, 0f, 2f),
                        hash(2f, 1f)))
                .doesNotHaveDuplicates();
    }

    private static long hash(float weight, float... targets) {
        SparseRows rows = new SparseRows(3, targets.length);
        rows.add(7, weight, targets, new float[] {0, 0.5f, 0});
        return new Block(rows).hashes()[0];
    }

    @Test
    void featuresAreSummedTimesTheirRowsWeights() {
        SparseRows rows = new SparseRows(2);
        rows.add(0, 1f, new float[0], new float[] {1, 2});
        rows.add(0, 0f, new float[0], new float[] {4, 8});
        rows.add(0, 3f, new float[0], new float[] {16, 32});
        float[] sums = new float[2];
        new Block(rows).sumFeatures(sums);
        assertThat(sums).containsExactly(49, 98);
    }

    @ParameterizedTest
    @ValueSource(floats = {0.1f, -1f, 256 / 255f, 1e-30f, 1e30f})
    void valuesThatAreNoPixelLevelsAreKeptAsTheyAre(float value) {
        SparseRows rows = new SparseRows(3);
        rows.add(0, new float[] {1 / 255f, value, 0});
        float[] dense = new float[3];
        new Block(rows).unpack(dense);
        assertThat(dense).containsExactly(1 / 255f, value, 0f);
    }
}
