package dev.kindling.storage;

import dev.kindling.network.Blas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The software and the processor that a model was made with.
 *
 * @param kindling the version of Kindling
 * @param spark the version of Spark
 * @param jvm the Java virtual machine and its version
 * @param blas what computed the products; empty for parameters that another program made
 * @param cpu the driver's kind of processor; empty for such parameters, and for models of versions before 0.2.0
 */
public record Environment(String kindling, String spark, String jvm, String blas, String cpu) {
    /**
     * This process, which trains.
     *
     * @param spark the version of Spark
     */
    public static Environment here(String spark) {
        return new Environment(
                Version.kindling(), spark, jvmHere(), Blas.description() + " " + Version.netlib(), cpuHere());
    }

    /** This process, which takes over parameters that another program made. */
    static Environment ofImport(String spark) {
        return new Environment(Version.kindling(), spark, jvmHere(), "", "");
    }

    private static String jvmHere() {
        return System.getProperty("java.vm.name") + " " + Runtime.version();
    }

    /** The architecture and, on Linux, the model: "amd64, AMD EPYC 7763 64-Core Processor". */
    private static String cpuHere() {
        String architecture = System.getProperty("os.arch");
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> architecture + ", "
                            + line.substring(line.indexOf(':') + 1).strip())
                    .orElse(architecture);
        } catch (IOException e) {
            return architecture;
        }
    }
}
