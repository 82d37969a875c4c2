package dev.kindling.data.files;

import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/**
 * A file, or an entry of a zip, that the driver and the tasks can open.
 *
 * @param uri where it is, the same for every process
 * @param entry the entry's name if {@code uri} is a zip to look into, otherwise null
 * @param name what messages call it
 * @param length bytes on disk, compressed if it is compressed
 */
record DataFile(String uri, String entry, String name, long length) implements Serializable {
    /** More than a message would name. Without a limit the names alone could fill the memory. */
    private static final int MAX_ENTRIES = 100;

    DataFile {
        name = name.replaceAll("\\p{Cntrl}", "?"); // fit for a terminal, whatever an archive calls its entries
    }

    /** @param directory as the user wrote it */
    static DataFile of(String directory, FileStatus status) {
        String name = directory
                + (directory.endsWith("/") ? "" : "/")
                + status.getPath().getName();
        return new DataFile(status.getPath().toString(), null, name, status.getLen());
    }

    String baseName() {
        String path = entry == null ? name : entry;
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** By Hadoop's rule, which holds for the extra files in archives made on a Mac too. */
    boolean isHidden() {
        return baseName().startsWith(".") || baseName().startsWith("_");
    }

    boolean isGzip() {
        return entry == null && hasSuffix(".gz");
    }

    boolean isZip() {
        return entry != null || hasSuffix(".zip");
    }

    private boolean hasSuffix(String suffix) {
        return name.toLowerCase(Locale.ROOT).endsWith(suffix);
    }

    /** Whether a reader can go to any byte of it at once. */
    boolean isPlain() {
        return !isGzip() && !isZip();
    }

    /** The files in this zip that are wanted. It is read to its end, but nothing else of it is kept. */
    List<DataFile> entries(Configuration conf, Predicate<DataFile> wanted) {
        List<DataFile> entries = new ArrayList<>();
        try (ZipInputStream zip = DataStream.zip(this, conf)) {
            for (ZipEntry next = zip.getNextEntry(); next != null; next = zip.getNextEntry()) {
                DataFile file = new DataFile(uri, next.getName(), name + "!" + next.getName(), length);
                if (!next.isDirectory() && wanted.test(file)) {
                    entries.add(file);
                }
                if (entries.size() > MAX_ENTRIES) {
                    throw new KindlingException(
                            name + ": found more than " + MAX_ENTRIES + " files with the wanted name, expected one");
                }
            }
        } catch (IOException | IllegalArgumentException e) { // the latter for names that are not UTF-8
            throw unreadable(e);
        }
        return entries;
    }

    /** What to tell the user when reading fails. */
    KindlingException unreadable(Exception e) {
        if (isPlain()) {
            return new KindlingException(name + ": cannot be read: " + Reason.of(e), e);
        }
        String found = e instanceof EOFException ? "its end is missing" : Reason.of(e);
        return new KindlingException(
                name + ": cannot be decompressed: " + found
                        + "; expected a complete file and nothing after it: copy or download it again",
                e);
    }

    KindlingException truncated(String where) {
        return new KindlingException(
                name + ": ends in " + where + ", expected a complete file: copy or download it again");
    }
}
