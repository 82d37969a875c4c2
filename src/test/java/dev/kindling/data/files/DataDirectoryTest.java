package dev.kindling.data.files;

import static dev.kindling.data.files.DataFiles.failure;
import static dev.kindling.data.files.DataFiles.gzip;
import static dev.kindling.data.files.DataFiles.images;
import static dev.kindling.data.files.DataFiles.labels;
import static dev.kindling.data.files.DataFiles.open;
import static dev.kindling.data.files.DataFiles.write;
import static dev.kindling.data.files.DataFiles.zip;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.SparkTest;
import dev.kindling.data.LabelledRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataDirectoryTest {
    private static final String ROW = "1,0,255\n";

    @TempDir
    Path directory;

    private String failureIn(String where) {
        return failure(() -> DataDirectory.open(SparkTest.session(), where, Split.TRAIN, 10));
    }

    @Test
    void directoryThatIsNotThereIsRefused() {
        String missing = directory.resolve("missing").toString();
        assertThat(failureIn(missing)).isEqualTo(missing + ": found nothing there, expected a directory");
    }

    @Test
    void fileInPlaceOfTheDirectoryIsRefused() {
        write(directory, "train.csv", ROW);
        assertThat(failureIn(directory.resolve("train.csv").toString()))
                .endsWith("found a file, expected the directory it is in");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nowhere://host/data", "s3a://no-driver/data", "a:b"})
    void addressThatHadoopCannotUseIsRefused(String address) {
        assertThat(failureIn(address)).startsWith(address + ": cannot be listed: ");
    }

    @Test
    void emptyDirectoryIsRefusedWithTheNamesThatAreLookedFor() {
        assertThat(failureIn(directory.toString()))
                .startsWith(directory + ": found no train data")
                .contains("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "train.csv", "train.parquet");
        assertThat(failure(() -> DataDirectory.open(SparkTest.session(), directory.toString(), Split.TEST, 10)))
                .contains("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "test.csv", "test.parquet");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trains.csv",
                "constrain.csv",
                "train.csv.bak",
                ".train.csv",
                "_train.csv",
                "train.csv.zip",
                "test.csv"
            })
    void otherNamesAreNotTakenForTrainingData(String name) {
        write(
                directory,
                name,
                name.endsWith("zip") ? zip("other.csv", ROW, "__MACOSX/._train.csv", ROW) : ROW.getBytes(UTF_8));
        assertThat(failureIn(directory.toString())).contains("found no train data");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"train.csv", "mnist_train.csv", "fashion-mnist_train.csv", "a.train.csv", "MNIST_Train.CSV"})
    void csvIsFoundByItsName(String name) {
        write(directory, name, ROW);
        assertThat(open(directory).source()).isEqualTo(directory + "/" + name);
    }

    @Test
    void trainingAndTestDataAreToldApart() {
        write(directory, "emnist-letters-train-images-idx3-ubyte.gz", gzip(images(7)));
        write(directory, "emnist-letters-train-labels-idx1-ubyte.gz", gzip(labels(7)));
        write(directory, "emnist-letters-test-images-idx3-ubyte.gz", gzip(images(3)));
        write(directory, "emnist-letters-test-labels-idx1-ubyte.gz", gzip(labels(3)));
        assertThat(open(directory).count()).isEqualTo(7);
        assertThat(DataDirectory.open(SparkTest.session(), directory.toUri().toString(), Split.TEST, 10)
                        .count())
                .isEqualTo(3);
    }

    @Test
    void severalCandidatesAreRefusedByName() throws IOException {
        write(directory, "train-images-idx3-ubyte", images(2));
        write(directory, "train-images.idx3-ubyte.gz", gzip(images(2)));
        write(directory, "mnist_train.csv", ROW);
        Files.createDirectory(directory.resolve("train.parquet"));
        assertThat(failureIn(directory.toString()))
                .contains("found 4 candidates for the train data, expected one")
                .contains(
                        "/train-images-idx3-ubyte,",
                        "/train-images.idx3-ubyte.gz,",
                        "/mnist_train.csv,",
                        "/train.parquet;");
    }

    @Test
    void severalCandidatesInZipsAreRefusedByName() {
        write(directory, "one.zip", zip("a/train.csv", ROW, "b/train.csv", ROW, "test.csv", ROW));
        write(directory, "two.zip", zip("train.csv", ROW));
        assertThat(failureIn(directory.toString()))
                .contains("found 3 candidates for the train data, expected one")
                .contains("/one.zip!a/train.csv,", "/one.zip!b/train.csv,", "/two.zip!train.csv;");
    }

    @Test
    void aZipIsReadOnceWhateverIsLookedFor() {
        byte[] noise = new byte[1 << 20];
        new Random(1).nextBytes(noise);
        String text = new String(noise, ISO_8859_1);
        write(directory, "one.zip", zip("other.csv", text));
        FileSystem.clearStatistics();
        assertThat(failureIn(directory.toString())).contains("found no train data, only one.zip");
        long read = FileSystem.getGlobalStorageStatistics().get("file").getLong("bytesRead");
        long length = directory.resolve("one.zip").toFile().length();
        assertThat(read).isBetween(length / 2, length * 3 / 2);
    }

    @Test
    void aZipBesideTheDataIsNotLookedInto() {
        write(directory, "mnist_train.csv", ROW);
        write(directory, "backup.zip", "not a zip at all");
        assertThat(DataDirectory.open(SparkTest.session(), directory.toString(), Split.TRAIN, 10)
                        .count())
                .isEqualTo(1);
    }

    @Test
    void imagesWithoutLabelsAreRefused() {
        write(directory, "x-train-images-idx3-ubyte", images(2));
        write(directory, "y-train-labels-idx1-ubyte", labels(2));
        assertThat(failureIn(directory.toString()))
                .contains("x-train-images-idx3-ubyte: found no labels beside it, expected x-train-labels-idx1-ubyte");
    }

    @Test
    void labelsThatAreThereTwiceAreRefused() {
        write(directory, "train-images-idx3-ubyte", images(2));
        write(directory, "train-labels-idx1-ubyte", labels(2));
        write(directory, "train-labels.idx1-ubyte.gz", gzip(labels(2)));
        assertThat(failureIn(directory.toString())).contains("found 2 candidates", "train-labels.idx1-ubyte.gz");
    }

    @Test
    void ofAFileAndItsGzipTheFileIsTaken() {
        write(directory, "train-images-idx3-ubyte", images(2));
        write(directory, "train-images-idx3-ubyte.gz", "no gzip");
        write(directory, "train-labels-idx1-ubyte", labels(2));
        write(directory, "train-labels-idx1-ubyte.gz", "no gzip");
        assertThat(open(directory).source()).endsWith("/train-images-idx3-ubyte");
        assertThat(open(directory).rows().count()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"raw", "MNIST/raw"})
    void filesInPyTorchsFoldersAreFound(String folder) throws IOException {
        Path raw = Files.createDirectories(directory.resolve(folder));
        write(raw, "train-images-idx3-ubyte", images(2));
        write(raw, "train-labels-idx1-ubyte", labels(2));
        assertThat(open(directory).source()).endsWith("/" + folder + "/train-images-idx3-ubyte");
        assertThat(open(directory).rows().count()).isEqualTo(2);
        Path other = Files.createDirectories(directory.resolve("FashionMNIST/raw"));
        write(other, "train-images-idx3-ubyte", images(2));
        assertThat(failureIn(directory.toString()))
                .contains("found 2 candidates for the train data", "/FashionMNIST/raw/train-images-idx3-ubyte");
        write(directory, "train.csv", ROW);
        assertThat(open(directory).source()).endsWith("/train.csv");
    }

    @Test
    void somethingBehindTheNameIsTakenWhereThereIsNoPlainerName() {
        write(directory, "mnist_train_100.csv", ROW + ROW);
        assertThat(open(directory).count()).isEqualTo(2);
        write(directory, "train.csv", ROW);
        assertThat(open(directory).count()).isEqualTo(1);
    }

    @Test
    void directoryNamesMayHaveSpacesAndBrackets() throws IOException {
        Path odd = Files.createDirectory(directory.resolve("a [b] {c} d%20e"));
        write(odd, "train.csv", ROW);
        assertThat(open(odd).count()).isEqualTo(1);
    }

    @Test
    void fileThatVanishesBeforeItIsReadIsNamed() throws IOException {
        write(directory, "train.csv", ROW);
        LabelledRows data = open(directory);
        Files.delete(directory.resolve("train.csv"));
        assertThat(failure(() -> data.rows().count())).contains("/train.csv: cannot be opened: ");
    }
}
