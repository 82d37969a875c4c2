package dev.kindling.cli;

import dev.kindling.data.LabelledRows;
import dev.kindling.data.files.Split;
import dev.kindling.error.KindlingException;
import dev.kindling.evaluation.HiddenActivity;
import dev.kindling.network.Architecture;
import dev.kindling.plot.ImagesPicture;
import dev.kindling.plot.WeightsPicture;
import dev.kindling.storage.Model;
import dev.kindling.storage.OutputDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code weights}: what the units of the first layer look for. */
@Command(
        name = "weights",
        header = "Draw each unit's weights as an image, and mark units that are dead.",
        description = "%nA unit of the first hidden layer has a weight for each pixel, so its weights are an image too."
                + " A unit is dead if it is zero on every row of the training set; a Spark job counts the rows. A"
                + " dead unit does nothing, and no gradient reaches it.%n",
        sortOptions = false,
        footer = {"", "Examples:", "  ./submit.sh weights", "  ./submit.sh weights --model models/classic --overwrite"})
final class WeightsCommand implements Checked {
    /** Of so many units of a layer there is a line each. */
    private static final int MOST_LINES = 50;

    @Mixin
    private ModelOption model;

    @Mixin
    private DataOption data;

    @Mixin
    private PictureOptions picture;

    @Override
    public void checkPaths() {
        picture.checkPaths();
        model.checkPaths();
        data.checkPaths();
    }

    @Override
    public Integer call() throws Exception {
        return Sessions.run("weights", spark -> {
            OutputDirectory output = picture.open(spark);
            Model loaded = model.loadForImages(spark);
            Architecture architecture = loaded.architecture();
            LabelledRows rows = data.open(spark, Split.TRAIN, architecture.classes());
            spark.sparkContext().setJobDescription("count on how many rows each unit of " + model + " is active");
            HiddenActivity activity = HiddenActivity.of(loaded, rows);
            List<WeightsPicture.Unit> units = units(loaded, activity);
            print(architecture, activity);
            if (!ImagesPicture.canDraw(architecture.inputs())) {
                throw new KindlingException(model + ": found " + architecture.inputs()
                        + " inputs, expected the pixels of a square image, such as 28 x 28 = 784");
            }
            picture.write(spark, output, new WeightsPicture(title(architecture), subtitle(architecture, rows), units));
            return 0;
        });
    }

    private static boolean hasHiddenLayer(Architecture architecture) {
        return architecture.layers() > 1;
    }

    /** The first layer's units, as many as can be drawn. */
    private static List<WeightsPicture.Unit> units(Model model, HiddenActivity activity) {
        Architecture architecture = model.architecture();
        int all = architecture.units(0);
        List<WeightsPicture.Unit> units = new ArrayList<>();
        for (int u = 0; u < Math.min(all, WeightsPicture.MOST_UNITS); u++) {
            float[] weights = new float[architecture.inputs()];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = model.parameters()[i * all + u];
            }
            boolean dead = hasHiddenLayer(architecture) && activity.isDead(u);
            String label = "class " + u;
            if (hasHiddenLayer(architecture)) {
                label = dead
                        ? "unit " + u + ", dead"
                        : String.format(Locale.ROOT, "unit %d, on %.0f %%", u, 100 * activity.share(u));
            }
            units.add(new WeightsPicture.Unit(weights, label, dead));
        }
        return units;
    }

    private static void print(Architecture architecture, HiddenActivity activity) {
        int first = 0;
        for (int l = 0; l < architecture.layers() - 1; l++) {
            for (int u = 0; u < Math.min(architecture.units(l), MOST_LINES); u++) {
                int unit = first + u;
                System.out.printf(
                        Locale.ROOT,
                        "hidden layer %d, unit %d: above zero on %,d of %,d rows%s%n",
                        l + 1,
                        u,
                        activity.active()[unit],
                        activity.rows(),
                        activity.isDead(unit) ? ", dead" : "");
            }
            int end = first + architecture.units(l);
            if (architecture.units(l) > MOST_LINES) {
                System.out.printf(
                        Locale.ROOT,
                        "hidden layer %d: %,d units, of which those above are the first %d; %,d of all are dead%n",
                        l + 1,
                        architecture.units(l),
                        MOST_LINES,
                        IntStream.range(first, end).filter(activity::isDead).count());
            }
            first = end;
        }
    }

    private static String title(Architecture architecture) {
        return hasHiddenLayer(architecture) ? "Weights of the first hidden layer" : "Weights of the output layer";
    }

    private String subtitle(Architecture architecture, LabelledRows rows) {
        int all = architecture.units(0);
        String which = all > WeightsPicture.MOST_UNITS
                ? "the first " + WeightsPicture.MOST_UNITS + " of " + all + " units"
                : all + " units";
        String on = hasHiddenLayer(architecture) ? String.format(Locale.ROOT, "; on: of %,d rows", rows.count()) : "";
        return model + ", " + which + on;
    }
}
