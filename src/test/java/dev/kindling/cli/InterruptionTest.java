package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.hadoop.util.ShutdownHookManager;
import org.junit.jupiter.api.Test;

/** In a JVM that goes on; how a run is saved as its JVM ends is in {@link SubmitIT}. */
class InterruptionTest {
    @Test
    void aRunThatEndsLeavesNoHookInAJvmThatGoesOn() {
        Interruption interruption = new Interruption();
        assertThat(ShutdownHookManager.get().hasShutdownHook(interruption.hook)).isTrue();
        interruption.hold();
        interruption.close();
        assertThat(ShutdownHookManager.get().hasShutdownHook(interruption.hook)).isFalse();
        assertThat(interruption.isRequested()).isFalse();
    }

    @Test
    void anInterruptionThatComesWhileNothingIsHeldDoesNotWait() {
        try (Interruption interruption = new Interruption()) {
            interruption.hook.run();
            assertThat(interruption.isRequested()).isFalse();
        }
    }
}
