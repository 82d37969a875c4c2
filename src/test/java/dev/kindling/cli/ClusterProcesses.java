package dev.kindling.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * All processes of a cluster: whoever started them, they have a mark in their environment (in /proc, so on Linux only). None
 * outlives this JVM.
 */
final class ClusterProcesses {
    private static final long PATIENCE_SECONDS = 120;

    private final String mark;
    private final Thread onExit = new Thread(() -> all().forEach(ProcessHandle::destroyForcibly));

    ClusterProcesses(String mark) {
        this.mark = mark;
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    /** Those that live. */
    Stream<ProcessHandle> all() {
        return ProcessHandle.allProcesses()
                .filter(process -> read(process, "environ").contains(mark));
    }

    /** Those that live and are JVMs with a word in their command. */
    List<ProcessHandle> running(String word) {
        return all().filter(process -> process.info().command().orElse("").endsWith("/java"))
                .filter(process -> read(process, "cmdline").contains(word))
                .toList();
    }

    private static String read(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // it has ended, or is another user's
        }
    }

    /** Waits until no others are there. */
    void awaitOnly(Stream<Process> own) throws InterruptedException, ExecutionException {
        List<Long> ids = own.map(Process::pid).toList();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (List<ProcessHandle> others = others(ids); !others.isEmpty(); others = others(ids)) {
            ProcessHandle other = others.get(0);
            try {
                other.onExit().get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                throw new AssertionError("stayed behind: " + other.info(), e);
            }
        }
    }

    private List<ProcessHandle> others(List<Long> own) {
        return all().filter(process -> !own.contains(process.pid())).toList();
    }

    /** Ends all of them, and makes sure of it. */
    void end() throws InterruptedException, ExecutionException, TimeoutException {
        Runtime.getRuntime().removeShutdownHook(onExit);
        // One that is killed may just have started another.
        for (List<ProcessHandle> left = all().toList(); !left.isEmpty(); left = all().toList()) {
            left.forEach(ProcessHandle::destroyForcibly);
            for (ProcessHandle process : left) {
                process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        }
    }
}
