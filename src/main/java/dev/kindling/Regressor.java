package dev.kindling;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Learns numbers from the columns of any DataFrame, by least squares:
 *
 * <pre>{@code
 * RegressorModel model = new Regressor().target("price").fit(houses);
 * }</pre>
 *
 * <p>All that {@link Classifier} says of columns, preparation and order holds here too. Targets are standardised inside, and
 * predictions are in their own scale.
 */
public final class Regressor extends Estimator<Regressor> {
    /** The names of targets that need not be said. */
    private static final List<String> TARGETS = List.of("target", "label", "y");

    /** With all columns but the target for features, and settings that follow from the size of the data. */
    public Regressor() {
        this(Configuration.DEFAULT);
    }

    private Regressor(Configuration configuration) {
        super(configuration);
    }

    @Override
    Regressor with(Configuration other) {
        return new Regressor(other);
    }

    /** The columns of the numbers to be predicted: one or several, which one network predicts together. By default the
     * first of target, label and y that there is. */
    public Regressor target(String... columns) {
        return withColumns(spec -> spec.withTargets(List.of(columns)));
    }

    /** Begins with a model's parameters instead of random ones, and trains it on, as {@link Classifier#from} does. */
    public Regressor from(RegressorModel model) {
        return startingWith(model).target(model.targets().toArray(String[]::new));
    }

    /**
     * Trains on rows.
     *
     * @throws dev.kindling.error.KindlingException as {@link Classifier#fit}
     */
    public RegressorModel fit(Dataset<Row> rows) {
        return new RegressorModel(train(rows));
    }

    @Override
    Regressor complete(StructType schema) {
        return configuration().columns().targets().isEmpty() ? target(usual(schema, TARGETS, "target")) : this;
    }
}
