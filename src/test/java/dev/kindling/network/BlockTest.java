package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
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
