package guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Network;
import dev.kindling.network.SparseRows;
import dev.kindling.onnx.OnnxInput;
import dev.kindling.onnx.OnnxWriter;
import dev.kindling.storage.Model;
import dev.kindling.storage.Provenance;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Predictions in a JVM with Kindling's jar and nothing else: what docs/library.md says of programs without Spark. */
class JarAloneIT {
    private static final Path IMAGES = Path.of("data/mnist/t10k-images-idx3-ubyte.gz");
    private static final Architecture ARCHITECTURE = Architecture.parse("784,10,10");
    private static final int HEADER = 16;
    private static final int BLOCK = 256;

    @TempDir
    private Path folder;

    private final Path out = Path.of("target");

    private List<String> run(String... options) throws IOException, InterruptedException {
        String jar = Files.readString(out.resolve("submit.built")).strip().split(" ", 2)[1];
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", out.resolve(jar).toString(), "src/test/resources/JarAlone.java"));
        command.addAll(List.of(folder.resolve("model.onnx").toString(), IMAGES.toString()));
        Path errors = folder.resolve("errors");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        assertThat(Files.readString(errors).lines()) // of the JVM and its compiler
                .allMatch(line -> line.matches("(?i)warning: using incubat.*|1 warning"));
        return printed.lines().toList();
    }

    /** One row and many, floats and doubles: all have the bits that training's own kernels give a block. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--add-modules=jdk.incubator.vector",
                "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED",
                "-Dno.option=1"
            })
    void theTestImagesHaveTheSameProbabilitiesWithAndWithoutTheVectorApi(String option)
            throws IOException, InterruptedException, GeneralSecurityException {
        float[] parameters = Initialisation.HE.draw(ARCHITECTURE, 1);
        Model model = new Model(ARCHITECTURE, parameters, Provenance.imported("", ""));
        try (OutputStream file = Files.newOutputStream(folder.resolve("model.onnx"))) {
            OnnxWriter.write(model, OnnxInput.of(model), file);
        }
        String expected = digestOfBlocks(parameters);
        assertThat(run(option)).containsExactly(expected, expected, expected, expected, "garbage 0");
    }

    private static String digestOfBlocks(float[] parameters) throws IOException, GeneralSecurityException {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        Network network = new Network(ARCHITECTURE, parameters, BLOCK);
        try (InputStream in = new GZIPInputStream(Files.newInputStream(IMAGES))) {
            in.skipNBytes(HEADER);
            byte[] images = in.readNBytes(BLOCK * ARCHITECTURE.inputs());
            for (; images.length > 0; images = in.readNBytes(BLOCK * ARCHITECTURE.inputs())) {
                SparseRows rows = new SparseRows(ARCHITECTURE.inputs());
                float[] row = new float[ARCHITECTURE.inputs()];
                for (int at = 0; at < images.length; at += row.length) {
                    for (int k = 0; k < row.length; k++) {
                        row[k] = (images[at + k] & 0xff) / 255f;
                    }
                    rows.add(0, row);
                }
                float[] probabilities = network.predict(new Block(rows));
                ByteBuffer bytes = ByteBuffer.allocate(probabilities.length * Float.BYTES);
                bytes.asFloatBuffer().put(probabilities);
                sha.update(bytes);
            }
        }
        return HexFormat.of().formatHex(sha.digest());
    }
}
