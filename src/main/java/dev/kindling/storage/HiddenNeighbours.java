package dev.kindling.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What lies beside a directory while it is written: the fresh one, {@code .name.<time>-<id>.new}, and then, from when the
 * old one makes room until the fresh one has its name, the old one, {@code .name.<time>-<id>.old}. So if there is an old one,
 * the fresh one of the same id is complete. On an object store there is no old one, but a {@link Claim},
 * {@code .name.<time>-<id>.claim}. A kill leaves these behind, and {@link #putRight} finds them by their names.
 *
 * @param fresh what is written
 * @param old what was there before
 */
record HiddenNeighbours(Path fresh, Path old) {
    private static final String FRESH = ".new";
    private static final String OLD = ".old";
    private static final String CLAIM = ".claim";
    private static final Pattern NAME =
            Pattern.compile("\\.(?<name>.+)\\.(?<time>\\d{1,18})-[0-9a-f-]{36}(\\.new|\\.old|\\.claim)");

    /** Nobody takes longer to write one output, so an older one is nobody's. */
    private static final Duration MOST = Duration.ofDays(1);

    /** For one write of a directory. */
    static HiddenNeighbours of(Path target) {
        String id = "." + target.getName() + "." + Instant.now().toEpochMilli() + "-" + UUID.randomUUID();
        return new HiddenNeighbours(new Path(target.getParent(), id + FRESH), new Path(target.getParent(), id + OLD));
    }

    /** Those that a claim is for. */
    static HiddenNeighbours ofClaim(Path claim) {
        return new HiddenNeighbours(twin(claim, CLAIM, FRESH), twin(claim, CLAIM, OLD));
    }

    /** The claim that goes with them. */
    Path claim() {
        return twin(fresh, FRESH, CLAIM);
    }

    /** All claims to a directory. */
    static List<FileStatus> claims(FileSystem files, Path target) throws IOException {
        return Stream.of(list(files, target.getParent()))
                .filter(status -> {
                    String name = status.getPath().getName();
                    Matcher parts = NAME.matcher(name);
                    return name.endsWith(CLAIM)
                            && parts.matches()
                            && parts.group("name").equals(target.getName());
                })
                .toList();
    }

    /**
     * Puts right what killed writes have left. A directory that had made room for a fresh one gets it, and what nobody
     * needs any more is deleted.
     *
     * @param parent the directory that they lie in; need not exist
     * @param names of the directories that they lie beside
     * @param warn receives a line for each directory that was not there, and is again
     * @throws dev.kindling.error.KindlingException if another command does not finish one of them
     * @throws IOException if that cannot be done
     */
    static void putRight(FileSystem files, Path parent, Predicate<String> names, Consumer<String> warn)
            throws IOException {
        putRight(files, parent, names, Instant.now(), warn);
    }

    static void putRight(FileSystem files, Path parent, Predicate<String> names, Instant now, Consumer<String> warn)
            throws IOException {
        Set<Path> claimed = new TreeSet<>();
        for (FileStatus status : list(files, parent)) {
            Path path = status.getPath();
            Matcher parts = NAME.matcher(path.getName());
            if (!parts.matches() || !names.test(parts.group("name"))) {
                continue;
            }
            Instant since = Instant.ofEpochMilli(Long.parseLong(parts.group("time")));
            if (path.getName().endsWith(CLAIM)) {
                claimed.add(new Path(path.getParent(), parts.group("name")));
            } else if (path.getName().endsWith(OLD)) {
                putRight(files, path, new Path(parent, parts.group("name")), warn);
            } else if (since.plus(MOST).isBefore(now)
                    && !files.exists(twin(path, FRESH, OLD))
                    && !files.exists(twin(path, FRESH, CLAIM))) {
                files.delete(path, true);
            }
        }
        for (Path target : claimed) {
            Claim.putRight(files, target, warn);
        }
    }

    private static void putRight(FileSystem files, Path old, Path target, Consumer<String> warn) throws IOException {
        Path fresh = twin(old, OLD, FRESH);
        boolean both = files.exists(fresh);
        if (!files.exists(target)) {
            take(files, both ? fresh : old, target);
            warn.accept(target + ": a command was killed while it replaced this; "
                    + (both ? "its new one is complete and" : "the old one") + " is in its place now");
            files.delete(old, true);
        } else if (!both) {
            files.delete(old, true);
        }
        // With all three of them the target is another run's, or the half of one: where a rename is a copy.
    }

    /**
     * Gives one of these the name of its directory.
     *
     * @throws IOException if there is something already, also if it has only just come to be: a rename onto a directory
     *     moves into it on HDFS
     */
    static void take(FileSystem files, Path hidden, Path target) throws IOException {
        if (files.exists(target)) {
            throw new IOException(target + " has come to be there meanwhile");
        }
        rename(files, hidden, target);
        Path inside = new Path(target, hidden.getName());
        if (files.exists(inside)) {
            rename(files, inside, hidden);
            throw new IOException(target + " has come to be there meanwhile");
        }
    }

    static void rename(FileSystem files, Path from, Path to) throws IOException {
        if (!files.rename(from, to)) {
            throw new IOException("rename of " + from + " to " + to + " was refused");
        }
    }

    private static Path twin(Path path, String from, String to) {
        String name = path.getName();
        return new Path(path.getParent(), name.substring(0, name.length() - from.length()) + to);
    }

    private static FileStatus[] list(FileSystem files, Path parent) throws IOException {
        try {
            return files.listStatus(parent);
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }
}
