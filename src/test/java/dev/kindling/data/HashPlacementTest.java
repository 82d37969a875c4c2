package dev.kindling.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.SparkTest;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Block;
import dev.kindling.network.Seeds;
import dev.kindling.network.SparseRows;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.Tuple2;

class HashPlacementTest {
    private static final HashCounts NONE = new HashCounts();

    /** A row whose label is its number. */
    private record Line(int number, long hash, boolean isHeldOut) {}

    /** Of each number a hash of its own, and one of five is held out if rows say that themselves. */
    private static List<Line> lines(int count, boolean byRow) {
        return IntStream.range(0, count)
                .mapToObj(k -> new Line(k, Seeds.mix(7, k), byRow && k % 5 == 0))
                .toList();
    }

    private static HashPlacement placement(List<Line> lines, double share, boolean byRow, int partitions) {
        HashCounts counts = new HashCounts();
        HashCounts held = new HashCounts();
        lines.forEach(line -> (line.isHeldOut ? held : counts).add(line.hash));
        HeldOut heldOut = byRow ? HeldOut.BY_ROW : HeldOut.share(share, counts, "rows");
        return new HashPlacement(counts, held, heldOut, 1, partitions, "rows");
    }

    /** The rows of each stretch, in chunks of 50. */
    private static Map<Integer, List<Chunk>> chunks(List<Line> lines, HashPlacement placement) {
        Map<Integer, List<Line>> byStretch = lines.stream()
                .collect(Collectors.groupingBy(
                        line -> placement.stretch(line.hash, line.isHeldOut), TreeMap::new, Collectors.toList()));
        Map<Integer, List<Chunk>> chunks = new TreeMap<>();
        byStretch.forEach((stretch, rows) -> {
            for (int from = 0; from < rows.size(); from += 50) {
                chunks.computeIfAbsent(stretch, first -> new ArrayList<>())
                        .add(chunk(rows.subList(from, Math.min(rows.size(), from + 50))));
            }
        });
        return chunks;
    }

    private static Chunk chunk(List<Line> lines) {
        SparseRows rows = new SparseRows(1);
        lines.forEach(line -> rows.add(line.number, new float[] {line.number}));
        return new Chunk(lines.stream().mapToLong(Line::hash).toArray(), rows);
    }

    /** The labels of the rows of each block. */
    private static List<List<Integer>> blocks(Map<Integer, List<Chunk>> chunks, HashPlacement placement) {
        List<List<Integer>> blocks = new ArrayList<>();
        chunks.forEach((stretch, rows) -> {
            assertThat(stretch).isEqualTo(blocks.size());
            Arranged arranged = placement.arrange(stretch, rows);
            for (int block = stretch; block < placement.end(stretch); block++) {
                long start = placement.firstRow(stretch);
                Block packed = new Block(arranged.rows(
                        (int) (placement.firstRow(block) - start), (int) (placement.firstRow(block + 1) - start)));
                blocks.add(IntStream.range(0, packed.rows())
                        .mapToObj(packed::label)
                        .toList());
            }
        });
        assertThat(blocks).hasSize(placement.blocks());
        return blocks;
    }

    private static List<List<Integer>> blocks(List<Line> lines, HashPlacement placement) {
        return blocks(chunks(lines, placement), placement);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, false",
        "2, 0.5, false",
        "150, 0.2, false",
        "256, 0, false",
        "257, 0, false",
        "257, 0, true",
        "4096, 0.1, false",
        "20000, 0, false",
        "20000, 0.3, false",
        "20000, 0, true",
        "150000, 0.9, false"
    })
    void everyRowIsInOneBlock(int count, double share, boolean byRow) {
        List<Line> lines = lines(count, byRow);
        HashPlacement placement = placement(lines, share, byRow, 2);
        List<List<Integer>> blocks = blocks(lines, placement);
        assertThat(placement.rows()).isEqualTo(count);
        assertThat(blocks.stream().flatMap(List::stream).sorted())
                .containsExactlyElementsOf(IntStream.range(0, count).boxed().toList());
        assertThat(blocks).allSatisfy(block -> assertThat(block).hasSizeBetween(1, 256));
        for (int stretch = 0; stretch < blocks.size(); stretch = placement.end(stretch)) {
            List<Integer> sizes = blocks.subList(stretch, placement.end(stretch)).stream()
                    .map(List::size)
                    .toList();
            assertThat(Collections.max(sizes) - Collections.min(sizes)).isLessThanOrEqualTo(1);
        }
        BitSet validation = placement.validation();
        long held =
                validation.stream().mapToLong(block -> blocks.get(block).size()).sum();
        assertThat(placement.validationRows()).isEqualTo(held);
        if (byRow) {
            assertThat(validation.stream().boxed().flatMap(block -> blocks.get(block).stream()))
                    .allMatch(number -> number % 5 == 0)
                    .hasSize((count + 4) / 5);
        } else {
            assertThat((double) held).isBetween(share * count * 0.98 - 1, share * count * 1.02 + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"150, 0.2, false", "20000, 0.2, false", "20000, 0, true"})
    void blocksDependOnTheRowsAlone(int count, double share, boolean byRow) {
        List<Line> lines = lines(count, byRow);
        List<List<Integer>> expected = blocks(lines, placement(lines, share, byRow, 1));
        List<Line> shuffled = new ArrayList<>(lines);
        Collections.shuffle(shuffled, new Random(3));
        for (int partitions : new int[] {1, 2, 7, 64}) {
            HashPlacement placement = placement(shuffled, share, byRow, partitions);
            Map<Integer, List<Chunk>> chunks = chunks(shuffled, placement);
            chunks.values().forEach(Collections::reverse);
            assertThat(blocks(chunks, placement)).isEqualTo(expected);
            assertThat(placement.numPartitions()).isEqualTo(partitions);
            int before = 0;
            for (int block = 0; block < placement.blocks(); block++) {
                int partition = placement.getPartition(block);
                assertThat(partition).isBetween(before, partitions - 1);
                before = partition;
            }
            chunks.keySet()
                    .forEach(stretch -> assertThat(placement.getPartition(placement.end(stretch) - 1))
                            .isEqualTo(placement.getPartition(stretch)));
        }
    }

    @Test
    void eachPartitionHasItsShareOfTheRowsThatAreHeldOut() {
        List<Line> lines = lines(200_000, false);
        HashPlacement placement = placement(lines, 0.25, false, 4);
        int[] rows = new int[4];
        int[] held = new int[4];
        for (int block = 0; block < placement.blocks(); block++) {
            int size = (int) (placement.firstRow(block + 1) - placement.firstRow(block));
            rows[placement.getPartition(block)] += size;
            held[placement.getPartition(block)] += placement.validation().get(block) ? size : 0;
        }
        for (int partition = 0; partition < 4; partition++) {
            assertThat(rows[partition]).isBetween(40_000, 60_000);
            assertThat(held[partition]).isBetween(7_500, 17_500);
        }
    }

    @Test
    void otherRowsThanWereCountedAreNoticed() {
        List<Line> lines = lines(600, false);
        HashPlacement placement = placement(lines, 0, false, 1);
        List<Line> fewer = lines.subList(1, 600);
        List<Line> more = new ArrayList<>(lines);
        more.add(new Line(600, Seeds.mix(7, 600), false));
        List<Line> other = new ArrayList<>(fewer);
        other.add(new Line(600, Seeds.mix(7, 600), false));
        for (List<Line> changed : List.of(fewer, more, other)) {
            assertThatThrownBy(() -> placement.arrange(0, List.of(chunk(changed))))
                    .isInstanceOf(KindlingException.class)
                    .hasMessageStartingWith("rows: found other rows when it was read again");
        }
        HashPlacement noneHeldOut = placement(lines, 0, true, 1);
        assertThatThrownBy(() -> noneHeldOut.stretch(lines.get(0).hash, true))
                .isInstanceOf(KindlingException.class)
                .hasMessageStartingWith("rows: found other rows when it was read again");
    }

    /** 60 of them, too few to be skewed, in a stretch of 16 blocks. */
    @Test
    void theBlocksOfAStretchShareRowsThatAreEqual() {
        List<Line> lines = new ArrayList<>(lines(4_000, false));
        IntStream.range(0, 60).forEach(k -> lines.add(new Line(4_000, Seeds.mix(7, 4_000), false)));
        HashPlacement placement = placement(lines, 0, false, 2);
        assertThat(placement.end(0)).isEqualTo(16);
        assertThat(blocks(lines, placement))
                .allSatisfy(block -> assertThat(block.stream().filter(number -> number == 4_000))
                        .hasSizeBetween(3, 4));
    }

    /** 5,000 rows of the same hash and contents, among 15,000 others. */
    @Test
    void rowsThatAreEqualAreSpreadOverTheBlocks() {
        assertThat(inSpreadBlocks(k -> k % 4 == 0 ? 0 : k, 20_000))
                .allSatisfy(block -> assertThat(block.stream().filter(kind -> kind == 0))
                        .hasSizeBetween(block.size() / 8, block.size() / 2));
    }

    /** 200 of each. */
    @Test
    void noBlockHasMoreThanAFewOfTheSameRow() {
        List<List<Integer>> blocks = inSpreadBlocks(k -> k % 250, 50_000);
        assertThat(blocks)
                .allSatisfy(block -> assertThat(block.stream()
                                .collect(Collectors.groupingBy(kind -> kind, Collectors.counting()))
                                .values())
                        .allMatch(count -> count <= 12));
        assertThat(blocks.stream().flatMap(List::stream).filter(kind -> kind == 17))
                .hasSize(200);
    }

    /** The blocks of a packed table of numbered rows, of which each has a kind, by their labels. */
    private static List<List<Integer>> inSpreadBlocks(Kinds kinds, int count) {
        HashCounts counts = new HashCounts();
        IntStream.range(0, count).forEach(k -> counts.add(Numbered.hash(kinds.of(k))));
        assertThat(counts.isSkewed()).isTrue();
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(SparkTest.session().sparkContext());
        List<List<List<Integer>>> all = new ArrayList<>();
        for (int partitions : new int[] {2, 5}) {
            List<Integer> numbers =
                    new ArrayList<>(IntStream.range(0, count).boxed().toList());
            Collections.shuffle(numbers, new Random(partitions));
            try (PackedRows packed = PackedRows.pack(
                    context.parallelize(numbers, partitions),
                    part -> new Numbered(part, kinds),
                    counts,
                    NONE,
                    HeldOut.NONE,
                    new SparseRows(1),
                    partitions,
                    "rows")) {
                assertThat(packed.rows()).isEqualTo(count);
                all.add(packed.blocks().map(block -> new Tuple2<>(block._1, labels(block._2))).collect().stream()
                        .sorted((a, b) -> Integer.compare(a._1, b._1))
                        .map(block -> block._2)
                        .toList());
            }
        }
        assertThat(all.get(1)).isEqualTo(all.get(0));
        return all.get(0);
    }

    private static List<Integer> labels(Block block) {
        return new ArrayList<>(
                IntStream.range(0, block.rows()).mapToObj(block::label).toList());
    }

    /** Which kind of row a number is. */
    private interface Kinds extends java.io.Serializable {
        int of(int number);
    }

    /** Rows that hold nothing but their kind. */
    private static final class Numbered implements PackableRows {
        private final Iterator<Integer> numbers;
        private final Kinds kinds;
        private int kind;

        Numbered(Iterator<Integer> numbers, Kinds kinds) {
            this.numbers = numbers;
            this.kinds = kinds;
        }

        static long hash(int kind) {
            return Seeds.mix(1, kind);
        }

        @Override
        public boolean next() {
            boolean isThere = numbers.hasNext();
            kind = isThere ? kinds.of(numbers.next()) : 0;
            return isThere;
        }

        @Override
        public long key() {
            return hash(kind);
        }

        @Override
        public boolean isHeldOut() {
            return false;
        }

        @Override
        public void addTo(SparseRows packed) {
            packed.add(kind, new float[] {kind});
        }
    }
}
