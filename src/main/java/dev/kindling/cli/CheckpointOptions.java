package dev.kindling.cli;

import dev.kindling.Checkpoints;
import dev.kindling.error.KindlingException;
import picocli.CommandLine.Option;

/** The options that say when a run is saved before its end, and whether a saved run is resumed. */
final class CheckpointOptions {
    @Option(
            names = "--checkpoint-every",
            paramLabel = "STEPS",
            defaultValue = "0",
            description = "The number of steps from one checkpoint of the run to the next. With 0 the run is saved"
                    + " only when Ctrl-C or SIGTERM interrupts it. Default: ${DEFAULT-VALUE}")
    private int every;

    @Option(
            names = "--checkpoint-dir",
            paramLabel = "DIR",
            description = "Where checkpoints go. Default: the path of the model with .checkpoints after it.")
    private String directory;

    @Option(
            names = "--checkpoints-kept",
            paramLabel = "NUMBER",
            defaultValue = "3",
            description = "How many checkpoints to keep: the newest ones. Default: ${DEFAULT-VALUE}")
    private int kept;

    @Option(
            names = "--resume",
            description = "Go on from the newest checkpoint. The result has the same bits as that of a run that never"
                    + " stopped. The recipe and the data must be the same; the machines may differ.")
    private boolean resume;

    /**
     * The policy that the options give.
     *
     * @param model where the model goes
     * @param overwrite whether checkpoints of another run may be replaced
     * @throws KindlingException naming the option that is out of range
     */
    Checkpoints.Policy policy(String model, boolean overwrite) {
        String place = directory != null ? directory : model.replaceAll("/+$", "") + ".checkpoints";
        return new Checkpoints.Policy(place, every, kept, resume, overwrite);
    }
}
