package dev.kindling.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.status.ElementTrackingStore;
import org.apache.spark.util.JsonProtocol;
import org.apache.spark.util.kvstore.InMemoryStore;
import org.apache.spark.util.kvstore.KVStoreSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.Option;

/** From events, as Spark's event log holds them, to what is shown. */
class TrainingEventsTest {
    private static final String LAYERS = "4,3,2";

    private ElementTrackingStore store;
    private TrainingListener listener;
    private TrainingRuns runs;

    @BeforeEach
    void listen() {
        store = new ElementTrackingStore(new InMemoryStore(), new SparkConf(false));
        listener = new TrainingListener(store, 0);
        runs = new TrainingRuns(store);
    }

    private static SparkListenerEvent throughTheEventLog(SparkListenerEvent event) {
        return JsonProtocol.sparkEventFromJson(JsonProtocol.sparkEventToJsonString(event));
    }

    private void hear(SparkListenerEvent... events) {
        for (SparkListenerEvent event : events) {
            listener.onOtherEvent(throughTheEventLog(event));
        }
    }

    @Test
    void eventsComeBackFromTheEventLogAsTheyWere() {
        for (SparkListenerEvent event : List.of(
                Runs.started(3, "name", LAYERS, 7),
                Runs.step(3, 2, Double.NaN),
                Runs.step(3, 3, 0.25),
                new TrainingEnded(3, TrainingRun.FINISHED, ""))) {
            assertThat(throughTheEventLog(event)).isEqualTo(event);
        }
        TrainingState state = Runs.state(3, 4, LAYERS, 2, 2);
        assertThat(throughTheEventLog(state)).usingRecursiveComparison().isEqualTo(state);
        assertThat(state.logEvent()).isTrue();
    }

    /** As event logs of version 0.1.0 have it: they are shown as long as this holds. */
    @Test
    void aStepInAnEventLogIsOneFlatObject() {
        String json = "{\"Event\":\"dev.kindling.ui.TrainingStep\",\"run\":1,\"step\":2,\"loss\":1.0,\"accuracy\":0.5,"
                + "\"validationLoss\":\"NaN\",\"validationAccuracy\":\"NaN\",\"learningRate\":0.1,\"rows\":256,"
                + "\"seconds\":1.0,\"gradientNorms\":[0.3,0.4],\"deadUnits\":[1],\"gradientSeconds\":0.002,"
                + "\"waitingSeconds\":5.0E-4,\"sparkSeconds\":0.004,\"validationSeconds\":0.0,\"driverSeconds\":0.001}";
        TrainingStep step = Runs.step(1, 2, Double.NaN);
        assertThat(JsonProtocol.sparkEventFromJson(json)).isEqualTo(step);
        assertThat(JsonProtocol.sparkEventToJsonString(step)).isEqualTo(json);
    }

    /** Where a History Server has a disk for what it has replayed. */
    @Test
    void aRunComesBackFromTheDiskOfAHistoryServerAsItWas() throws Exception {
        TrainingState state = Runs.state(1, 2, LAYERS, 2, 2);
        TrainingRun run = Runs.run(Runs.started(1, "name", LAYERS, 7), 6, state, TrainingRun.FINISHED, "");
        KVStoreSerializer disk = new KVStoreSerializer();
        TrainingRun back = disk.deserialize(disk.serialize(run), TrainingRun.class);
        assertThat(back.steps()).isEqualTo(run.steps());
        assertThat(back.recent()).isEqualTo(run.recent());
        assertThat(back.cost()).isEqualTo(run.cost());
    }

    @Test
    void whatAnotherVersionAddsToAnEventIsPassedOver() {
        String json = JsonProtocol.sparkEventToJsonString(Runs.step(1, 1, 0.5));
        String more = json.substring(0, json.length() - 1) + ",\"new\":{\"a\":1}}";
        assertThat(JsonProtocol.sparkEventFromJson(more)).isEqualTo(Runs.step(1, 1, 0.5));
    }

    @Test
    void aRunIsWhatItsEventsSay() {
        TrainingState state = Runs.state(1, 2, LAYERS, 2, 2);
        hear(Runs.started(1, "name", LAYERS, 2), Runs.step(1, 1, Double.NaN), Runs.step(1, 2, 0.3), state);
        hear(new TrainingEnded(1, TrainingRun.FINISHED, ""));
        TrainingRun run = runs.find(1).orElseThrow();
        assertThat(run.started().name()).isEqualTo("name");
        assertThat(run.steps()).extracting(step -> step.shown().step()).containsExactly(1, 2);
        assertThat(run.evaluations()).extracting(step -> step.shown().step()).containsExactly(2);
        assertThat(run.recent())
                .extracting(recent -> recent.step().shown().step())
                .containsExactly(2, 1);
        assertThat(run.cost().gradient()).isEqualTo(0.004);
        assertThat(run.state().parameters()).isEqualTo(state.parameters());
        assertThat(run.status()).isEqualTo(TrainingRun.FINISHED);
    }

    @Test
    void eventsOfARunThatNobodyKnowsAreLeftAlone() {
        hear(Runs.step(9, 1, 0.5), Runs.state(9, 1, LAYERS, 1, 2), new TrainingEnded(9, TrainingRun.FINISHED, ""));
        assertThat(runs.all()).isEmpty();
    }

    @Test
    void aRunWithoutAnEndIsInterruptedByThatOfTheApplication() {
        hear(Runs.started(1, "name", LAYERS, 2), Runs.step(1, 1, Double.NaN));
        listener.onApplicationEnd(new SparkListenerApplicationEnd(1, Option.empty()));
        assertThat(runs.find(1).orElseThrow().status()).isEqualTo(TrainingRun.INTERRUPTED);
    }

    @Test
    void theOldestRunsGoWhenThereAreTooMany() {
        for (int run = 1; run <= TrainingListener.MOST_RUNS + 5; run++) {
            hear(Runs.started(run, "name", LAYERS, 2));
        }
        assertThat(runs.all()).hasSize(TrainingListener.MOST_RUNS);
        assertThat(runs.find(5)).isEmpty();
        assertThat(runs.find(6)).isPresent();
    }

    @Test
    void aHistoryServerWritesAllWhenItHasReplayedTheLog() {
        TrainingListener replaying = (TrainingListener) new TrainingHistory()
                .createListeners(new SparkConf(false), store)
                .head();
        replaying.onOtherEvent(Runs.started(1, "name", LAYERS, 2));
        replaying.onOtherEvent(Runs.step(1, 1, Double.NaN));
        replaying.onOtherEvent(Runs.step(1, 2, Double.NaN));
        assertThat(runs.find(1).orElseThrow().steps()).isEmpty();
        store.close(false);
        assertThat(runs.find(1).orElseThrow().steps()).hasSize(2);
    }

    @Test
    void theBestRunIsTheOneWithTheSmallestLossOfThoseThatGoOn() {
        hear(Runs.started(1, "a", LAYERS, 9), Runs.started(2, "b", LAYERS, 9));
        hear(Runs.step(1, 5, Double.NaN), Runs.step(2, 4, Double.NaN)); // losses of 0.4 and 0.5
        assertThat(listener.best().orElseThrow().run()).isEqualTo(1);
        hear(new TrainingEnded(1, TrainingRun.DIVERGED, "why"));
        assertThat(listener.best().orElseThrow().run()).isEqualTo(2);
    }
}
