package dev.kindling.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.SparkTest;
import dev.kindling.network.SparseRows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.Tuple2;

class PiecesTest {
    private static final int ROWS = 20_000;

    /** A chunk of no rows for each stretch, twice, in any order. */
    private static List<Tuple2<Integer, Chunk>> chunks(Placement placement) {
        List<Tuple2<Integer, Chunk>> chunks = new ArrayList<>();
        for (int block = 0; block < placement.blocks(); block = placement.end(block)) {
            Chunk none = new Chunk(new long[0], new SparseRows(1));
            chunks.add(new Tuple2<>(block, none));
            chunks.add(new Tuple2<>(block, none));
        }
        Collections.shuffle(chunks, new Random(1));
        return chunks;
    }

    /** The stretches of each partition, in the order in which a task gets them. */
    private static List<List<Integer>> stretches(JavaPairRDD<Integer, Chunk> sorted) {
        return sorted.keys().glom().collect();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 7", "3, 1", "3, 5", "40, 2", "90, 3"})
    void aPartitionOfPiecesIsThatOfThePlacementAndSortedByItsStretches(int partitions, int each) {
        Placement placement = new IdPlacement(new BlockLayout(ROWS, 0, "rows"), 1, partitions, 2, "rows");
        JavaPairRDD<Integer, Chunk> chunks = JavaSparkContext.fromSparkContext(
                        SparkTest.session().sparkContext())
                .parallelizePairs(chunks(placement), 4);
        Pieces pieces = new Pieces(placement, each);
        JavaPairRDD<Integer, Chunk> sorted = pieces.sort(chunks);
        assertThat(sorted.getNumPartitions()).isEqualTo(partitions);
        assertThat(stretches(sorted)).isEqualTo(stretches(chunks.repartitionAndSortWithinPartitions(placement)));
        assertThat(stretches(chunks.repartitionAndSortWithinPartitions(pieces))).hasSize(partitions * each);
    }
}
