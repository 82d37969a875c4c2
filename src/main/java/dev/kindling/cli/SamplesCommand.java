package dev.kindling.cli;

import dev.kindling.data.Example;
import dev.kindling.data.LabelledRows;
import dev.kindling.data.files.Split;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.plot.ImagesPicture;
import dev.kindling.storage.OutputDirectory;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code samples}: what the data looks like. */
@Command(
        name = "samples",
        header = "Draw random images of a data set, with their labels and ids.",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./submit.sh samples",
            "  ./submit.sh samples --class 7 --count 60 --seed 3 --output pictures/sevens"
        })
final class SamplesCommand implements Checked {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Option(
            names = "--split",
            paramLabel = "PART",
            defaultValue = "train",
            description = "Which part of the data set: train or test. Default: ${DEFAULT-VALUE}")
    private Split split;

    @Option(
            names = "--count",
            paramLabel = "NUMBER",
            defaultValue = "24",
            description = "How many images, 1 to " + ImagesPicture.MOST_IMAGES + ". Default: ${DEFAULT-VALUE}")
    private int count;

    @Option(
            names = "--class",
            paramLabel = "NUMBER",
            description = "Draw only images of this class. Default: all classes.")
    private Integer label;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "The seed of the draw. The same seed gives the same images. Default: ${DEFAULT-VALUE}")
    private long seed;

    @Mixin
    private PictureOptions picture;

    @Override
    public void checkOptions() {
        if (count < 1 || count > ImagesPicture.MOST_IMAGES) {
            throw new ParameterException(
                    spec.commandLine(), "--count: found " + count + ", expected 1 to " + ImagesPicture.MOST_IMAGES);
        }
    }

    @Override
    public void checkPaths() {
        picture.checkPaths();
        data.checkPaths();
    }

    @Override
    public Integer call() throws Exception {
        checkOptions();
        return Sessions.run("samples", spark -> {
            OutputDirectory output = picture.open(spark);
            LabelledRows rows = data.open(spark, split, Architecture.MAX_SIZE);
            spark.sparkContext().setJobDescription("draw samples of " + rows.source());
            OptionalInt only = label == null ? OptionalInt.empty() : OptionalInt.of(label);
            List<Example> drawn = Example.draw(rows, count, seed, only);
            drawn.forEach(example -> System.out.println("id " + example.id() + ", label " + example.label()));
            if (!ImagesPicture.canDraw(rows.features())) {
                throw new KindlingException(rows.source() + ": found " + rows.features()
                        + " features a row, expected the pixels of a square image, such as 28 x 28 = 784");
            }
            picture.write(spark, output, picture(rows, drawn));
            return 0;
        });
    }

    private ImagesPicture picture(LabelledRows rows, List<Example> drawn) {
        String which = label == null ? "rows" : "rows, all of class " + label + ",";
        String subtitle = String.format(
                Locale.ROOT, "%d of %,d %s of %s, seed %d", drawn.size(), rows.count(), which, rows.source(), seed);
        return new ImagesPicture(
                "Samples of the " + split.name().toLowerCase(Locale.ROOT) + " set",
                subtitle,
                drawn.stream()
                        .map(example -> new ImagesPicture.Image(
                                example.features(), List.of("label " + example.label(), "id " + example.id())))
                        .toList());
    }
}
