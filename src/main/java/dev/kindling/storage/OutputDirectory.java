package dev.kindling.storage;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A directory that is written whole or not at all: files go to a hidden neighbour, which takes the directory's name when
 * it is complete. What was there before stays until then, and when it has made room, it stays beside it until the new one
 * has its name. If this is cut off in between, the next command finds both: {@link HiddenNeighbours}. On an object store, where
 * nothing can be renamed, the directory is there when its mark is: {@link Claim}.
 */
public final class OutputDirectory {
    private final Path target;
    private final HiddenNeighbours neighbours;
    private final FileSystem files;
    private final String mark;
    private final boolean overwrite;

    private OutputDirectory(Path target, FileSystem files, String mark, boolean overwrite) {
        this.target = target;
        this.neighbours = HiddenNeighbours.of(target);
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
     * @param warn receives a line if a command that was killed has left something to be put right
     * @throws KindlingException if it exists and may not, or cannot be written
     */
    public static OutputDirectory open(
            Configuration configuration, String directory, String mark, boolean overwrite, Consumer<String> warn) {
        try {
            Path path = new Path(directory);
            FileSystem files = path.getFileSystem(configuration);
            if (path.isRoot()) {
                throw new IOException("it is the root of its file system");
            }
            OutputDirectory output = new OutputDirectory(files.makeQualified(path), files, mark, overwrite);
            HiddenNeighbours.putRight(files, output.target.getParent(), output.target.getName()::equals, warn);
            output.checkMayWrite();
            List<Path> missing = output.missingParents();
            try {
                output.makeStaging();
            } finally {
                output.deleteStaging();
                output.deleteEmpty(missing); // a command that is refused for another reason leaves nothing
            }
            return output;
        } catch (IOException | IllegalArgumentException e) {
            throw new KindlingException(directory + ": cannot write there: " + Reason.innermost(e), e);
        }
    }

    /**
     * Writes the directory.
     *
     * @throws KindlingException if that fails; then nothing is left behind, and what was there before is unchanged. If an object
     *     store fails while files are moved, the next command goes on with that
     */
    public void write(Writer writer) {
        try {
            makeStaging();
            writer.write(neighbours.fresh());
            if (Claim.isNeeded(files, target)) {
                Claim.publish(files, target, neighbours, mark, this::checkMayWrite);
            } else {
                checkMayWrite();
                publish();
            }
            files.cancelDeleteOnExit(neighbours.fresh()); // or the list grows with each checkpoint
        } catch (Exception | FSError e) {
            // Spark, being Scala, throws checked exceptions that it does not declare, and Hadoop an Error for a full
            // disk.
            deleteUnlessClaimed();
            throw e instanceof KindlingException known
                    ? known
                    : new KindlingException(target + ": cannot write there: " + Reason.innermost(e), e);
        }
    }

    private void makeStaging() throws IOException {
        if (!files.mkdirs(neighbours.fresh())) {
            throw new IOException("a directory could not be made in " + target.getParent());
        }
        files.deleteOnExit(neighbours.fresh()); // for Ctrl-C
    }

    private void deleteStaging() throws IOException {
        files.delete(neighbours.fresh(), true);
        files.cancelDeleteOnExit(neighbours.fresh());
    }

    /** The directories above the target that are not there yet, the lowest first. */
    private List<Path> missingParents() throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path parent = target.getParent(); parent != null && !files.exists(parent); parent = parent.getParent()) {
            missing.add(parent);
        }
        return missing;
    }

    private void deleteEmpty(List<Path> directories) {
        try {
            for (Path directory : directories) {
                files.delete(directory, false);
            }
        } catch (IOException e) {
            // Another command has put something there.
        }
    }

    private void publish() throws IOException {
        boolean replaces = files.exists(target);
        if (replaces) {
            HiddenNeighbours.rename(files, target, neighbours.old());
        }
        try {
            HiddenNeighbours.take(files, neighbours.fresh(), target);
        } catch (IOException e) {
            if (!files.exists(neighbours.fresh()) && files.exists(target)) {
                return; // another command has just put it right
            }
            if (replaces) {
                HiddenNeighbours.take(files, neighbours.old(), target);
            }
            throw e;
        }
        if (replaces) {
            deleteQuietly(neighbours.old());
        }
    }

    private void checkMayWrite() throws IOException {
        if (files.exists(target)) {
            requireReplaceable(target, files.exists(new Path(target, mark)), mark, overwrite);
        }
    }

    /**
     * Refuses to replace a directory that is there.
     *
     * @param marked whether the mark is in it
     * @throws KindlingException unless it is an output of this kind, and may be replaced
     */
    public static void requireReplaceable(Object target, boolean marked, String mark, boolean overwrite) {
        if (!marked) {
            throw new KindlingException(target + ": exists already and holds no " + mark
                    + ", so it is no output of this kind and is not replaced: choose another place");
        }
        if (!overwrite) {
            throw new KindlingException(
                    target + ": exists already; choose another place, or replace it with " + setting("overwrite"));
        }
    }

    /** If the claim is still there, the next command needs the files. */
    private void deleteUnlessClaimed() {
        try {
            if (!files.exists(neighbours.claim())) {
                files.delete(neighbours.fresh(), true);
            }
        } catch (IOException e) {
            // What matters has been reported already.
        }
        files.cancelDeleteOnExit(neighbours.fresh());
    }

    private void deleteQuietly(Path path) {
        try {
            files.delete(path, true);
        } catch (IOException e) {
            // What matters has been done or reported already.
        }
    }
}
