package dev.kindling.cli;

import dev.kindling.Checkpoints;
import dev.kindling.error.KindlingException;
import picocli.CommandLine.Option;

/** The options that say when a run is saved on its way, and whether one goes on. */
final class CheckpointOptions {
    @Option(
            names = "--checkpoint-every",
            paramLabel = "STEPS",
            defaultValue = "0",
            description = "Save the whole state of the run every so many steps; 0 for only when the run is interrupted"
                    + " with Ctrl-C or SIGTERM. Default: ${DEFAULT-VALUE}")
    private int every;

    @Option(
            names = "--checkpoint-dir",
            paramLabel = "DIR",
            description = "Where checkpoints go. Default: beside the model, with .checkpoints after its name.")
    private String directory;

    @Option(
            names = "--checkpoints-kept",
            paramLabel = "NUMBER",
            defaultValue = "3",
            description = "How many of them stay, the newest. Default: ${DEFAULT-VALUE}")
    private int kept;

    @Option(
            names = "--resume",
            description =
                    "Go on from the newest checkpoint, to the same bits as a run that never stopped. The recipe and"
                            + " the data must be the same; the machines may differ.")
    private boolean resume;

    /**
     * What they say.
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
