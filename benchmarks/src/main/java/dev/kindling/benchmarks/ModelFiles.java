package dev.kindling.benchmarks;

import dev.kindling.Predictor;
import dev.kindling.benchmarks.Alternation.Contestant;
import dev.kindling.network.Architecture;
import dev.kindling.network.Initialisation;
import dev.kindling.onnx.OnnxInput;
import dev.kindling.onnx.OnnxWriter;
import dev.kindling.storage.Model;
import dev.kindling.storage.ModelStore;
import dev.kindling.storage.Provenance;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Rows 23: a model of 784-10-10 as a file, in ONNX for a program without Spark, and in Parquet. */
final class ModelFiles {
    private static final double BAR = 10;
    private static final int LOADS = 20;

    private ModelFiles() {}

    static List<Row> rows(Bench bench) {
        Architecture architecture = Architecture.parse("784,10,10");
        Model model = new Model(architecture, Initialisation.HE.draw(architecture, 1), Provenance.imported("", ""));
        Path onnx = Repository.path("benchmarks/target/model.onnx");
        Path parquet = Repository.path("benchmarks/target/model.parquet");
        try (OutputStream out = Files.newOutputStream(onnx)) {
            OnnxWriter.write(model, OnnxInput.of(model), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ModelStore.save(
                bench.spark(),
                ModelStore.open(bench.spark(), parquet.toString(), true, warning -> {}),
                model,
                List.of(),
                more -> {});
        Alternation alternation = new Alternation();
        Contestant ours = alternation.add(() -> seconds(() -> Predictor.load(onnx)));
        Contestant theirs = alternation.add(
                () -> seconds(() -> ModelStore.load(bench.spark(), parquet.toString(), warning -> {})));
        alternation.warmUp(1);
        alternation.run(bench.repetitions());
        long size = size(onnx);
        long other = size(parquet);
        return List.of(
                Row.faster(
                        "23",
                        "loading a model as ONNX (`Predictor.load`), against loading it as Parquet",
                        ours.median(),
                        theirs.median(),
                        BAR),
                new Row(
                        "23 b",
                        "the size of the ONNX file, against the Parquet files",
                        Row.number(size / 1e3) + " KB",
                        Row.number(other / 1e3) + " KB",
                        Row.number(size / (double) other),
                        "≤ 40 KB",
                        Row.yes(size <= 40_000)));
    }

    private static double seconds(Runnable load) {
        long start = System.nanoTime();
        for (int k = 0; k < LOADS; k++) {
            load.run();
        }
        return (System.nanoTime() - start) / 1e9 / LOADS;
    }

    /** Bytes of a file, or of all in a directory. */
    private static long size(Path path) {
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
