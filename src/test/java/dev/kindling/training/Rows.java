package dev.kindling.training;

import dev.kindling.SparkTest;
import dev.kindling.data.LabelledRows;
import dev.kindling.network.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Data for tests: random rows with random labels. */
public final class Rows {
    public static final Architecture ARCHITECTURE = Architecture.parse("20,6,4");
    public static final int COUNT = 1_500; // six blocks, the last one short

    private Rows() {}

    public static LabelledRows random(long seed) {
        return random(SparkTest.session(), seed);
    }

    /** In a session of its own. */
    static LabelledRows random(SparkSession spark, long seed) {
        Random random = new Random(seed);
        List<Row> rows = new ArrayList<>();
        for (long id = 0; id < COUNT; id++) {
            float[] features = new float[20];
            for (int k = 0; k < features.length; k++) {
                features[k] = random.nextBoolean() ? random.nextFloat() : 0f;
            }
            rows.add(RowFactory.create(id, random.nextInt(4), features));
        }
        return new LabelledRows(spark.createDataFrame(rows, LabelledRows.SCHEMA), COUNT, 20, "random rows");
    }
}
