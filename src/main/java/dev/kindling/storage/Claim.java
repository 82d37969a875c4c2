package dev.kindling.storage;

import dev.kindling.error.KindlingException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The right to replace a directory on an object store, such as S3, where nothing can be renamed: files are copied one by one.
 * A directory counts as there when its mark is, which is one object and comes last.
 *
 * <ol>
 *   <li>A claim is written beside the directory, empty. The store shows at once what has been written, so whoever lists the
 *       claims after that and finds no other has the directory for himself. Of those who see each other, the one whose name
 *       comes first keeps its claim, and the others come again when it has gone.
 *   <li>The claim says "clear" and the name of the mark. From here on there is no way back: if the command is killed, the next
 *       one goes on. The old files are deleted, the mark first.
 *   <li>The claim says "move", and the fresh files are moved, the mark last. Then the claim is deleted.
 * </ol>
 *
 * A claim that has not been written for {@link #DEAD} is that of a killed command. Its age is the difference of two times of
 * the store, so nobody's clock matters. Whoever lives writes his claim again between two files.
 */
final class Claim {
    /** The longest that one file may take to be copied in the store, with room to spare. */
    static final Duration DEAD = Duration.ofMinutes(1);

    private static final Duration RENEWAL = Duration.ofSeconds(10);

    /** How long to wait for others; longer than until a dead one counts as dead. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** How long a reader only waits. */
    private static final Duration READERS_PATIENCE = Duration.ofSeconds(10);

    private static final String CLEAR = "clear ";
    private static final String MOVE = "move ";

    private final FileSystem files;
    private final Path target;
    private final HiddenNeighbours own;
    /** What the own claim says, to be written again. */
    private String said = "";

    private long written;

    private Claim(FileSystem files, Path target, HiddenNeighbours own) {
        this.files = files;
        this.target = target;
        this.own = own;
    }

    /**
     * Whether a path lies on an object store. It keeps tags of what is in its files, and no tag is kept when a file gets another
     * name, because it is copied.
     */
    static boolean isNeeded(FileSystem files, Path path) throws IOException {
        return files.hasPathCapability(path, CommonPathCapabilities.ETAGS_AVAILABLE)
                && !files.hasPathCapability(path, CommonPathCapabilities.ETAGS_PRESERVED_IN_RENAME);
    }

    /** Throws whatever speaks against it. */
    @FunctionalInterface
    interface Check {
        void mayWrite() throws IOException;
    }

    /**
     * Moves what is complete to its place.
     *
     * @param own with the complete files in {@link HiddenNeighbours#fresh}
     * @param mark the name of the file that comes last
     * @param check is asked when nobody else can come in between any more
     * @throws KindlingException if others do not leave the directory alone
     * @throws IOException if it cannot be done. If the claim is still there then, the next command goes on
     */
    static void publish(FileSystem files, Path target, HiddenNeighbours own, String mark, Check check)
            throws IOException {
        Claim claim = new Claim(files, target, own);
        claim.awaitTurn(nothing -> {});
        try {
            check.mayWrite();
        } catch (IOException | RuntimeException e) {
            claim.withdraw();
            throw e;
        }
        files.cancelDeleteOnExit(own.claim());
        files.cancelDeleteOnExit(own.fresh());
        claim.say(CLEAR + mark);
        if (!files.exists(new Path(own.fresh(), mark))) {
            claim.withdraw();
            throw new IOException(
                    "what was to be moved there has gone: this command stood still for so long that another"
                            + " took it for dead");
        }
        claim.finish(own, CLEAR + mark);
    }

    /**
     * Waits for whoever publishes a directory now, and finishes what killed commands have begun.
     *
     * @param warn receives a line if the directory was not there, and is now
     * @throws KindlingException if others do not leave the directory alone
     * @throws IOException if it cannot be done
     */
    static void putRight(FileSystem files, Path target, Consumer<String> warn) throws IOException {
        Claim claim = new Claim(files, target, HiddenNeighbours.of(target));
        claim.awaitTurn(warn);
        claim.withdraw();
    }

    /**
     * Waits a while for whoever publishes a directory now: a reader, who may not be allowed to write.
     *
     * @param mark the file of the directory that comes last; there may be a claim after this one
     */
    static void awaitOthers(FileSystem files, Path target, Path mark) throws IOException {
        long end = System.nanoTime() + READERS_PATIENCE.toNanos();
        while (isNeeded(files, target)
                && !HiddenNeighbours.claims(files, target).isEmpty()
                && !files.exists(mark)
                && System.nanoTime() < end) {
            sleep(100);
        }
    }

    private void awaitTurn(Consumer<String> warn) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            say("");
            files.deleteOnExit(own.claim()); // for Ctrl-C
            List<FileStatus> claims = HiddenNeighbours.claims(files, target);
            Optional<FileStatus> mine = claims.stream().filter(this::isOwn).findFirst();
            List<FileStatus> others =
                    claims.stream().filter(claim -> !isOwn(claim)).toList();
            List<FileStatus> living = others.stream()
                    .filter(claim -> mine.isEmpty() || age(claim, mine.get()).compareTo(DEAD) < 0)
                    .toList();
            if (living.isEmpty() && mine.isPresent()) {
                for (FileStatus dead : others) {
                    finishFor(dead.getPath(), warn);
                }
                return;
            }
            boolean first = living.stream().allMatch(claim -> claim.getPath().compareTo(own.claim()) > 0);
            boolean late = System.nanoTime() > end;
            if (!first || late) {
                withdraw();
            }
            if (late) {
                throw new KindlingException(target + ": another command is writing there now: found "
                        + living.get(0).getPath().getName() + " beside it for " + PATIENCE.toSeconds()
                        + " s, expected it to go; try again when that command has ended");
            }
            sleep(first ? 50 : ThreadLocalRandom.current().nextInt(200, 600));
        }
    }

    private boolean isOwn(FileStatus claim) {
        return claim.getPath().getName().equals(own.claim().getName());
    }

    private static Duration age(FileStatus claim, FileStatus now) {
        return Duration.ofMillis(now.getModificationTime() - claim.getModificationTime());
    }

    private static void sleep(long milliseconds) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    private void withdraw() throws IOException {
        files.delete(own.claim(), false);
        files.cancelDeleteOnExit(own.claim());
    }

    private void say(String what) throws IOException {
        write(own.claim(), what);
        said = what;
        written = System.nanoTime();
    }

    private void write(Path claim, String what) throws IOException {
        try (OutputStream out = files.create(claim, true)) {
            out.write(what.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Lets the others know that this one lives. */
    private void renew() throws IOException {
        if (System.nanoTime() - written > RENEWAL.toNanos()) {
            say(said);
        }
    }

    private void finishFor(Path claim, Consumer<String> warn) throws IOException {
        HiddenNeighbours dead = HiddenNeighbours.ofClaim(claim);
        String says;
        try (InputStream in = files.open(claim)) {
            says = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Path mark = new Path(dead.fresh(), mark(says).orElse("none"));
        if (mark(says).isEmpty() || (says.startsWith(CLEAR) && !files.exists(mark))) {
            files.delete(dead.fresh(), true); // it had not begun
            files.delete(claim, false);
            return;
        }
        boolean wasThere = files.exists(new Path(target, mark.getName()));
        finish(dead, says);
        if (!wasThere) {
            warn.accept(target + ": a command was killed while it replaced this; its new one is complete and is in its"
                    + " place now");
        }
    }

    private static Optional<String> mark(String says) {
        return List.of(CLEAR, MOVE).stream()
                .filter(says::startsWith)
                .map(word -> says.substring(word.length()))
                .findFirst();
    }

    /** Goes on from what a claim says to the end. */
    private void finish(HiddenNeighbours of, String says) throws IOException {
        String mark = mark(says).orElseThrow();
        if (says.startsWith(CLEAR)) {
            files.delete(new Path(target, mark), false);
            files.delete(target, true);
            write(of.claim(), MOVE + mark);
            said = of.equals(own) ? MOVE + mark : said;
        }
        Set<Path> there = new HashSet<>(list(target));
        Path last = new Path(of.fresh(), mark);
        List<Path> fresh = list(of.fresh());
        fresh.sort(Comparator.comparing(last::equals));
        int prefix = of.fresh().toString().length() + 1;
        for (Path file : fresh) {
            renew();
            Path place = new Path(target, file.toString().substring(prefix));
            if (there.contains(place)) {
                files.delete(place, false); // a copy of it, made by one that was killed then
            }
            move(file, place);
        }
        files.delete(of.fresh(), true);
        files.delete(of.claim(), false);
    }

    private void move(Path file, Path place) throws IOException {
        boolean moved;
        try {
            moved = files.rename(file, place);
        } catch (FileNotFoundException e) {
            moved = false;
        }
        // If this one was taken for dead, another may have moved it.
        if (!moved && (files.exists(file) || !files.exists(place))) {
            throw new IOException("a copy of " + file + " to " + place + " was refused");
        }
    }

    private List<Path> list(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        try {
            RemoteIterator<LocatedFileStatus> all = files.listFiles(directory, true);
            while (all.hasNext()) {
                found.add(all.next().getPath());
            }
        } catch (FileNotFoundException e) {
            return found;
        }
        return found;
    }
}
