package dev.kindling.ml;

import dev.kindling.TableModel;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.ml.util.ReadWriteUtils$;

/**
 * Writes a model as Spark ML does, params in {@code metadata}, and beside it in {@code model} as Kindling does: the commands take
 * that directory.
 */
final class ModelWriter extends MLWriter {
    static final String MODEL = "model";

    private final Params instance;
    private final TableModel fitted;

    ModelWriter(Params instance, TableModel fitted) {
        this.instance = instance;
        this.fitted = fitted;
    }

    @Override
    public void saveImpl(String path) {
        DefaultParamsWriter.saveMetadata(instance, path, sparkSession());
        fitted.save(place(path), true);
    }

    /** Where the model itself is. Spark Connect keeps models as local files, whatever file system is the default. */
    static String place(String path) {
        boolean isLocal =
                (boolean) ReadWriteUtils$.MODULE$.localSavingModeState().get();
        Path directory = isLocal ? new Path(new java.io.File(path).toURI()) : new Path(path);
        return new Path(directory, MODEL).toString();
    }
}
