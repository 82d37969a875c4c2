package dev.kindling.cli;

import dev.kindling.plot.CurvesPicture;
import dev.kindling.plot.CurvesPicture.Chart;
import dev.kindling.plot.CurvesPicture.Curve;
import dev.kindling.storage.HistoryRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The history of a run as curves: loss and accuracy, of the steps' rows and of those held out. */
final class LearningCurve {
    private LearningCurve() {}

    /**
     * Draws a history.
     *
     * @param history at least one step
     */
    static CurvesPicture of(String model, List<HistoryRow> history) {
        List<HistoryRow> validated =
                history.stream().filter(HistoryRow::isValidated).toList();
        String what = validated.isEmpty()
                ? "each step's rows, before the step"
                : "training: each step's rows, before the step; validation: rows held out, after it";
        boolean hasClasses = !Double.isNaN(history.get(0).accuracy());
        Chart loss = chart(
                hasClasses ? "loss (nats)" : "loss (half the squared error)",
                history,
                HistoryRow::loss,
                validated,
                HistoryRow::validationLoss);
        return new CurvesPicture(
                "Learning curve of " + model,
                what,
                hasClasses
                        ? List.of(
                                loss,
                                chart(
                                        "accuracy",
                                        history,
                                        HistoryRow::accuracy,
                                        validated,
                                        HistoryRow::validationAccuracy))
                        : List.of(loss));
    }

    private static Chart chart(
            String quantity,
            List<HistoryRow> history,
            ToDoubleFunction<HistoryRow> training,
            List<HistoryRow> validated,
            ToDoubleFunction<HistoryRow> validation) {
        List<Curve> curves = new ArrayList<>(List.of(curve("training", history, training)));
        if (!validated.isEmpty()) {
            curves.add(curve("validation", validated, validation));
        }
        return new Chart(quantity, curves);
    }

    private static Curve curve(String name, List<HistoryRow> rows, ToDoubleFunction<HistoryRow> value) {
        return new Curve(
                name,
                rows.stream().mapToDouble(HistoryRow::step).toArray(),
                rows.stream().mapToDouble(value).toArray());
    }
}
