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
            row[k] = random.nextInt(4) == 0 ^ dense ? value : 0f;
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
            Block.Builder one = new Block.Builder(100);
            Block.Builder merged = new Block.Builder(100);
            float[] expected = new float[rows * 100];
            for (int r = 0; r < rows; r++) {
                float[] row = row(random, 100, pixels, dense);
                System.arraycopy(row, 0, expected, r * 100, 100);
                one.add(r % 7, row);
                Block.Builder single = new Block.Builder(100);
                single.add(r % 7, row);
                single.add(6, row(random, 100, pixels, dense));
                merged.add(single.build(), 0);
            }
            for (Block block : new Block[] {one.build(), merged.build()}) {
                float[] unpacked = new float[rows * 100];
                Arrays.fill(unpacked, 3f);
                block.unpack(unpacked);
                assertThat(unpacked).isEqualTo(expected);
                assertThat(block.isDense()).isEqualTo(dense && rows > 0);
                assertThat(block.rows()).isEqualTo(rows);
                for (int r = 0; r < rows; r++) {
                    assertThat(block.label(r)).isEqualTo(r % 7);
                    assertThat(block.hash(r)).isEqualTo(one.build().hash(r));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {0.1f, -1f, 256 / 255f, 1e-30f, 1e30f})
    void valuesThatAreNoPixelLevelsAreKeptAsTheyAre(float value) {
        Block.Builder builder = new Block.Builder(3);
        builder.add(0, new float[] {1 / 255f, value, 0});
        float[] dense = new float[3];
        builder.build().unpack(dense);
        assertThat(dense).containsExactly(1 / 255f, value, 0f);
    }
}
