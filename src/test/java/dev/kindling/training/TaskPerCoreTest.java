package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.SparkTest;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Partition;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.PartitionGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

class TaskPerCoreTest {
    private final JavaSparkContext context =
            JavaSparkContext.fromSparkContext(SparkTest.session().sparkContext());
    private final JavaRDD<Integer> cached =
            context.parallelize(IntStream.range(0, 20).boxed().toList(), 7).cache();

    @AfterEach
    void unpersist() {
        cached.unpersist(false);
    }

    @Test
    void neighbouringPartitionsOfAnExecutorShareATaskWhichPrefersThatExecutor() {
        cached.count();
        PartitionGroup[] groups = new TaskPerCore().coalesce(3, cached.rdd());
        assertThat(groups)
                .extracting(TaskPerCoreTest::indices)
                .containsExactly(List.of(0, 1), List.of(2, 3), List.of(4, 5, 6));
        assertThat(groups).allSatisfy(group -> assertThat(group.prefLoc().get()).matches("executor_.*_driver"));
    }

    @Test
    void partitionsThatNobodyHoldsAreNotForgotten() {
        PartitionGroup[] groups = new TaskPerCore().coalesce(2, cached.rdd());
        assertThat(groups).extracting(TaskPerCoreTest::indices).containsExactly(List.of(0, 1, 2), List.of(3, 4, 5, 6));
        assertThat(groups)
                .allSatisfy(group -> assertThat(group.prefLoc().isEmpty()).isTrue());
    }

    @Test
    void asManyPartitionsAsCoresStayAsTheyAre() {
        assertThat(TaskPerCore.of(cached.rdd()).getNumPartitions()).isEqualTo(2);
        JavaRDD<Integer> two = context.parallelize(List.of(1, 2, 3), 2);
        assertThat(TaskPerCore.of(two.rdd())).isSameAs(two.rdd());
    }

    private static List<Integer> indices(PartitionGroup group) {
        return CollectionConverters.asJava(group.partitions()).stream()
                .map(Partition::index)
                .toList();
    }
}
