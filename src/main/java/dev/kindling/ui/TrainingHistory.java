package dev.kindling.ui;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.status.AppHistoryServerPlugin;
import org.apache.spark.status.ElementTrackingStore;
import org.apache.spark.ui.SparkUI;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** The Training tab in a History Server, which finds this class by its name in META-INF/services. */
public final class TrainingHistory implements AppHistoryServerPlugin {
    /** Steps are not shown while an event log is replayed: what there is at its end is written then. */
    private static final long AT_THE_END = Long.MAX_VALUE / 1_000_000;

    @Override
    public Seq<SparkListener> createListeners(SparkConf conf, ElementTrackingStore store) {
        return CollectionConverters.asScala(List.<SparkListener>of(new TrainingListener(store, AT_THE_END)))
                .toSeq();
    }

    /** Adds the tab to an application that trained. */
    @Override
    public void setupUI(SparkUI ui) {
        TrainingRuns runs = new TrainingRuns(ui.store().store());
        if (!runs.all().isEmpty()) {
            TrainingTab.attach(ui, runs);
        }
    }
}
