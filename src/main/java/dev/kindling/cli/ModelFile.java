package dev.kindling.cli;

import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import dev.kindling.network.Output;
import dev.kindling.onnx.OnnxReader;
import dev.kindling.storage.Model;
import dev.kindling.storage.ModelStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Where a command reads a model: a directory, as {@code train} saved it, or a file whose name ends with .onnx. */
final class ModelFile {
    private ModelFile() {}

    static boolean isOnnx(String place) {
        return place.toLowerCase(Locale.ROOT).endsWith(".onnx");
    }

    /** Refuses a place in which this machine has no model. */
    static void requireThere(String place) {
        if (isOnnx(place)) {
            LocalPaths.requireThere(place, "a model as ONNX");
        } else {
            LocalPaths.requireModel(place);
        }
    }

    /**
     * Loads a model.
     *
     * @throws KindlingException if there is none, or if it is damaged
     */
    static Model load(SparkSession spark, String place) {
        spark.sparkContext().setJobDescription("load " + place);
        return isOnnx(place) ? readOnnx(spark, place, Output.IDENTITY) : ModelStore.load(spark, place, Main::warn);
    }

    /**
     * Reads a model as ONNX.
     *
     * @param file a path or URI of any Hadoop file system
     * @param end see {@link OnnxReader#read(String, byte[], Output)}
     */
    static Model readOnnx(SparkSession spark, String file, Output end) {
        byte[] bytes;
        try {
            Path path = new Path(file);
            try (InputStream in = path.getFileSystem(spark.sparkContext().hadoopConfiguration())
                    .open(path)) {
                bytes = in.readAllBytes();
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new KindlingException("cannot read '" + file + "': " + Reason.of(e), e);
        }
        return OnnxReader.read(file, bytes, end);
    }
}
