package dev.kindling.ui;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.status.ElementTrackingStore;

/**
 * The Training tab and the metrics of training, in a driver. The commands that train switch it on; other applications do so
 * with {@code spark.plugins=dev.kindling.ui.TrainingPlugin}.
 */
public final class TrainingPlugin implements SparkPlugin {
    @Override
    public DriverPlugin driverPlugin() {
        return new Driver();
    }

    /** None: executors have nothing to show. */
    @Override
    public ExecutorPlugin executorPlugin() {
        return null;
    }

    private static final class Driver implements DriverPlugin {
        private TrainingListener listener;

        @Override
        public Map<String, String> init(SparkContext context, PluginContext plugin) {
            ElementTrackingStore store =
                    (ElementTrackingStore) context.statusStore().store();
            long writeMillis = Math.max(0, context.conf().getTimeAsMs("spark.ui.liveUpdate.period", "100ms"));
            listener = new TrainingListener(store, writeMillis);
            context.listenerBus().addToStatusQueue(listener);
            if (context.ui().isDefined()) {
                TrainingTab.attach(context.ui().get(), new TrainingRuns(store));
            }
            return Map.of();
        }

        /** The names are documented in docs/training-tab.md. Of runs side by side it is the one with the smallest loss. */
        @Override
        public void registerMetrics(String application, PluginContext plugin) {
            MetricRegistry metrics = plugin.metricRegistry();
            register(metrics, "loss", step -> step.shown().loss());
            register(metrics, "accuracy", step -> step.shown().accuracy());
            register(metrics, "step", step -> step.shown().step());
            register(metrics, "gradientNorm", TrainingStep::gradientNorm);
            register(metrics, "deadUnits", TrainingStep::allDeadUnits);
            register(metrics, "rowsPerSecond", step -> listener.rowsPerSecond(step.run()));
        }

        private void register(MetricRegistry metrics, String name, ToDoubleFunction<TrainingStep> value) {
            Gauge<Double> gauge = () -> {
                Optional<TrainingStep> step = listener.best();
                return step.isPresent() ? value.applyAsDouble(step.get()) : Double.NaN;
            };
            metrics.register(name, gauge);
        }
    }
}
