package dev.kindling.cli;

import java.io.IOException;

/** Commands of the system that only some machines have, and let us run: root may, in most containers too. */
final class Commands {
    private Commands() {}

    /** Whether this one was run and had success. */
    static boolean succeed(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // it is not there
        }
    }
}
