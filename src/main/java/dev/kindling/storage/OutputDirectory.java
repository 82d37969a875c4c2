package dev.kindling.storage;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A directory that is written whole or not at all: files go to a hidden neighbour, which takes the directory's name when
 * it is complete. What was there before stays until then.
 */
public final class OutputDirectory {
    private final Path target;
    private final Path staging;
    private final FileSystem files;
    private final String mark;
    private final boolean overwrite;

    private OutputDirectory(Path target, FileSystem files, String mark, boolean overwrite) {
        this.target = target;
        this.staging = hiddenNeighbour();
        this.files = files;
        this.mark = mark;
        this.overwrite = overwrite;
    }

    /** Fills a directory. */
    @FunctionalInterface
    public interface Writer {
        /**
         * Writes all files.
         *
         * @param directory where to; exists
         */
        void write(Path directory) throws IOException;
    }

    /**
     * Checks all that can be checked before there is anything to write.
     *
     * @param directory a path or URI of any Hadoop file system
     * @param mark a name in it that shows that it is an output of this kind: nothing else is ever replaced
     * @param overwrite whether it may exist
     * @throws KindlingException if it exists and may not, or cannot be written
     */
    public static OutputDirectory open(Configuration configuration, String directory, String mark, boolean overwrite) {
        try {
            Path path = new Path(directory);
            FileSystem files = path.getFileSystem(configuration);
            if (path.isRoot()) {
                throw new IOException("it is the root of its file system");
            }
            OutputDirectory output = new OutputDirectory(files.makeQualified(path), files, mark, overwrite);
            output.checkMayWrite();
            try {
                output.makeStaging();
            } finally {
                files.delete(output.staging, true);
            }
            return output;
        } catch (IOException | IllegalArgumentException e) {
            throw new KindlingException(directory + ": cannot write there: " + Reason.innermost(e), e);
        }
    }

    /**
     * Writes the directory.
     *
     * @throws KindlingException if that fails; then nothing is left behind, and what was there before is unchanged
     */
    public void write(Writer writer) {
        try {
            makeStaging();
            writer.write(staging);
            checkMayWrite();
            publish();
        } catch (Exception | FSError e) {
            // Spark, being Scala, throws checked exceptions that it does not declare, and Hadoop an Error for a full
            // disk.
            deleteQuietly(staging);
            throw e instanceof KindlingException known
                    ? known
                    : new KindlingException(target + ": cannot write there: " + Reason.innermost(e), e);
        }
    }

    private void makeStaging() throws IOException {
        if (!files.mkdirs(staging)) {
            throw new IOException("a directory could not be made in " + staging.getParent());
        }
        files.deleteOnExit(staging); // for Ctrl-C; once renamed, it is not there to be deleted
    }

    private void publish() throws IOException {
        Path old = hiddenNeighbour();
        boolean replaces = files.exists(target);
        if (replaces) {
            rename(target, old);
        }
        try {
            rename(staging, target);
        } catch (IOException e) {
            if (replaces) {
                rename(old, target);
            }
            throw e;
        }
        if (replaces) {
            deleteQuietly(old);
        }
    }

    private void rename(Path from, Path to) throws IOException {
        if (!files.rename(from, to)) {
            throw new IOException("rename of " + from + " to " + to + " was refused");
        }
    }

    private void checkMayWrite() throws IOException {
        if (!files.exists(target)) {
            return;
        }
        if (!files.exists(new Path(target, mark))) {
            throw new KindlingException(target + ": exists already and holds no " + mark
                    + ", so it is no output of this kind and is not replaced: choose another place");
        }
        if (!overwrite) {
            throw new KindlingException(
                    target + ": exists already; choose another place, or replace it with " + setting("overwrite"));
        }
    }

    private Path hiddenNeighbour() {
        return new Path(target.getParent(), "." + target.getName() + "." + UUID.randomUUID());
    }

    private void deleteQuietly(Path path) {
        try {
            files.delete(path, true);
        } catch (IOException e) {
            // What matters has been done or reported already.
        }
    }
}
