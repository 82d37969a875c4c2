package dev.kindling.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A loopback of its own for some processes, which can be made slow without harm to others. The system takes it away with the
 * last process in it, and the one that holds it ends with this JVM. Only root may have one.
 */
final class OwnNetwork {
    private final Process holder;
    private final List<String> prefix;
    private final boolean canBeSlow;

    OwnNetwork() throws IOException, InterruptedException {
        holder = new ProcessBuilder("sh", "-c", "exec unshare --net sh -c 'ip link set lo up && echo up && exec cat'")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean isUp = "up".equals(holder.inputReader(StandardCharsets.UTF_8).readLine());
        prefix = isUp ? List.of("nsenter", "--net=/proc/" + holder.pid() + "/ns/net") : List.of();
        canBeSlow = slow();
        fast();
    }

    /** What runs the command after it in this network: nothing, where the machine does not allow one. */
    List<String> prefix() {
        return prefix;
    }

    boolean canBeSlow() {
        return canBeSlow;
    }

    /**
     * Delays what is sent; where the system has no delay, it sends little at a time.
     *
     * @return false where it has neither
     */
    boolean slow() throws InterruptedException {
        return !prefix.isEmpty()
                && (trafficControl("replace", "netem", "delay", "20ms")
                        || trafficControl("replace", "tbf", "rate", "20mbit", "burst", "128kb", "latency", "2s"));
    }

    /** Sends at once again. */
    void fast() throws InterruptedException {
        if (!prefix.isEmpty()) {
            trafficControl("delete");
        }
    }

    private boolean trafficControl(String what, String... how) throws InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of("tc", "qdisc", what, "dev", "lo", "root"));
        command.addAll(List.of(how));
        return Commands.succeed(command.toArray(String[]::new));
    }

    /** Takes it away. */
    void end() {
        holder.destroyForcibly();
    }
}
