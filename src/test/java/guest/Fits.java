package guest;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.SparkTest;
import dev.kindling.error.KindlingException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What tests of fits have in common. */
final class Fits {
    private Fits() {}

    /** 150 flowers, 50 of each species. */
    static Dataset<Row> flowers() {
        return SparkTest.session()
                .read()
                .option("header", true)
                .option("inferSchema", true)
                .csv("examples/iris.csv");
    }

    /** The line that says why a fit is refused. */
    static String failure(ThrowingCallable fit) {
        List<String> messages = new ArrayList<>();
        assertThatThrownBy(fit)
                .isInstanceOf(KindlingException.class)
                .satisfies(error -> messages.add(error.getMessage()));
        return messages.get(0);
    }
}
