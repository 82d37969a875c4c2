package dev.kindling.storage;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/**
 * A file that is written whole or not at all: as a hidden neighbour first, which takes the file's name when it is
 * complete. On an object store, where a file appears when its last byte has been sent, it is written in its place.
 */
public final class OutputFile {
    private final FileSystem files;
    private final Path target;
    private final boolean overwrite;

    private OutputFile(FileSystem files, Path target, boolean overwrite) {
        this.files = files;
        this.target = target;
        this.overwrite = overwrite;
    }

    /** Fills a file. */
    @FunctionalInterface
    public interface Writer {
        /**
         * Writes all of it.
         *
         * @param out not to be closed
         */
        void write(OutputStream out) throws IOException;
    }

    /** Fills a file with what others have written. */
    @FunctionalInterface
    public interface Assembler {
        /**
         * Writes all of it.
         *
         * @param folder for whatever the file is made of; exists, and is deleted in the end
         * @param out not to be closed
         */
        void assemble(Path folder, OutputStream out) throws IOException;
    }

    /**
     * Checks what can be checked before there is anything to write.
     *
     * @param file a path or URI of any Hadoop file system
     * @param overwrite whether it may exist
     * @throws KindlingException if it exists and may not, or is a directory
     */
    public static OutputFile open(Configuration configuration, String file, boolean overwrite) {
        try {
            Path path = new Path(file);
            FileSystem files = path.getFileSystem(configuration);
            Path target = files.makeQualified(path);
            if (files.exists(target)) {
                requireReplaceable(file, files.getFileStatus(target).isDirectory(), overwrite);
            }
            return new OutputFile(files, target, overwrite);
        } catch (IOException | IllegalArgumentException e) {
            throw new KindlingException(file + ": cannot write there: " + Reason.innermost(e), e);
        }
    }

    /**
     * Refuses to replace what is there.
     *
     * @throws KindlingException unless it is a file, and may be replaced
     */
    public static void requireReplaceable(String file, boolean isDirectory, boolean overwrite) {
        if (isDirectory) {
            throw new KindlingException(file + ": found a directory, expected a file or nothing");
        }
        if (!overwrite) {
            throw new KindlingException(
                    file + ": exists already; choose another place, or replace it with " + setting("overwrite"));
        }
    }

    /**
     * Writes the file.
     *
     * @throws KindlingException if that fails; then nothing is left behind, and what was there before is unchanged
     */
    public void write(Writer writer) {
        try {
            if (files.hasPathCapability(target, CommonPathCapabilities.ABORTABLE_STREAM)) {
                writeInPlace(writer);
            } else {
                writeAndRename(writer);
            }
        } catch (IOException | RuntimeException | FSError e) { // Hadoop throws an Error for a full disk
            throw cannotWrite(e);
        }
    }

    /** To close what is half written would show it. */
    private void writeInPlace(Writer writer) throws IOException {
        FSDataOutputStream out = files.create(target, overwrite);
        try {
            writer.write(out);
            out.close();
        } catch (IOException | RuntimeException | Error e) {
            out.abort();
            throw e;
        }
    }

    private void writeAndRename(Writer writer) throws IOException {
        FileContext renaming = FileContext.getFileContext(target.toUri(), files.getConf());
        Path staging = new Path(target.getParent(), "." + target.getName() + "." + UUID.randomUUID());
        try {
            try (OutputStream out = renaming.create(staging).build()) {
                files.deleteOnExit(staging); // for Ctrl-C; a FileContext never forgets what it is to delete
                writer.write(out);
            }
            renaming.rename(staging, target, overwrite ? Rename.OVERWRITE : Rename.NONE);
        } catch (IOException | RuntimeException | FSError e) {
            try {
                renaming.delete(staging, false);
            } catch (IOException cannotBeDeleted) {
                e.addSuppressed(cannotBeDeleted);
            }
            throw e;
        } finally {
            files.cancelDeleteOnExit(staging);
        }
    }

    /**
     * Writes the file by way of others in a hidden folder beside it.
     *
     * @throws KindlingException if that fails; then nothing is left behind, and what was there before is unchanged
     */
    public void assemble(Assembler assembler) {
        Path folder = HiddenNeighbours.of(target).fresh();
        try {
            HiddenNeighbours.putRight(files, target.getParent(), target.getName()::equals, nothing -> {});
            if (!files.mkdirs(folder)) {
                throw new IOException("a directory could not be made in " + target.getParent());
            }
            files.deleteOnExit(folder); // for Ctrl-C
            write(out -> assembler.assemble(folder, out));
        } catch (IOException | RuntimeException | FSError e) {
            throw cannotWrite(e);
        } finally {
            deleteQuietly(folder);
        }
    }

    private KindlingException cannotWrite(Throwable e) {
        return e instanceof KindlingException known
                ? known
                : new KindlingException(target + ": cannot write there: " + Reason.innermost(e), e);
    }

    private void deleteQuietly(Path folder) {
        try {
            files.delete(folder, true);
        } catch (IOException e) {
            // A later command deletes it.
        }
        files.cancelDeleteOnExit(folder);
    }
}
