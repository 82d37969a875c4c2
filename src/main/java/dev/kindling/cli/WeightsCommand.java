package dev.kindling.cli;

import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.data.files.Split;
import dev.kindling.data.tables.ModelTable;
import dev.kindling.error.KindlingException;
import dev.kindling.evaluation.HiddenActivity;
import dev.kindling.network.Architecture;
import dev.kindling.plot.WeightBarsPicture;
import dev.kindling.plot.WeightsPicture;
import dev.kindling.storage.Model;
import dev.kindling.storage.OutputDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code weights}: what the units of the first layer look for. */
@Command(
        name = "weights",
        header = "Draw each unit's weights, and mark units that are dead.",
        description = "%nA unit of the first hidden layer has a weight for each pixel, so its weights are an image too."
                + " Those of a table's columns are bars with their names; they are the weights of standardised inputs, so"
                + " their sizes can be compared. A unit is dead if it is zero on every row of the training set; Spark jobs"
                + " count the rows. A dead unit does nothing, and no gradient reaches it.%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./submit.sh weights",
            "  ./submit.sh weights --model models/classic --overwrite",
            "  ./submit.sh weights --model models/iris --data examples/iris.csv --output pictures/iris"
        })
final class WeightsCommand implements Checked {
    /** Of so many units of a layer there is a line each. */
    private static final int MOST_LINES = 50;

    @Mixin
    private ModelOption model;

    @Mixin
    private DataOption data;

    @Mixin
    private TableOptions table;

    @Mixin
    private PictureOptions picture;

    @Override
    public void checkPaths() {
        picture.checkPaths();
        model.checkPaths();
        data.checkThere();
    }

    @Override
    public Integer call() throws Exception {
        return Sessions.run("weights", spark -> {
            OutputDirectory output = picture.open(spark);
            Model loaded = model.load(spark);
            HiddenActivity activity = count(spark, loaded);
            print(loaded.architecture(), activity);
            Names names = new Names(loaded);
            if (!names.areImages() && loaded.signature().isEmpty()) {
                throw new KindlingException(
                        model + ": found " + loaded.architecture().inputs()
                                + " inputs, expected the pixels of a square image, such as 28 x 28 = 784");
            }
            picture.write(spark, output, names.areImages() ? images(loaded, activity) : bars(loaded, activity));
            return 0;
        });
    }

    private WeightsPicture images(Model loaded, HiddenActivity activity) {
        List<WeightsPicture.Unit> units = units(loaded, activity, WeightsPicture.MOST_UNITS);
        return new WeightsPicture(title(loaded), subtitle(loaded, activity, units), units);
    }

    private WeightBarsPicture bars(Model loaded, HiddenActivity activity) {
        int most = WeightBarsPicture.mostUnits(loaded.architecture().inputs());
        List<WeightsPicture.Unit> units = units(loaded, activity, most);
        String subtitle = subtitle(loaded, activity, units) + "; weights of standardised inputs";
        return new WeightBarsPicture(title(loaded), subtitle, new Names(loaded).inputs(), units);
    }

    private HiddenActivity count(SparkSession spark, Model loaded) {
        String job = "count on how many rows each unit of " + model + " is active";
        if (loaded.signature().isEmpty()) {
            LabelledRows rows =
                    data.open(spark, Split.TRAIN, loaded.architecture().classes());
            spark.sparkContext().setJobDescription(job);
            return HiddenActivity.of(loaded, rows);
        }
        data.requireTable(spark);
        ModelTable rows = table.open(spark, data.toString(), loaded);
        spark.sparkContext().setJobDescription(job);
        try (PackedRows packed = rows.pack()) {
            return HiddenActivity.of(loaded, packed);
        }
    }

    private static boolean hasHiddenLayer(Architecture architecture) {
        return architecture.layers() > 1;
    }

    /** The first layer's units, as many as can be drawn; of a network without hidden layers these are its outputs. */
    private static List<WeightsPicture.Unit> units(Model model, HiddenActivity activity, int most) {
        Architecture architecture = model.architecture();
        int all = architecture.units(0);
        List<WeightsPicture.Unit> units = new ArrayList<>();
        for (int u = 0; u < Math.min(all, most); u++) {
            float[] weights = new float[architecture.inputs()];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = model.parameters()[i * all + u];
            }
            boolean dead = hasHiddenLayer(architecture) && activity.isDead(u);
            units.add(new WeightsPicture.Unit(weights, label(model, activity, u), dead));
        }
        return units;
    }

    private static String label(Model model, HiddenActivity activity, int u) {
        if (!hasHiddenLayer(model.architecture())) {
            return model.signature().isPresent() ? new Names(model).output(u) : "class " + u;
        }
        return activity.isDead(u)
                ? "unit " + u + ", dead"
                : String.format(Locale.ROOT, "unit %d, on %.0f %%", u, 100 * activity.share(u));
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

    private static String title(Model model) {
        return hasHiddenLayer(model.architecture())
                ? "Weights of the first hidden layer"
                : "Weights of the output layer";
    }

    private String subtitle(Model loaded, HiddenActivity activity, List<WeightsPicture.Unit> shown) {
        int all = loaded.architecture().units(0);
        String which = all > shown.size() ? "the first " + shown.size() + " of " + all + " units" : all + " units";
        String on = hasHiddenLayer(loaded.architecture())
                ? String.format(Locale.ROOT, "; on: of %,d rows", activity.rows())
                : "";
        return model + ", " + which + on;
    }
}
