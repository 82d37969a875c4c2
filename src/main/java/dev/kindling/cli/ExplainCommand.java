package dev.kindling.cli;

import dev.kindling.data.Example;
import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.data.files.ImageFile;
import dev.kindling.data.files.Split;
import dev.kindling.error.KindlingException;
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
        header = "Follow one image through a network, forward and backward, in numbers and as a picture.",
        description = "%nThe numbers of this image are computed in double precision. A Spark job computes the sums"
                + " over the shards of the training set, as a step of training does.%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./submit.sh explain --id 18",
            "  ./submit.sh explain --image my-seven.png --class 7 --output pictures/my-seven"
        })
final class ExplainCommand implements Checked {
    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Source source;

    /** Which image. */
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
            description = "The number of shards of the training set, 1 to " + ExplanationReport.MOST_SHARDS
                    + ". Default: ${DEFAULT-VALUE}")
    private int partitions;

    @Mixin
    private ModelOption model;

    @Mixin
    private DataOption data;

    @Mixin
    private PictureOptions picture;

    @Override
    public void checkOptions() {
        if (partitions < 1 || partitions > ExplanationReport.MOST_SHARDS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--partitions: found " + partitions + ", expected 1 to " + ExplanationReport.MOST_SHARDS);
        }
        if (source.id != null && label != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--class: found without --image, expected only with it: a row of the data set has its own label");
        }
    }

    @Override
    public void checkPaths() {
        picture.checkPaths();
        model.checkPaths();
        if (source.image != null) {
            LocalPaths.requireThere(source.image, "a picture");
        }
        data.checkPaths();
    }

    @Override
    public Integer call() throws Exception {
        checkOptions();
        return Sessions.run("explain", spark -> {
            OutputDirectory output = picture.open(spark);
            Model loaded = model.loadForImages(spark);
            Architecture architecture = loaded.architecture();
            Subject subject = subject(spark, loaded);
            Trace trace = new Trace(architecture, loaded.parameters(), subject.features(), subject.label());
            Trace.Weight weight = trace.steepestWeight();
            ExplanationReport report =
                    new ExplanationReport(loaded, subject.name(), subject.features(), subject.label(), trace, weight);
            report.printExample();
            report = report.withShards(shards(spark, loaded, weight));
            report.printShards();
            if (!ImagesPicture.canDraw(architecture.inputs())) {
                throw new KindlingException(model + ": found " + architecture.inputs()
                        + " inputs, expected the pixels of a square image to draw a picture; the numbers are above");
            }
            picture.write(spark, output, report.picture());
            return 0;
        });
    }

    /** The example that is followed. */
    private record Subject(String name, int label, float[] features) {}

    private Subject subject(SparkSession spark, Model loaded) {
        Architecture architecture = loaded.architecture();
        if (source.id != null) {
            LabelledRows rows = data.open(spark, Split.TEST, architecture.classes());
            PackedRows.checkFit(rows, architecture);
            spark.sparkContext().setJobDescription("read row " + source.id + " of " + rows.source());
            Example example = Example.withId(rows, source.id);
            return new Subject("row " + source.id + " of " + rows.source(), example.label(), example.features());
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
        return new Subject(source.image, label == null ? predicted : label, image.pixels());
    }

    private List<ShardSum> shards(SparkSession spark, Model loaded, Trace.Weight weight) {
        Architecture architecture = loaded.architecture();
        LabelledRows rows = data.open(spark, Split.TRAIN, architecture.classes());
        spark.sparkContext().setJobDescription("the shards' sums of one weight's gradient");
        long seed = Long.parseLong(loaded.provenance().recipe().getOrDefault("seed", "1"));
        try (PackedRows packed = PackedRows.pack(rows, architecture, partitions, seed)) {
            return ShardSum.of(loaded, packed, weight.index(architecture));
        }
    }
}
