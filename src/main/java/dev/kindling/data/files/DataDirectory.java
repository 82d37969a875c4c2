package dev.kindling.data.files;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.data.LabelledRows;
import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Finds a data set in a directory by the names of its files, in one of three formats.
 *
 * <ul>
 *   <li>IDX, as MNIST comes: {@code train-images-idx3-ubyte} and {@code train-labels-idx1-ubyte}, for the test set
 *       {@code t10k-} or {@code test-}, plain or {@code .gz}; labels may be integers too ({@code idx1-int}), or the first of
 *       several in a row ({@code idx2-int}), as in QMNIST;
 *   <li>CSV, a column for the label, which the header names or which is the first, and one for each pixel: {@code train.csv} and {@code test.csv}, plain, {@code .gz} or in a
 *       {@code .zip}, or a folder of such files, as Spark writes it;
 *   <li>Parquet with the columns {@code label} and {@code features}: {@code train.parquet} and {@code test.parquet},
 *       files or folders.
 * </ul>
 *
 * <p>Something may stand before each name, ending with a dash, an underscore or a dot, as in {@code mnist_train.csv}. Of a file
 * and its {@code .gz} the former is taken. Where there is no such name, something may stand behind it too, as in
 * {@code mnist_train_100.csv}, and the files may lie in {@code raw} or {@code MNIST/raw} below, as PyTorch puts them.
 */
public final class DataDirectory {
    private static final int SHOWN_FILES = 5;
    /** The folder of PyTorch's data sets that has the files as they were downloaded. */
    private static final String RAW = "raw";

    private static final String IDX_IMAGES = "-images[-.]idx3-ubyte(\\.gz)?";
    private static final String GZIP = ".gz";
    /** A table. */
    private static final String CSV = "\\.csv(\\.gz)?";
    /** What may stand between the split's word and the ending of a table. */
    private static final String MORE = "(?:[-_.].+)?";
    /** A folder that Spark has written. */
    private static final Pattern TABLE = Pattern.compile(".*\\.(csv|parquet)");

    private final SparkSession spark;
    private final Configuration conf;
    private final String directory;
    private final Split split;
    private final int classes;
    private final Optional<String> label;
    private final List<DataFile> files;
    /** What zips have of a name that may be wanted; null until they are looked into. */
    private List<DataFile> zipped;

    private DataDirectory(SparkSession spark, String directory, Split split, int classes, Optional<String> label) {
        this.spark = spark;
        this.conf = spark.sparkContext().hadoopConfiguration();
        this.directory = directory;
        this.split = split;
        this.classes = classes;
        this.label = label;
        this.files = list(directory, conf);
    }

    /**
     * Opens one part of the data set in a directory. The driver looks at names and headers, and a Spark job counts the
     * rows of CSV and Parquet; the rows themselves are read, and checked, by whichever job asks for them.
     *
     * @param directory a path or URI of any file system that Hadoop knows
     * @param classes at least 1; labels must be 0 to {@code classes} - 1
     * @throws KindlingException if there is no such data, more than one candidate for it, or damage that shows at once;
     *     a job over the rows fails with one as its cause if a row is damaged
     */
    public static LabelledRows open(SparkSession spark, String directory, Split split, int classes) {
        return open(spark, directory, split, classes, Optional.empty());
    }

    /**
     * The same, of a data set whose files name the label.
     *
     * @param label the column of the label, in CSV with a header or in Parquet; if it is not given, the first of label,
     *     class, target, species and y in the header of a CSV file, its first column if it has no header, and label in
     *     Parquet
     */
    public static LabelledRows open(
            SparkSession spark, String directory, Split split, int classes, Optional<String> label) {
        return new DataDirectory(spark, directory, split, classes, label)
                .only()
                .open()
                .get();
    }

    /** Whether a directory has files with the names of such a data set. */
    public static boolean isThere(SparkSession spark, String directory, Split split) {
        return !new DataDirectory(spark, directory, split, 1, Optional.empty())
                .candidates()
                .isEmpty();
    }

    /**
     * The file of IDX images of a directory, whether it has labels or not.
     *
     * @throws KindlingException if there is more than one
     */
    static Optional<DataFile> images(SparkSession spark, String directory, Split split) {
        DataDirectory data = new DataDirectory(spark, directory, split, 1, Optional.empty());
        Pattern images = data.pattern(IDX_IMAGES);
        List<DataFile> found = data.files.stream()
                .filter(file -> images.matcher(file.baseName()).matches())
                .toList();
        return found.isEmpty() ? Optional.empty() : Optional.of(data.single(found, DataFile::name));
    }

    private List<Candidate> candidates() {
        List<Candidate> found = candidates("");
        if (found.isEmpty()) {
            found = candidates(MORE);
        }
        if (found.isEmpty()) {
            found = rawFolders()
                    .flatMap(raw -> new DataDirectory(spark, raw, split, classes, label).candidates("").stream())
                    .toList();
        }
        return found;
    }

    private Candidate only() {
        List<Candidate> found = candidates();
        if (found.isEmpty()) {
            String part = part();
            String idx = split == Split.TRAIN ? "train" : "t10k";
            throw new KindlingException(directory + ": found no " + part + " data" + others() + ", expected " + idx
                    + "-images-idx3-ubyte and " + idx + "-labels-idx1-ubyte (plain or .gz), " + part
                    + ".csv (plain, .gz or in a .zip) or " + part
                    + ".parquet, with or without a prefix such as mnist_");
        }
        return single(found, Candidate::name);
    }

    /** What is there instead. */
    private String others() {
        return files.isEmpty()
                ? ""
                : files.stream()
                        .limit(SHOWN_FILES)
                        .map(DataFile::baseName)
                        .collect(Collectors.joining(
                                ", ",
                                ", only ",
                                files.size() > SHOWN_FILES ? " and " + (files.size() - SHOWN_FILES) + " more" : ""));
    }

    private String part() {
        return split.name().toLowerCase(Locale.ROOT);
    }

    /** @param more nothing, or {@link #MORE} */
    private List<Candidate> candidates(String more) {
        Pattern images = pattern(IDX_IMAGES);
        Pattern csv = pattern(more + CSV);
        Pattern parquet = pattern(more + "\\.parquet");
        List<Candidate> found = new ArrayList<>();
        for (DataFile file : files) {
            Matcher idx = images.matcher(file.baseName());
            if (parquet.matcher(file.baseName()).matches()) {
                found.add(new Candidate(
                        file.name(), () -> ParquetRows.open(spark, file, classes, label.orElse("label"))));
            } else if (idx.matches()) {
                String stem = idx.group("stem");
                found.add(new Candidate(file.name(), () -> idx(file, stem)));
            } else if (csv.matcher(file.baseName()).matches()) {
                found.add(new Candidate(
                        file.name(), () -> CsvRows.open(spark, file.name(), parts(file), classes, label)));
            }
        }
        if (found.isEmpty()) { // only then: a zip is read to its end to see what is in it
            zipped().stream()
                    .filter(entry -> csv.matcher(entry.baseName()).matches())
                    .forEach(entry -> found.add(new Candidate(
                            entry.name(), () -> CsvRows.open(spark, entry.name(), List.of(entry), classes, label))));
        }
        return found;
    }

    /** Looks into each zip once, whatever is looked for. */
    private List<DataFile> zipped() {
        if (zipped == null) {
            Pattern csv = pattern(MORE + CSV);
            zipped = files.stream()
                    .filter(DataFile::isZip)
                    .flatMap(zip ->
                            zip
                                    .entries(
                                            conf,
                                            entry -> !entry.isHidden()
                                                    && csv.matcher(entry.baseName())
                                                            .matches())
                                    .stream())
                    .toList();
        }
        return zipped;
    }

    /** A file, or the files in a folder as Spark writes them. */
    private List<DataFile> parts(DataFile file) {
        try {
            Path path = new Path(file.uri());
            return path.getFileSystem(conf).getFileStatus(path).isDirectory() ? list(file.name(), conf) : List.of(file);
        } catch (IOException e) {
            throw file.unreadable(e);
        }
    }

    /** The folders called raw, in the directory and in its folders. */
    private Stream<String> rawFolders() {
        return folders(directory)
                .flatMap(folder -> folder.getName().equals(RAW)
                        ? Stream.of(folder)
                        : folders(folder.toString())
                                .filter(inner -> inner.getName().equals(RAW)))
                .map(Path::toString);
    }

    private Stream<Path> folders(String parent) {
        try {
            Path path = new Path(parent);
            return Stream.of(path.getFileSystem(conf).listStatus(path))
                    .filter(FileStatus::isDirectory)
                    .map(FileStatus::getPath)
                    .filter(folder -> !folder.getName().startsWith("."))
                    .sorted();
        } catch (IOException e) {
            throw new KindlingException(parent + ": cannot be listed: " + Reason.of(e), e);
        }
    }

    private LabelledRows idx(DataFile images, String stem) {
        label.ifPresent(name -> {
            throw new KindlingException(setting("label") + ": found " + name + ", expected none for " + images.name()
                    + ": IDX has its labels in a file of their own");
        });
        return IdxRows.open(spark, images, labels(images, stem), classes);
    }

    /** The labels that go with the images of a stem such as {@code emnist-letters-train}. */
    private DataFile labels(DataFile images, String stem) {
        Pattern pattern = Pattern.compile(
                Pattern.quote(stem) + "-labels[-.]idx(1-ubyte|1-int|2-int)(\\.gz)?", Pattern.CASE_INSENSITIVE);
        List<DataFile> found = files.stream()
                .filter(file -> pattern.matcher(file.baseName()).matches())
                .toList();
        if (found.isEmpty()) {
            throw new KindlingException(images.name() + ": found no labels beside it, expected " + stem
                    + "-labels-idx1-ubyte or the same with .gz");
        }
        return single(found, DataFile::name);
    }

    /** A name that ends with the split's word and {@code rest}; {@code stem} is what stands before {@code rest}. */
    private Pattern pattern(String rest) {
        String word = split == Split.TRAIN ? "train" : "(?:test|t10k)";
        return Pattern.compile("(?<stem>(?:.*[-_.])?" + word + ")" + rest, Pattern.CASE_INSENSITIVE);
    }

    private <T> T single(List<T> found, Function<T, String> name) {
        if (found.size() > 1) {
            String names = found.stream().map(name).collect(Collectors.joining(", "));
            throw new KindlingException(directory + ": found " + found.size() + " candidates for the " + part()
                    + " data, expected one: " + names + "; move all but one away");
        }
        return found.get(0);
    }

    /** The files, and the folders that may be tables, which are not hidden, sorted by name. */
    private static List<DataFile> list(String directory, Configuration conf) {
        try {
            Path path = new Path(directory);
            FileSystem system = path.getFileSystem(conf);
            if (!system.getFileStatus(path).isDirectory()) {
                throw new KindlingException(directory + ": found a file, expected the directory it is in");
            }
            List<DataFile> files = Stream.of(system.listStatus(path))
                    .filter(status -> status.isFile()
                            || TABLE.matcher(status.getPath().getName()).matches())
                    .map(status -> DataFile.of(directory, status))
                    .filter(file -> !file.isHidden())
                    .sorted(Comparator.comparing(DataFile::name))
                    .toList();
            Set<String> names = files.stream().map(DataFile::name).collect(Collectors.toSet());
            return files.stream()
                    .filter(file -> !file.name().endsWith(GZIP)
                            || !names.contains(
                                    file.name().substring(0, file.name().length() - GZIP.length())))
                    .toList();
        } catch (KindlingException e) {
            throw e;
        } catch (FileNotFoundException e) {
            throw new KindlingException(directory + ": found nothing there, expected a directory", e);
        } catch (IOException | RuntimeException e) { // the latter for malformed paths, unknown hosts, missing drivers
            throw new KindlingException(directory + ": cannot be listed: " + Reason.of(e), e);
        }
    }

    /** A file that may be the data that is wanted, and how to open it. */
    private record Candidate(String name, Supplier<LabelledRows> open) {}
}
