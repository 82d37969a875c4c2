package dev.kindling.cli;

import dev.kindling.data.Example;
import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.data.files.ImageFile;
import dev.kindling.data.files.Split;
import dev.kindling.data.tables.ModelTable;
import dev.kindling.data.tables.TableExample;
import dev.kindling.error.KindlingException;
import dev.kindling.error.Printable;
import dev.kindling.evaluation.ShardSum;
import dev.kindling.network.Architecture;
import dev.kindling.network.Trace;
import dev.kindling.plot.ImagesPicture;
import dev.kindling.storage.Model;
import dev.kindling.storage.OutputDirectory;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code explain}: one example, followed through the network and back. */
@Command(
        name = "explain",
        header =
                "Follow one image, or one row of a table, through a network, forward and backward, in numbers and as a picture.",
        description = {
            "%nThe numbers of the example are computed in double precision. A Spark job computes the sums over the shards"
                    + " of the training set, as a step of training does.",
            "%nOf a row it also says how much each input contributed: the input, standardised, times the slope of what"
                    + " came out. For classes that is the predicted one less the one that is true, or less the next"
                    + " probable one if it is true; for numbers, each in its own units.%n"
        },
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./submit.sh explain --id 18",
            "  ./submit.sh explain --image my-seven.png --class 7 --output pictures/my-seven",
            "  ./submit.sh explain --model models/iris --data examples/iris.csv --where 'petal_length > 6.8'"
        })
final class ExplainCommand implements Checked {
    private static final String SHARDS_JOB = "the shards' sums of one weight's gradient";

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Source source;

    /** Which image or row. */
    private static final class Source {
        @Option(names = "--id", paramLabel = "NUMBER", description = "The row of the test set to follow.")
        private Long id;

        @Option(
                names = "--image",
                paramLabel = "FILE",
                description =
                        "A picture of your own to follow, such as a PNG. It is inverted if its border is light. It"
                                + " is scaled and centred if it does not have the network's size.")
        private String image;

        @Option(
                names = "--where",
                paramLabel = "CONDITION",
                description =
                        "The row of a table to follow: a condition in SQL that picks one, on any of the table's columns;"
                                + " equal rows count as one.")
        private String condition;

        /** The option that was given. */
        String option() {
            return id != null ? "--id" : image != null ? "--image" : "--where";
        }
    }

    @Option(
            names = "--class",
            paramLabel = "NUMBER",
            description = "With --image: its class, for the loss. Default: the predicted class.")
    private Integer label;

    @Option(
            names = "--partitions",
            paramLabel = "NUMBER",
            defaultValue = "4",
            description = "The number of shards of the training set, 1 to " + Explanation.MOST_SHARDS
                    + "; the rows of a small table lie in fewer. Default: ${DEFAULT-VALUE}")
    private int partitions;

    @Mixin
    private ModelOption model;

    @Mixin
    private DataOption data;

    @Mixin
    private TableOptions table;

    @Mixin
    private PictureOptions picture;

    @Override
    public void checkOptions() {
        if (partitions < 1 || partitions > Explanation.MOST_SHARDS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--partitions: found " + partitions + ", expected 1 to " + Explanation.MOST_SHARDS);
        }
        if (source.image == null && label != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--class: found without --image, expected only with it: a row of the data has its own label");
        }
    }

    @Override
    public void checkPaths() {
        picture.checkPaths();
        model.checkPaths();
        if (source.image != null) {
            LocalPaths.requireThere(source.image, "a picture");
        }
        data.checkThere();
    }

    @Override
    public Integer call() throws Exception {
        checkOptions();
        return Sessions.run("explain", spark -> {
            OutputDirectory output = picture.open(spark);
            Model loaded = model.load(spark);
            if (loaded.signature().isPresent() != (source.condition != null)) {
                throw new KindlingException(
                        loaded.signature().isPresent()
                                ? source.option() + ": found a model of a table's columns in " + model
                                        + ", expected one of images; a row is picked with --where"
                                : "--where: found a model of images in " + model
                                        + ", expected one of a table's columns; an image is picked with --id or --image");
            }
            return loaded.signature().isPresent()
                    ? explainRow(spark, loaded, output)
                    : explainImage(spark, loaded, output);
        });
    }

    private int explainRow(SparkSession spark, Model loaded, OutputDirectory output) {
        data.requireTable(spark);
        ModelTable rows = table.open(spark, data.toString(), loaded);
        spark.sparkContext().setJobDescription("pick a row of " + data);
        TableExample example = rows.example(source.condition);
        String name = "row of " + data + " where " + Printable.of(source.condition);
        Explanation explanation = printed(loaded, Subject.of(name, loaded, example));
        spark.sparkContext().setJobDescription(SHARDS_JOB);
        try (PackedRows packed = rows.pack(partitions)) {
            finish(spark, explanation, packed, output);
        }
        return 0;
    }

    private int explainImage(SparkSession spark, Model loaded, OutputDirectory output) {
        Architecture architecture = loaded.architecture();
        Explanation explanation = printed(loaded, image(spark, loaded));
        LabelledRows rows = data.open(spark, Split.TRAIN, architecture.classes());
        spark.sparkContext().setJobDescription(SHARDS_JOB);
        long seed = Long.parseLong(loaded.provenance().recipe().getOrDefault("seed", "1"));
        try (PackedRows packed = PackedRows.pack(rows, architecture, partitions, seed)) {
            finish(spark, explanation, packed, output);
        }
        return 0;
    }

    private static Explanation printed(Model loaded, Subject subject) {
        Explanation explanation = Explanation.of(loaded, subject);
        new ExplanationText(explanation).printExample();
        return explanation;
    }

    /** Prints the sums of the shards, and draws all of it. */
    private void finish(SparkSession spark, Explanation begun, PackedRows packed, OutputDirectory output) {
        Architecture architecture = begun.architecture();
        List<ShardSum> sums = ShardSum.of(begun.model(), packed, begun.weight().index(architecture)).stream()
                .filter(shard -> shard.rows() > 0) // of few rows there are fewer blocks than partitions
                .toList();
        Explanation explanation = begun.withShards(sums);
        new ExplanationText(explanation).printShards();
        if (begun.model().signature().isEmpty() && !ImagesPicture.canDraw(architecture.inputs())) {
            throw new KindlingException(model + ": found " + architecture.inputs()
                    + " inputs, expected the pixels of a square image to draw a picture; the numbers are above");
        }
        picture.write(spark, output, new ExplanationDrawing(explanation).picture());
    }

    private Subject image(SparkSession spark, Model loaded) {
        Architecture architecture = loaded.architecture();
        if (source.id != null) {
            LabelledRows rows = data.open(spark, Split.TEST, architecture.classes());
            PackedRows.checkFit(rows, architecture);
            spark.sparkContext().setJobDescription("read row " + source.id + " of " + rows.source());
            Example example = Example.withId(rows, source.id);
            return Subject.of("row " + source.id + " of " + rows.source(), loaded, example.features(), example.label());
        }
        if (!ImagesPicture.canDraw(architecture.inputs())) {
            throw new KindlingException("--image: found a model with " + architecture.inputs()
                    + " inputs, expected one for square images; to follow a row of its data, use --id");
        }
        if (label != null && (label < 0 || label >= architecture.classes())) {
            throw new KindlingException("--class: found " + label + ", expected 0 to " + (architecture.classes() - 1));
        }
        int side = (int) Math.round(Math.sqrt(architecture.inputs()));
        ImageFile image = ImageFile.read(spark.sparkContext().hadoopConfiguration(), source.image, side);
        System.out.println(source.image + ": " + image.changes());
        int predicted = new Trace(architecture, loaded.parameters(), image.pixels(), 0).prediction();
        if (label == null) {
            System.out.println("without --class the loss is that of the predicted class, " + predicted);
        }
        return Subject.of(source.image, loaded, image.pixels(), label == null ? predicted : label);
    }
}
