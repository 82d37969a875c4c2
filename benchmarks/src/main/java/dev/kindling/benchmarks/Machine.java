package dev.kindling.benchmarks;

import dev.kindling.network.Blas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/** What the figures were measured on, and with. */
final class Machine {
    private Machine() {}

    static List<String> describe(Bench bench) {
        return List.of(
                LocalDate.now() + ", " + Runtime.getRuntime().availableProcessors() + " cores " + cpu(),
                System.getProperty("os.name") + ", " + System.getProperty("java.vm.name") + " " + Runtime.version(),
                "Spark " + bench.spark().version() + " on "
                        + bench.spark().sparkContext().master() + "; Kindling and MLlib without a native BLAS: "
                        + Blas.description(),
                bench.numpy().map(Peer::description).orElse("no NumPy"),
                bench.nativeBlas().map(Peer::description).orElse("no OpenBLAS"));
    }

    private static String cpu() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
