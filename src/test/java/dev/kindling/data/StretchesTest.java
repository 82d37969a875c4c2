package dev.kindling.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.SparseRows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Tuple2;

/** The way of a row through a chunk into its block, without Spark's shuffle between. */
class StretchesTest {
    private static final Architecture ARCHITECTURE = Architecture.parse("1,3");
    private static final long SEED = 5;
    private static final int ROWS = 2_000; // eight blocks, the last one short

    /** Row id has the feature id + 1 and the label id % 3. */
    private static InternalRow row(long id) {
        Object features = UnsafeArrayData.fromPrimitiveArray(new float[] {id + 1});
        return new GenericInternalRow(new Object[] {id, (int) (id % 3), features});
    }

    private static IdPlacement placement(int partitions, int blocksPerStretch) {
        return new IdPlacement(new BlockLayout(ROWS, 0, "rows"), SEED, partitions, blocksPerStretch, "rows");
    }

    private static List<Tuple2<Integer, Chunk>> chunks(long[] ids, IdPlacement placement) {
        List<Tuple2<Integer, Chunk>> chunks = new ArrayList<>();
        IdRows rows = new IdRows(
                LongStream.of(ids).mapToObj(StretchesTest::row).iterator(),
                new RowDecoder("rows", ROWS, ARCHITECTURE),
                placement);
        new ChunkIterator(rows, placement, new SparseRows(1)).forEachRemaining(chunks::add);
        return chunks;
    }

    /** The blocks of one partition from the chunks of two tasks. */
    private static List<Tuple2<Integer, Block>> blocks(
            List<Tuple2<Integer, Chunk>> chunks, IdPlacement placement, int partition) {
        List<Tuple2<Integer, Block>> blocks = new ArrayList<>();
        new BlockIterator(
                        chunks.stream()
                                .filter(chunk -> placement.getPartition(chunk._1) == partition)
                                .sorted(Comparator.comparing(chunk -> chunk._1))
                                .iterator(),
                        placement,
                        new BlockHashes("rows"))
                .forEachRemaining(blocks::add);
        return blocks;
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "10, 1, 3", "10, 3, 2", "10, 10, 4", "10, 25, 1", "235, 4, 55", "235, 235, 2"})
    void everyBlockIsInOneStretchOfNeighboursAndOnePartition(int blocks, int partitions, int blocksPerStretch) {
        Stretches stretches = new Stretches(blocks, partitions, blocksPerStretch);
        int block = 0;
        while (block < blocks) {
            int end = stretches.end(block);
            assertThat(end).isBetween(block + 1, Math.min(blocks, block + blocksPerStretch));
            for (int k = block; k < end; k++) {
                assertThat(stretches.of(k)).isEqualTo(block);
                assertThat(stretches.partition(k))
                        .isEqualTo(k * partitions / blocks)
                        .isEqualTo(stretches.partition(block));
            }
            block = end;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 784, 1 << 16})
    void aStretchFitsInMemory(int features) {
        int rows = new Stretches(1_000_000, 1, Stretches.blocksPerStretch(features)).rows();
        assertThat(rows).isPositive().isLessThanOrEqualTo(Math.max(256, (1 << 26) / 6 / features));
    }

    /** Stretches of 1, 2 and 9 blocks: with the first, tasks empty their hands more than once. */
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2", "2, 1", "2, 2", "9, 1", "9, 11"})
    void everyRowFindsItsPlace(int blocksPerStretch, int partitions) {
        IdPlacement placement = placement(partitions, blocksPerStretch);
        List<Tuple2<Integer, Chunk>> chunks = chunks(LongStream.range(700, ROWS).toArray(), placement);
        chunks.addAll(chunks(LongStream.range(0, 700).toArray(), placement));
        int expected = 0;
        for (int partition = 0; partition < partitions; partition++) {
            for (Tuple2<Integer, Block> block : blocks(chunks, placement, partition)) {
                assertThat(block._1).isEqualTo(expected++);
                float[] features = new float[block._2.rows()];
                block._2.unpack(features);
                for (int r = 0; r < features.length; r++) {
                    long id = placement.id(block._1 * 256L + r);
                    assertThat(features[r]).isEqualTo((float) id + 1);
                    assertThat(block._2.label(r)).isEqualTo((int) (id % 3));
                }
            }
        }
        assertThat(expected).isEqualTo(8);
    }

    @Test
    void aTaskHoldsNoMoreRowsThanAStretchHas() {
        assertThat(chunks(LongStream.range(0, 1_024).toArray(), placement(1, 2)))
                .hasSize(8); // four of the first 512 rows, four of the others
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9})
    void anIdThatIsMissingOrDoubledIsAnError(int blocksPerStretch) {
        IdPlacement placement = placement(1, blocksPerStretch);
        for (long[] ids : List.of(
                LongStream.range(1, 2_000).toArray(),
                LongStream.range(0, 1_999).toArray(),
                LongStream.concat(LongStream.range(0, 2_000), LongStream.of(1_234))
                        .toArray())) {
            assertThatThrownBy(() -> blocks(chunks(ids, placement), placement, 0))
                    .isInstanceOf(KindlingException.class)
                    .hasMessage("rows: found an id twice or not at all, expected each of 0 to 1999 once");
        }
    }
}
