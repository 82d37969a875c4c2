package dev.kindling.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.network.Seeds;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HashCountsTest {
    private static HashCounts of(long... hashes) {
        HashCounts counts = new HashCounts();
        LongStream.of(hashes).forEach(counts::add);
        return counts;
    }

    @Test
    void bucketsAreRangesOfUnsignedHashes() {
        long width = 1L << 50;
        assertThat(HashCounts.bucket(0)).isZero();
        assertThat(HashCounts.bucket(width - 1)).isZero();
        assertThat(HashCounts.bucket(width)).isEqualTo(1);
        assertThat(HashCounts.bucket(Long.MAX_VALUE)).isEqualTo(HashCounts.BUCKETS / 2 - 1);
        assertThat(HashCounts.bucket(Long.MIN_VALUE)).isEqualTo(HashCounts.BUCKETS / 2);
        assertThat(HashCounts.bucket(-1)).isEqualTo(HashCounts.BUCKETS - 1);
    }

    @Test
    void rowsAndHashesAreCountedInEachBucket() {
        HashCounts counts = of(3, 4, -1, Long.MIN_VALUE, 5);
        assertThat(counts.rows()).isEqualTo(5);
        assertThat(counts.sum()).isEqualTo(Long.MIN_VALUE + 11);
        assertThat(counts.rows(0, 1)).isEqualTo(3);
        assertThat(counts.sum(0, 1)).isEqualTo(12);
        assertThat(counts.rows(1, HashCounts.BUCKETS)).isEqualTo(2);
        assertThat(counts.rows(1, HashCounts.BUCKETS / 2)).isZero();
        assertThat(counts.rows(4, 4)).isZero();
        assertThat(counts.sum(HashCounts.BUCKETS - 1, HashCounts.BUCKETS)).isEqualTo(-1);
    }

    @Test
    void groupsOfRowsAddUpToAllOfThem() {
        HashCounts all = new HashCounts();
        HashCounts[] groups = {new HashCounts(), new HashCounts(), new HashCounts(), new HashCounts()};
        for (int k = 0; k < 1000; k++) {
            all.add(Seeds.mix(1, k));
            groups[k % 3].add(Seeds.mix(1, k));
        }
        groups[3].add(groups[1]);
        groups[3].add(groups[2]);
        groups[0].add(groups[3]);
        groups[0].add(new HashCounts());
        for (int bucket = 0; bucket < HashCounts.BUCKETS; bucket++) {
            assertThat(groups[0].rows(bucket, bucket + 1)).isEqualTo(all.rows(bucket, bucket + 1));
            assertThat(groups[0].sum(bucket, bucket + 1)).isEqualTo(all.sum(bucket, bucket + 1));
        }
    }

    @Test
    void withoutRowsThereIsNothing() {
        HashCounts none = new HashCounts();
        none.add(new HashCounts());
        assertThat(none.rows()).isZero();
        assertThat(none.sum()).isZero();
        assertThat(none.rows(3, 8)).isZero();
        assertThat(none.isSkewed()).isFalse();
    }

    @Test
    void manyEqualRowsAreSkewedAndDifferentOnesAreNot() {
        HashCounts different = new HashCounts();
        LongStream.range(0, 300_000).forEach(k -> different.add(Seeds.mix(2, k)));
        assertThat(different.isSkewed()).isFalse();
        HashCounts equal = new HashCounts();
        LongStream.range(0, 64).forEach(k -> equal.add(9));
        assertThat(equal.isSkewed()).isFalse();
        equal.add(9);
        assertThat(equal.isSkewed()).isTrue();
        LongStream.range(0, 1000).forEach(k -> different.add(9));
        assertThat(different.isSkewed()).isTrue();
    }
}
