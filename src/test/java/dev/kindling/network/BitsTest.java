package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ludovic.netlib.blas.BLAS;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bits do not depend on the Vector API, the width of vectors, or the JDK. */
@Tag("slow")
class BitsTest {
    private static final Path THIS_JDK = Path.of(System.getProperty("java.home"));
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";
    /** As submit.sh starts the driver. */
    private static final String VECTORS_LATER = "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED";

    private static String plainDigest;

    /** What {@link Bits} prints in a JVM of its own: the kernels, and the digest. */
    private static String[] run(Path jdk, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(jdk.resolve("bin/java").toString(), "-cp", classPath()));
        command.addAll(List.of(options));
        command.add(Bits.class.getName());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD) // warns of the incubator module
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out.strip().split(": (?=\\p{XDigit}{64})");
    }

    private static String classPath() {
        return Stream.of(Network.class, Bits.class, BLAS.class)
                .map(type -> {
                    try {
                        return Path.of(type.getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toURI())
                                .toString();
                    } catch (URISyntaxException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .distinct()
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElseThrow();
    }

    @BeforeAll
    static void computeInPlainJava() throws IOException, InterruptedException {
        String[] plain = run(THIS_JDK);
        assertThat(plain[0]).contains("plain Java");
        plainDigest = plain[1];
    }

    @ParameterizedTest
    @CsvSource({
        "-Dkindling.kernels=java,     plain Java",
        "-XX:MaxVectorSize=64,        512 bits",
        "-XX:MaxVectorSize=32,        256 bits",
        "-XX:MaxVectorSize=16,        128 bits"
    })
    void theSameWithAndWithoutTheVectorApiAndForAnyWidth(String option, String kernels)
            throws IOException, InterruptedException {
        String[] found = run(THIS_JDK, VECTORS, option);
        assertThat(run(THIS_JDK, VECTORS_LATER, option)).isEqualTo(found);
        assumeTrue(
                !option.contains("MaxVectorSize") || found[0].contains(kernels),
                "this processor has no vectors of " + kernels);
        assertThat(found[0]).contains(kernels);
        assertThat(found[1]).isEqualTo(plainDigest);
    }

    /** One given by -Dkindling.secondJdk, or of another version beside this one. */
    @Test
    void theSameOnASecondJdk() throws IOException, InterruptedException {
        Path second = secondJdk();
        assumeTrue(second != null, "no second JDK beside " + THIS_JDK + "; give one with -Dkindling.secondJdk=DIR");
        assertThat(run(second)[1]).isEqualTo(plainDigest);
        assertThat(run(second, VECTORS)[1]).isEqualTo(plainDigest);
        assertThat(run(second, VECTORS_LATER)).isEqualTo(run(second, VECTORS));
    }

    private static Path secondJdk() throws IOException {
        String given = System.getProperty("kindling.secondJdk");
        if (given != null) {
            return Path.of(given);
        }
        try (Stream<Path> beside = Files.list(THIS_JDK.resolve(".."))) {
            return beside.filter(jdk -> Files.isExecutable(jdk.resolve("bin/java")))
                    .filter(jdk -> feature(jdk) > Runtime.version().feature())
                    .findFirst()
                    .orElse(null);
        }
    }

    /** The version a JDK says in its release file, or 0. */
    private static int feature(Path jdk) {
        try (Stream<String> lines = Files.lines(jdk.resolve("release"))) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.replaceAll("\\D*(\\d+).*", "$1"))
                    .mapToInt(Integer::parseInt)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
