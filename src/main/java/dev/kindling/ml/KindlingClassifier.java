package dev.kindling.ml;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import dev.kindling.error.KindlingException;
import java.io.IOException;
import java.util.stream.IntStream;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DatasetUtils$;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * A neural network as a classifier of Spark ML: a stage of a Pipeline, under a CrossValidator, and in place of
 * MultilayerPerceptronClassifier. {@link dev.kindling.Classifier} does the work, and all that it says of preparation and order
 * holds here too. Hidden layers are ReLU, the last is softmax.
 *
 * <p>Features are a column of vectors, of arrays of numbers, or of bytes, which are pixels. Labels are 0, 1, 2 and so on, of any
 * numeric type. How many classes
 * there are follows from layers, from the label's metadata, or from the largest label.
 */
public final class KindlingClassifier
        extends ProbabilisticClassifier<Vector, KindlingClassifier, KindlingClassificationModel>
        implements KindlingSetters<KindlingClassifier>, DefaultParamsWritable {
    private static final long serialVersionUID = 1L;
    /** More are refused, unless layers or metadata say so: the labels are likely to be something else. */
    private static final int MOST_CLASSES = 100;

    private final String uid;
    private final SharedParams shared;

    /** With the defaults, and a uid of its own. */
    public KindlingClassifier() {
        this(Identifiable.randomUID("KindlingClassifier"));
    }

    /** With the defaults. */
    public KindlingClassifier(String uid) {
        this(Uids.hold(uid));
    }

    private KindlingClassifier(Uids.Held held) {
        this.uid = held.uid();
        this.shared = new SharedParams(this);
        setDefaults();
    }

    @Override
    public String uid() {
        return uid == null ? Uids.held() : uid;
    }

    @Override
    public SharedParams shared() {
        return shared;
    }

    /** {@link #balanced}. */
    public KindlingClassifier setBalanced(boolean isBalanced) {
        set(balanced(), isBalanced);
        return this;
    }

    @Override
    public StructType validateAndTransformSchema(StructType schema, boolean fitting, DataType type) {
        StructType checked =
                super.validateAndTransformSchema(FeatureColumn.asVector(schema, getFeaturesCol()), fitting, type);
        return FeatureColumn.asGiven(checked, getFeaturesCol(), schema);
    }

    /** Called by {@code fit}, which has checked the columns' types. */
    @Override
    public KindlingClassificationModel train(Dataset<?> dataset) {
        int classes = classes(dataset);
        Column label = DatasetUtils$.MODULE$.checkClassificationLabels(getLabelCol(), Option.apply(classes));
        Classifier classifier = Fits.configured(
                new Classifier()
                        .label(getLabelCol())
                        .labels(IntStream.range(0, classes).boxed().toList()),
                this,
                dataset);
        Classifier weighted = getBalanced() ? classifier.balanced() : classifier;
        ClassifierModel fitted = Fits.fit(weighted::fit, this, Fits.rows(this, dataset, label));
        KindlingClassificationModel model = copyValues(new KindlingClassificationModel(uid(), fitted), new ParamMap());
        model.setSummary(Option.apply(model.summaryOf(dataset)));
        return model;
    }

    private int classes(Dataset<?> dataset) {
        int classes = isDefined(layers())
                ? getLayers()[getLayers().length - 1]
                : DatasetUtils$.MODULE$.getNumClasses(dataset, getLabelCol(), MOST_CLASSES);
        if (classes < 2) {
            throw new KindlingException(setting("layers") + ": found " + classes + " class, by layers, metadata or"
                    + " labels in column " + getLabelCol() + ", expected at least two");
        }
        return classes;
    }

    @Override
    public long estimateModelSize(Dataset<?> dataset) {
        return estimateMatadataSize() + Networks.bytes(Fits.architecture(this, dataset, classes(dataset)));
    }

    @Override
    public KindlingClassifier copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    /** Reads estimators that were saved. */
    public static MLReader<KindlingClassifier> read() {
        return new DefaultParamsReader<>();
    }

    /** Reads one. */
    public static KindlingClassifier load(String path) throws IOException {
        return read().load(path);
    }
}
