package dev.kindling.ui;

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
                        TrainingStep::step,
                        step -> step.gradientNorms().get(l)))
                .toList();
        List<LineChart.Line> costs = List.of(
                line("gradient", steps, TrainingStep::step, step -> 1e3 * step.gradientSeconds()),
                line("Spark", steps, TrainingStep::step, step -> 1e3 * step.sparkSeconds()),
                line("driver", steps, TrainingStep::step, step -> 1e3 * step.driverSeconds()));
        return Html.of(
                "%s%s%s%s",
                lossAndAccuracy("step", TrainingStep::step),
                new LineChart("Norm of the gradient", "step", true, norms).html(),
                lossAndAccuracy("seconds", TrainingStep::seconds),
                new LineChart("Milliseconds", "step", true, costs).html());
    }

    private Html lossAndAccuracy(String x, ToDoubleFunction<TrainingStep> place) {
        return Html.of(
                "%s%s",
                new LineChart("Loss", x, true, pair(place, TrainingStep::loss, TrainingStep::validationLoss)).html(),
                new LineChart(
                                "Accuracy",
                                x,
                                false,
                                pair(place, TrainingStep::accuracy, TrainingStep::validationAccuracy))
                        .html());
    }

    private List<LineChart.Line> pair(
            ToDoubleFunction<TrainingStep> x,
            ToDoubleFunction<TrainingStep> training,
            ToDoubleFunction<TrainingStep> validation) {
        List<LineChart.Line> lines = new ArrayList<>();
        lines.add(line("training", run.steps(), x, training));
        if (!run.evaluations().isEmpty()) {
            lines.add(line("validation", run.evaluations(), x, validation));
        }
        return lines;
    }

    private static LineChart.Line line(
            String name, List<TrainingStep> steps, ToDoubleFunction<TrainingStep> x, ToDoubleFunction<TrainingStep> y) {
        return new LineChart.Line(
                name,
                steps.stream().mapToDouble(x).toArray(),
                steps.stream().mapToDouble(y).toArray());
    }
}
