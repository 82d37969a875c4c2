package dev.kindling.cli;

import dev.kindling.error.KindlingException;
import dev.kindling.storage.Model;
import dev.kindling.storage.OutputDirectory;
import dev.kindling.storage.OutputFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Looks, before Spark starts, at paths that are options: without Hadoop's file systems, which take a second to load. What
 * is on another file system, or in doubt, is left for later.
 */
final class LocalPaths {
    private LocalPaths() {}

    /**
     * Refuses a path with nothing there.
     *
     * @param expected what should be there
     */
    static void requireThere(String path, String expected) {
        if (local(path).filter(Files::notExists).isPresent()) {
            throw new KindlingException(path + ": found nothing there, expected " + expected);
        }
    }

    /**
     * Refuses a path with no directory there.
     *
     * @param expected what should be in it, after "a directory"
     */
    static void requireDirectory(String path, String expected) {
        requireThere(path, "a directory" + expected);
        if (local(path).filter(Files::isRegularFile).isPresent()) {
            throw new KindlingException(path + ": found a file, expected the directory it is in");
        }
    }

    /** Refuses a directory without a model. */
    static void requireModel(String directory) {
        Optional<Path> model = local(directory).filter(path -> Files.notExists(path.resolve(Model.MARK)));
        if (model.isPresent() && !hasHiddenNeighbour(model.get())) {
            throw Model.missing(directory);
        }
    }

    /** Refuses an output that is there and may not be replaced; see {@link OutputDirectory#open}. */
    static void requireFree(String directory, String mark, boolean overwrite) {
        local(directory)
                .filter(Files::exists)
                .ifPresent(path ->
                        OutputDirectory.requireReplaceable(path, Files.exists(path.resolve(mark)), mark, overwrite));
    }

    /** Refuses a file that is there and may not be replaced; see {@link OutputFile#open}. */
    static void requireFreeFile(String file, boolean overwrite) {
        local(file)
                .filter(Files::exists)
                .ifPresent(path -> OutputFile.requireReplaceable(file, Files.isDirectory(path), overwrite));
    }

    /** Whether a save that was cut short may have left the output there, under a name of its own. */
    private static boolean hasHiddenNeighbour(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        if (absolute.getParent() == null || absolute.getFileName() == null) {
            return false;
        }
        try (DirectoryStream<Path> neighbours = Files.newDirectoryStream(
                absolute.getParent(),
                other -> other.getFileName().toString().startsWith("." + absolute.getFileName() + "."))) {
            return neighbours.iterator().hasNext();
        } catch (IOException e) { // there is no such folder
            return false;
        }
    }

    /** The path, if it is one of this machine. */
    private static Optional<Path> local(String path) {
        try {
            if (path.startsWith("file:")) {
                return Optional.of(Path.of(URI.create(path).getPath()));
            }
            boolean hasScheme = path.matches("[A-Za-z][A-Za-z0-9+.-]*:.*");
            return hasScheme || path.isEmpty() ? Optional.empty() : Optional.of(Path.of(path));
        } catch (IllegalArgumentException | NullPointerException e) { // no path, or a URI without one
            return Optional.empty();
        }
    }
}
