package dev.kindling.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.Kryo;
import dev.kindling.network.Block;
import dev.kindling.network.ExactSum;
import dev.kindling.network.SparseRows;
import java.util.Map;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

/** What tasks send to each other and to the driver, by Kryo. {@code SubmitIT} does so end to end. */
class SerializersTest {
    private static SparseRows rows() {
        SparseRows rows = new SparseRows(3);
        rows.add(1, new float[] {0, 0.5f, 7});
        return rows;
    }

    @Test
    void chunksOnTheirWayToBlocksArrive() {
        Tuple2<Integer, Chunk> sent = Kryo.send(new Tuple2<>(4, new Chunk(new long[] {9}, rows())));
        assertThat(sent._1).isEqualTo(4);
        assertThat(sent._2.keys()).containsExactly(9);
        assertThat(new Block(sent._2.rows()).hashes()).isEqualTo(new Block(rows()).hashes());
    }

    @Test
    void blocksThatOneExecutorFetchesFromAnotherArrive() {
        Block sent = Kryo.send(new Block(rows()));
        assertThat(sent.hashes()).isEqualTo(new Block(rows()).hashes());
        float[] features = new float[3];
        sent.unpack(features);
        assertThat(features).containsExactly(0, 0.5f, 7);
    }

    @Test
    void surveysArrive() {
        ExactSum sum = new ExactSum(1, 2);
        sum.add(new float[] {3}, 2);
        ExactSum weight = new ExactSum(1, 2);
        weight.add(new float[] {2}, 2);
        Survey sent = Kryo.send(new Survey(2, 5, 6, 1, sum, weight, Map.of(0, new long[] {8}), -1));
        assertThat(sent.featureMean("rows")).containsExactly(1.5);
        assertThat(sent.hashesOfAllBlocks()).containsExactly(8);
        assertThat(sent.fingerprint()).isEqualTo("0000000000000005");
    }

    @Test
    void countsOfHashesArrive() {
        HashCounts counts = new HashCounts();
        counts.add(5);
        counts.add(-1);
        Tuple2<HashCounts, HashCounts> sent = Kryo.send(new Tuple2<>(counts, new HashCounts()));
        assertThat(sent._1.rows()).isEqualTo(2);
        assertThat(sent._1.sum(0, 1)).isEqualTo(5);
        assertThat(sent._2.rows()).isZero();
    }

    @Test
    void rowsAndSumsArrive() {
        assertThat(Kryo.send(RowFactory.create(1L, 2, 0.5f)).getFloat(2)).isEqualTo(0.5f);
        assertThat(Kryo.send(new byte[][] {{1}, {2, 3}})[1]).containsExactly(2, 3);
    }
}
