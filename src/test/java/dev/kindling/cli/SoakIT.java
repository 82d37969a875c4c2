package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Run after run on one cluster, and in each something goes wrong after every tenth of its steps, for as long as {@code
 * -Dsoak.minutes} says. {@code -Dsoak.seed} has the same things go wrong again in the same order.
 */
@EnabledOnOs(OS.LINUX)
class SoakIT {
    private static final int MINUTES = Integer.getInteger("soak.minutes", 3);
    private static final int SEED =
            Integer.getInteger("soak.seed", ThreadLocalRandom.current().nextInt(1_000_000));

    @TempDir
    private Path temporary;

    private final Map<SoakFault, Integer> counts = new EnumMap<>(SoakFault.class);

    @Test
    void whateverHappensTheDigestIsRightMemoryIsFlatAndNothingIsLeft() throws Exception {
        System.out.printf("soak: %d minutes, seed %d%n", MINUTES, SEED);
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
        Random random = new Random(SEED);
        String undisturbed = Submission.undisturbed(String.valueOf(SoakRun.STEPS), temporary.resolve("undisturbed"))
                .result()
                .digest();
        SoakSite site = new SoakSite(temporary);
        try {
            List<SoakFault> harmless = SoakFault.thatNoProcessEndsOf(site);
            List<SoakFault> deadly = SoakFault.thatAProcessEndsOf(site);
            Deck<SoakFault> first = new Deck<>(harmless, random);
            Deck<SoakFault> second = new Deck<>(deadly, random);
            int runs = 0;
            do {
                // Only what lives long can show that it needs no more than in the beginning.
                SoakRun living = new SoakRun(site, ++runs, random);
                while (living.reachesAnotherTenth()) {
                    living.measureMemory();
                    happen(first.draw(), living);
                }
                assertThat(living.digest()).isEqualTo(undisturbed);
                living.memoryIsFlat();
                living.leavesAModelWithCheckpointsAndNoOtherFile();

                SoakRun dying = new SoakRun(site, ++runs, random);
                while (dying.reachesAnotherTenth()) {
                    happen(second.draw(), dying);
                }
                assertThat(dying.digest()).isEqualTo(undisturbed);
                dying.leavesAModelWithCheckpointsAndNoOtherFile();
            } while (System.nanoTime() < end);
            System.out.printf("soak: %d runs; %s%n", runs, counts);
            assertThat(counts).containsKeys(harmless.toArray(SoakFault[]::new));
            assertThat(counts).containsKeys(deadly.toArray(SoakFault[]::new));
        } finally {
            site.end();
        }
    }

    private void happen(SoakFault fault, SoakRun run) throws Exception {
        System.out.printf("soak: %s%n", fault);
        counts.merge(fault, 1, Integer::sum);
        fault.happen(run);
    }
}
