package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a JVM has on its heap after a full collection, all in all and by class. */
record HeapUse(Map<String, Long> bytesByClass) {
    /** Asks a JVM, which collects for it. */
    static HeapUse of(ProcessHandle process) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String out = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jcmd.waitFor()).as(out).isZero();
        return parse(out);
    }

    /** Lines such as {@code 1:  12345  678900  [B (java.base@17)}: rank, objects, bytes, class. */
    private static HeapUse parse(String histogram) {
        return new HeapUse(histogram
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length >= 4 && words[0].matches("\\d+:"))
                .collect(Collectors.toMap(words -> words[3], words -> Long.parseLong(words[2]), Long::sum)));
    }

    long bytes() {
        return bytesByClass.values().stream().mapToLong(Long::longValue).sum();
    }

    double megabytes() {
        return bytes() / 1e6;
    }

    /** The classes that take most more than before, for whoever looks for a leak. */
    String grownSince(HeapUse before) {
        Map<String, Long> grown = new HashMap<>();
        bytesByClass.forEach((name, bytes) -> grown.put(name, bytes - before.bytesByClass.getOrDefault(name, 0L)));
        List<Map.Entry<String, Long>> most = grown.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(10)
                .toList();
        return most.stream()
                .map(entry -> String.format(Locale.ROOT, "%n%,15d bytes more: %s", entry.getValue(), entry.getKey()))
                .collect(Collectors.joining());
    }
}
