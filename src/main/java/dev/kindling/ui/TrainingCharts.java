package dev.kindling.ui;

import dev.kindling.storage.HistoryRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The charts of a run: loss and accuracy by step and by time, the norms of the gradient, and where each step's time goes.
 *
 * @param run with one step or more
 */
record TrainingCharts(TrainingRun run) {
    /** All of them, side by side or one below the other as there is room. */
    Html html() {
        List<TrainingStep> steps = run.steps();
        List<LineChart.Line> norms = IntStream.range(
                        0, run.last().gradientNorms().size())
                .mapToObj(l -> line(
                        "layer " + (l + 1),
                        steps,
                        HistoryRow::step,
                        step -> step.shown().gradientNorms().get(l)))
                .toList();
        List<LineChart.Line> costs = List.of(
                line(
                        "gradient",
                        steps,
                        HistoryRow::step,
                        step -> 1e3 * step.cost().gradient()),
                line(
                        "messages",
                        steps,
                        HistoryRow::step,
                        step -> 1e3 * step.cost().spark()),
                line(
                        "driver",
                        steps,
                        HistoryRow::step,
                        step -> 1e3 * step.cost().driver()));
        return Html.of(
                "%s%s%s%s",
                lossAndAccuracy("step", HistoryRow::step),
                new LineChart("Norm of the gradient", "step", true, norms).html(),
                lossAndAccuracy("seconds", HistoryRow::seconds),
                new LineChart("Milliseconds", "step", true, costs).html());
    }

    private Html lossAndAccuracy(String x, ToDoubleFunction<HistoryRow> place) {
        return Html.of(
                "%s%s",
                new LineChart("Loss", x, true, pair(place, HistoryRow::loss, HistoryRow::validationLoss)).html(),
                new LineChart("Accuracy", x, false, pair(place, HistoryRow::accuracy, HistoryRow::validationAccuracy))
                        .html());
    }

    private List<LineChart.Line> pair(
            ToDoubleFunction<HistoryRow> x,
            ToDoubleFunction<HistoryRow> training,
            ToDoubleFunction<HistoryRow> validation) {
        List<LineChart.Line> lines = new ArrayList<>();
        lines.add(line("training", run.steps(), x, step -> training.applyAsDouble(step.shown())));
        if (!run.evaluations().isEmpty()) {
            lines.add(line("validation", run.evaluations(), x, step -> validation.applyAsDouble(step.shown())));
        }
        return lines;
    }

    private static LineChart.Line line(
            String name, List<TrainingStep> steps, ToDoubleFunction<HistoryRow> x, ToDoubleFunction<TrainingStep> y) {
        return new LineChart.Line(
                name,
                steps.stream().map(TrainingStep::shown).mapToDouble(x).toArray(),
                steps.stream().mapToDouble(y).toArray());
    }
}
