package dev.kindling.sql;

import dev.kindling.ClassifierModel;
import dev.kindling.RegressorModel;
import dev.kindling.TableModel;
import dev.kindling.TrainedModel;
import dev.kindling.error.KindlingException;
import dev.kindling.storage.Inputs;
import dev.kindling.storage.ModelStore;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What a saved model predicts, as a function that is registered by the name of this class:
 * {@code spark.udf.registerJavaFunction("digit", "dev.kindling.sql.Predict", IntegerType())} in Python. It needs no setting of the
 * session, but {@link KindlingExtensions} is many times faster: here Spark makes an object of each number.
 *
 * <p>The arguments are the path of the model, which executors can read, and the features: a struct whose fields have the names of the
 * model's columns, an array of numbers, or bytes. The type of the result is that of the label, or double, or an array of doubles where
 * there are several targets. It is null where a feature is null, NaN or infinite.
 */
public final class Predict implements UDF2<String, Object, Object> {
    private static final long serialVersionUID = 1L;

    private static final int MOST = 8;

    /** By path, for all tasks of an executor. */
    private static final Recent<String, Loaded> MODELS = new Recent<>(MOST);

    /** The model of the last row, so that a task looks once whether there is a new one. */
    private transient Loaded last;

    /**
     * A model that was read.
     *
     * @param since when it was saved
     * @param white the pixel that is 1 for the model, where an image is given as bytes
     */
    private record Loaded(String path, Optional<ModelStore.Saved> since, TableModel model, double white) {}

    @Override
    public Object call(String path, Object features) {
        if (path == null) {
            throw new KindlingException("found null, expected the path of a model");
        }
        if (last == null || !last.path.equals(path)) {
            last = loaded(path);
        }
        double[] row = features == null ? new double[] {Double.NaN} : row(last, features);
        for (double value : row) {
            if (!Double.isFinite(value)) {
                return null;
            }
        }
        if (last.model instanceof ClassifierModel classifier) {
            return classifier.predict(row);
        }
        double[] numbers = ((RegressorModel) last.model).predict(row);
        return numbers.length == 1 ? (Object) numbers[0] : numbers;
    }

    private static Loaded loaded(String path) {
        synchronized (MODELS) {
            Configuration files = SparkHadoopUtil.get().conf();
            Optional<ModelStore.Saved> since = ModelStore.saved(files, path);
            Loaded known = MODELS.get(path);
            if (known == null || !known.since.equals(since)) {
                TrainedModel model = new TrainedModel(ModelStore.load(files, path, warning -> {}), List.of());
                double white = model.model().signature().isPresent() ? 1 : Inputs.LEVELS;
                known = new Loaded(path, since, TableModel.of(model), white);
                MODELS.put(path, known);
            }
            return known;
        }
    }

    private static double[] row(Loaded model, Object features) {
        if (features instanceof byte[] pixels) {
            return IntStream.range(0, pixels.length)
                    .mapToDouble(k -> (pixels[k] & 0xff) / model.white)
                    .toArray();
        }
        if (features instanceof Row struct) {
            return model.model.inputs().stream()
                    .mapToDouble(name -> number(struct.getAs(name)))
                    .toArray();
        }
        if (features instanceof scala.collection.Seq<?> array) {
            return CollectionConverters.asJava(array).stream()
                    .mapToDouble(Predict::number)
                    .toArray();
        }
        throw new KindlingException("found features of class "
                + features.getClass().getName() + ", expected a struct, an array of numbers, or bytes");
    }

    private static double number(Object value) {
        if (value == null) {
            return Double.NaN;
        }
        if (value instanceof Boolean isOne) {
            return isOne ? 1 : 0;
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new KindlingException("found feature " + value + ", expected a number or a boolean");
    }
}
