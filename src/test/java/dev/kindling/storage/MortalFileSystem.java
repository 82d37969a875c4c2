package dev.kindling.storage;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Local files whose process dies: after a number of changes nothing works any more, no clean-up either. A rename onto a
 * directory moves into it, as on HDFS.
 */
public final class MortalFileSystem extends RawLocalFileSystem {
    private static final String SCHEME = "mortal";
    private static final int FOR_EVER = Integer.MAX_VALUE;

    private static final Set<Path> DELETED_ON_EXIT = new HashSet<>();

    private static int changesLeft = FOR_EVER;
    private static Runnable beforeRename = () -> {};

    /** Makes this the file system of {@code mortal:/...}. */
    static Configuration in(Configuration configuration) {
        configuration.set("fs." + SCHEME + ".impl", MortalFileSystem.class.getName());
        return configuration;
    }

    static String uri(java.nio.file.Path path) {
        return SCHEME + ":" + path.toAbsolutePath();
    }

    static void dieAfter(int changes) {
        changesLeft = changes;
    }

    static void live() {
        changesLeft = FOR_EVER;
        beforeRename = () -> {};
    }

    /** Something that another process does just before the next rename. */
    static void beforeRename(Runnable what) {
        beforeRename = what;
    }

    private static void look() throws IOException {
        if (changesLeft == 0) {
            throw new IOException("killed");
        }
    }

    private static void change() throws IOException {
        look();
        if (changesLeft < FOR_EVER) {
            changesLeft--;
        }
    }

    /** What would be deleted when the JVM ends. */
    static Set<Path> deletedOnExit() {
        return DELETED_ON_EXIT;
    }

    @Override
    public boolean deleteOnExit(Path path) throws IOException {
        DELETED_ON_EXIT.add(path);
        return super.deleteOnExit(path);
    }

    @Override
    public boolean cancelDeleteOnExit(Path path) {
        DELETED_ON_EXIT.remove(path);
        return super.cancelDeleteOnExit(path);
    }

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    @Override
    public FSDataInputStream open(Path file, int bufferSize) throws IOException {
        look();
        return super.open(file, bufferSize);
    }

    @Override
    public FileStatus[] listStatus(Path directory) throws IOException {
        look();
        return super.listStatus(directory);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        look();
        return super.getFileStatus(path);
    }

    @Override
    public FSDataOutputStream create(
            Path file, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
            throws IOException {
        change();
        return mortal(super.create(file, overwrite, bufferSize, replication, blockSize, progress));
    }

    @Override
    public FSDataOutputStream create(
            Path file,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        return create(file, overwrite, bufferSize, replication, blockSize, progress);
    }

    private static FSDataOutputStream mortal(OutputStream file) throws IOException {
        return new FSDataOutputStream(
                new BufferedOutputStream(
                        new FilterOutputStream(file) { // Parquet writes byte by byte
                            @Override
                            public void write(int b) throws IOException {
                                change();
                                out.write(b);
                            }

                            @Override
                            public void write(byte[] bytes, int from, int count) throws IOException {
                                change();
                                out.write(bytes, from, count);
                            }
                        }),
                null);
    }

    @Override
    public boolean mkdirs(Path directory) throws IOException {
        change();
        return super.mkdirs(directory);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        change();
        Runnable meanwhile = beforeRename;
        beforeRename = () -> {};
        meanwhile.run();
        return super.rename(from, exists(to) ? new Path(to, from.getName()) : to);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        change();
        return super.delete(path, recursive);
    }
}
