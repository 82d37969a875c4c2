package dev.kindling.data.files.tables;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import dev.kindling.storage.ParquetFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The files at a path: one, or those in a folder as Spark writes it, right in it and in folders called {@code key=value} at any
 * depth. Hidden files, whose names begin with a dot or an underscore, and empty ones do not count.
 */
final class FoundFiles {
    private static final int SHOWN = 5;

    private final Configuration conf;
    private final String name;
    private final Path root;
    private final boolean isFolder;
    private final List<Path> files = new ArrayList<>();
    /** Folders that are not looked into, and end with a slash here. */
    private final List<String> others = new ArrayList<>();

    private FoundFiles(Configuration conf, String name, Path root, boolean isFolder) {
        this.conf = conf;
        this.name = name;
        this.root = root;
        this.isFolder = isFolder;
    }

    /** Files of one format. */
    record Table(TableFormat format, FoundFiles files) {}

    /**
     * Looks.
     *
     * @param name as the user wrote it
     * @throws KindlingException if nothing is there, or nothing that may be looked at
     */
    static FoundFiles at(Configuration conf, String name) {
        try {
            Path path = new Path(name);
            FileSystem system = path.getFileSystem(conf);
            FileStatus status = system.getFileStatus(path);
            FoundFiles found = new FoundFiles(conf, name, status.getPath(), status.isDirectory());
            if (status.isDirectory()) {
                found.list(system, status.getPath());
            } else {
                if (isHidden(path.getName())) {
                    throw new KindlingException(name
                            + ": found a name that begins with . or _, which Spark takes for hidden: rename the file");
                }
                if (status.getLen() == 0) {
                    throw new KindlingException(name + ": found an empty file, expected a table");
                }
                found.files.add(status.getPath());
            }
            return found;
        } catch (FileNotFoundException e) {
            throw new KindlingException(
                    setting("data") + ": found nothing at " + name + ", expected a table in a file or a folder", e);
        } catch (IOException | IllegalArgumentException e) { // the latter for malformed paths
            throw new KindlingException(setting("data") + ": " + name + " cannot be opened: " + Reason.of(e), e);
        }
    }

    private void list(FileSystem system, Path folder) throws IOException {
        FileStatus[] children = system.listStatus(folder);
        for (FileStatus child : Stream.of(children)
                .sorted(Comparator.comparing(FileStatus::getPath))
                .toList()) {
            String childName = child.getPath().getName();
            if (isHidden(childName)) {
                continue;
            }
            if (child.isDirectory() && childName.indexOf('=') > 0) {
                list(system, child.getPath());
            } else if (child.isDirectory()) {
                others.add(childName + "/");
            } else if (child.getLen() > 0) {
                files.add(child.getPath());
            }
        }
    }

    /** By Spark's rule. */
    private static boolean isHidden(String name) {
        return name.startsWith(".") || (name.startsWith("_") && !name.contains("="));
    }

    boolean isFolder() {
        return isFolder;
    }

    /** Whether there are files of tables, by their names. */
    boolean hasTable() {
        return files.stream()
                .anyMatch(file -> TableFormat.ofName(file.getName()).isPresent()
                        || file.getName().startsWith("part-"));
    }

    /** The files that make a table: those whose names tell one format, or those whose first bytes have to tell it. */
    Table table() {
        if (!isFolder) {
            return new Table(
                    TableFormat.ofName(root.getName()).orElseGet(() -> TableFormat.ofContent(head(root))), this);
        }
        List<Path> named = files.stream()
                .filter(file -> TableFormat.ofName(file.getName()).isPresent())
                .toList();
        List<TableFormat> formats = named.stream()
                .flatMap(file -> TableFormat.ofName(file.getName()).stream())
                .distinct()
                .toList();
        if (formats.size() > 1) {
            throw new KindlingException(name + ": found "
                    + formats.stream().map(format -> format.shown).collect(Collectors.joining(" and "))
                    + " side by side, " + shown(named, List.of()) + ", expected files of one format; name one of them");
        }
        if (formats.size() == 1) {
            return new Table(formats.get(0), only(named));
        }
        List<Path> any = files.stream()
                .filter(file -> TableFormat.mayBeAny(file.getName()))
                .toList();
        if (any.isEmpty()) {
            throw new KindlingException(name + ": found no table"
                    + (files.isEmpty() && others.isEmpty() ? "" : ", only " + shown(files, others))
                    + ", expected files that end with .csv, .tsv, .txt, .data, .json, .jsonl, .parquet or .libsvm"
                    + " (text plain, .gz or .bz2), right there or in folders called key=value");
        }
        return new Table(TableFormat.ofContent(head(any.get(0))), only(any));
    }

    private FoundFiles only(List<Path> wanted) {
        FoundFiles only = new FoundFiles(conf, name, root, isFolder);
        only.files.addAll(wanted);
        return only;
    }

    private String shown(List<Path> paths, List<String> folders) {
        List<String> names = Stream.concat(paths.stream().map(Path::getName), folders.stream())
                .toList();
        return names.stream().limit(SHOWN).collect(Collectors.joining(", "))
                + (names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "");
    }

    /** As the user wrote it. */
    String name() {
        return name;
    }

    /** In the order of their paths. */
    List<Path> files() {
        return files;
    }

    FileHead head(Path file) {
        return FileHead.read(conf, file, nameOf(file));
    }

    /** What messages call a file. */
    String nameOf(Path file) {
        return nameOf(name, root.toString(), file);
    }

    /** The same for tasks, which have no such object. The file is as Spark's column {@code _metadata.file_path} has it. */
    static String nameOf(String name, String root, String uri) {
        return nameOf(name, root, new Path(URI.create(uri)));
    }

    private static String nameOf(String name, String root, Path file) {
        String path = file.toString();
        return path.startsWith(root) && path.length() > root.length()
                ? name + (name.endsWith("/") ? "" : "/") + path.substring(root.length() + 1)
                : name;
    }

    /** What {@link #nameOf} needs, qualified. */
    String root() {
        return root.toString();
    }

    /** ", 3 files", or nothing where there is one. */
    String count() {
        return files.size() > 1 ? ", " + files.size() + " files" : "";
    }

    /** A reader that skips nothing and finds the columns of the folders' names. */
    DataFrameReader reader(SparkSession spark) {
        DataFrameReader reader =
                spark.read().option("ignoreCorruptFiles", false).option("ignoreMissingFiles", false);
        return isFolder ? reader.option("basePath", root.toString()) : reader;
    }

    /** The lines of all files, in a column called value and no other. */
    Dataset<Row> lines(SparkSession spark) {
        return new FoundFiles(conf, name, root, false).reader(spark).text(paths());
    }

    /** For {@link #reader}. */
    String[] paths() {
        return files.stream().map(ParquetFiles::literal).toArray(String[]::new);
    }

    /** All columns, checked. */
    Dataset<Row> parquet(SparkSession spark) throws IOException {
        return ParquetFiles.read(reader(spark), spark, files);
    }
}
