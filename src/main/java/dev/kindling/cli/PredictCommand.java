package dev.kindling.cli;

import static org.apache.spark.sql.functions.col;

import dev.kindling.ClassifierModel;
import dev.kindling.TableModel;
import dev.kindling.TrainedModel;
import dev.kindling.data.files.IdxImages;
import dev.kindling.data.files.Split;
import dev.kindling.data.files.tables.TableFiles;
import dev.kindling.data.files.tables.TableOutput;
import dev.kindling.data.tables.FeatureColumns;
import dev.kindling.error.KindlingException;
import dev.kindling.storage.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code predict}: what a model says of rows whose labels nobody knows. */
@Command(
        name = "predict",
        header = "Predict the rows of a table, or images, with a saved model, and write them.",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./submit.sh predict --model models/iris --data flowers.csv --output predictions.csv",
            "  ./submit.sh predict --data data/mnist/t10k-images-idx3-ubyte.gz --output digits.csv",
            "  ./submit.sh predict --model models/digits --data test.csv --output submission.csv --number ImageId"
                    + " --columns ImageId --prediction Label"
        })
final class PredictCommand implements Checked {
    @Option(
            names = "--data",
            paramLabel = "PATH",
            required = true,
            description =
                    "The rows: a file (CSV, Parquet, JSON, libsvm), a folder of such files, IDX images, or pictures in a"
                            + " folder or in folders of it.")
    private String data;

    @Option(
            names = "--output",
            paramLabel = "PATH",
            required = true,
            description =
                    "Where predictions go: a file that ends with .csv, .json, .jsonl (plain or .gz) or .parquet, or a"
                            + " folder of Parquet.")
    private String output;

    @Mixin
    private ModelOption model;

    @Option(
            names = "--columns",
            paramLabel = "NAMES",
            split = ",",
            description =
                    "The columns of the data that are written beside the prediction. Default: all but pixels in bytes.")
    private List<String> columns;

    @Option(
            names = "--number",
            paramLabel = "NAME",
            description = "Add a column of this name with the number of each row in the file, from 1.")
    private String number;

    @Option(
            names = "--prediction",
            paramLabel = "NAME",
            defaultValue = TableModel.PREDICTION,
            description = "The name of the column of predictions. Default: ${DEFAULT-VALUE}")
    private String prediction;

    @Option(
            names = "--probabilities",
            description = "Write the probability of each label too, in columns called probability_LABEL.")
    private boolean probabilities;

    @Option(names = "--overwrite", description = "Replace an output that exists.")
    private boolean overwrite;

    @Mixin
    private TableOptions table;

    @Override
    public void checkPaths() {
        LocalPaths.requireThere(data, "a table");
        model.checkPaths();
    }

    @Override
    public Integer call() throws Exception {
        return Sessions.run("predict", spark -> {
            TableOutput place = TableOutput.open(spark, output, overwrite, Main::warn);
            Model network = model.load(spark);
            TableFiles.Opened opened = open(spark);
            System.out.printf("%s: %s%n", data, opened.description());
            TrainedModel trained = new TrainedModel(network, List.of());
            TableModel loaded = network.signature().isPresent()
                    ? TableModel.of(trained)
                    : ClassifierModel.ofImages(trained, opened.rows().schema());
            Dataset<Row> rows = number == null ? opened.rows() : numbered(spark, opened.rows());
            spark.sparkContext().setJobDescription("predict " + data + " with " + model);
            Dataset<Row> scored = loaded.transform(rows, table.missing());
            place.write(scored.select(written(loaded, rows)));
            System.out.println("predictions in " + output);
            return 0;
        });
    }

    private TableFiles.Opened open(SparkSession spark) {
        return IdxImages.open(spark, data)
                .map(images -> new TableFiles.Opened(images, "IDX images", false))
                .orElseGet(() -> table.open(spark, data, Split.TEST));
    }

    /** All columns but those of bytes, unless some are named. */
    private List<String> columns(StructType schema) {
        return columns != null
                ? columns
                : Arrays.stream(schema.fields())
                        .filter(field -> !field.dataType().equals(DataTypes.BinaryType))
                        .map(StructField::name)
                        .toList();
    }

    private Column[] written(TableModel loaded, Dataset<Row> rows) {
        List<Column> written = new ArrayList<>();
        for (String name : columns(rows.schema())) {
            written.add(FeatureColumns.named(
                    FeatureColumns.find(rows.schema(), name, data).name()));
        }
        written.add(col(TableModel.PREDICTION).as(prediction));
        if (probabilities) {
            if (!(loaded instanceof ClassifierModel classifier)) {
                throw new KindlingException("--probabilities: found a model of numbers, expected one of classes");
            }
            List<Object> labels = classifier.labels();
            for (int c = 0; c < labels.size(); c++) {
                written.add(col(ClassifierModel.PROBABILITY).getItem(c).as("probability_" + labels.get(c)));
            }
        }
        return written.toArray(Column[]::new);
    }

    private Dataset<Row> numbered(SparkSession spark, Dataset<Row> rows) {
        if (Arrays.stream(rows.columns()).anyMatch(number::equalsIgnoreCase)) {
            throw new KindlingException(
                    "--number: found a column called " + number + " already, expected another name");
        }
        StructType schema = new StructType().add(number, DataTypes.LongType, false);
        for (var field : rows.schema().fields()) {
            schema = schema.add(field);
        }
        JavaRDD<Row> numbered = rows.javaRDD().zipWithIndex().map(pair -> {
            Object[] values = new Object[pair._1.length() + 1];
            values[0] = pair._2 + 1;
            for (int k = 0; k < pair._1.length(); k++) {
                values[k + 1] = pair._1.get(k);
            }
            return RowFactory.create(values);
        });
        return spark.createDataFrame(numbered, schema);
    }
}
