package dev.kindling.storage;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Local files whose process dies: after a number of changes nothing works any more, no clean-up either. A rename onto a
 * directory moves into it, as on HDFS. As {@code store:/...} they are an object store: a file appears when it is closed, a
 * rename is a copy and a deletion, and folders are neither renamed nor deleted at once.
 */
public final class MortalFileSystem extends RawLocalFileSystem {
    private static final String SCHEME = "mortal";
    private static final String STORE = "store";
    private static final int FOR_EVER = Integer.MAX_VALUE;

    private static final Set<Path> DELETED_ON_EXIT = new HashSet<>();

    private static int changesLeft = FOR_EVER;
    private static Runnable beforeRename = () -> {};

    /** Makes this the file system of {@code mortal:/...}. */
    static Configuration in(Configuration configuration) {
        configuration.set("fs." + SCHEME + ".impl", MortalFileSystem.class.getName());
        configuration.set("fs." + STORE + ".impl", MortalFileSystem.class.getName());
        return configuration;
    }

    private boolean isStore;

    @Override
    public void initialize(URI uri, Configuration configuration) throws IOException {
        super.initialize(uri, configuration);
        isStore = STORE.equals(uri.getScheme());
    }

    @Override
    public boolean hasPathCapability(Path path, String capability) throws IOException {
        boolean isOfStores = capability.equals(CommonPathCapabilities.ETAGS_AVAILABLE)
                || capability.equals(CommonPathCapabilities.ABORTABLE_STREAM);
        return (isStore && isOfStores) || super.hasPathCapability(path, capability);
    }

    static String uri(java.nio.file.Path path) {
        return SCHEME + ":" + path.toAbsolutePath();
    }

    static String storeUri(java.nio.file.Path path) {
        return STORE + ":" + path.toAbsolutePath();
    }

    static synchronized void dieAfter(int changes) {
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

    private static synchronized void look() throws IOException {
        if (changesLeft == 0) {
            throw new IOException("killed");
        }
    }

    private static synchronized void change() throws IOException {
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
        return URI.create((isStore ? STORE : SCHEME) + ":///");
    }

    @Override
    public FSDataInputStream open(Path file, int bufferSize) throws IOException {
        look();
        return super.open(file, bufferSize);
    }

    @Override
    public FileStatus[] listStatus(Path directory) throws IOException {
        look();
        FileStatus[] found = super.listStatus(directory);
        return isStore ? Stream.of(found).map(MortalFileSystem::plain).toArray(FileStatus[]::new) : found;
    }

    /** Those of local files look for permissions, and for that at the scheme. */
    private static FileStatus plain(FileStatus status) {
        return new FileStatus(
                status.getLen(),
                status.isDirectory(),
                status.getReplication(),
                status.getBlockSize(),
                status.getModificationTime(),
                status.getPath());
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
        if (isStore) {
            if (!overwrite && exists(file)) {
                throw new FileAlreadyExistsException(file.toString());
            }
            return new FSDataOutputStream(new Upload(file), null);
        }
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

    /** What is written appears when it is closed. */
    private final class Upload extends ByteArrayOutputStream implements Abortable {
        private final Path file;
        private boolean ended;

        Upload(Path file) {
            this.file = file;
        }

        @Override
        public void close() throws IOException {
            if (!ended) {
                ended = true;
                change();
                java.nio.file.Path place = pathToFile(file).toPath();
                Files.createDirectories(place.getParent());
                java.nio.file.Path whole = Files.write(Files.createTempFile(null, null), toByteArray());
                Files.move(whole, place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            }
        }

        @Override
        public AbortableResult abort() {
            ended = true;
            return null;
        }
    }

    @Override
    public boolean mkdirs(Path directory) throws IOException {
        change();
        return super.mkdirs(directory);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        if (isStore) {
            return copyAndDelete(from, to);
        }
        change();
        Runnable meanwhile = beforeRename;
        beforeRename = () -> {};
        meanwhile.run();
        return super.rename(from, exists(to) ? new Path(to, from.getName()) : to);
    }

    private boolean copyAndDelete(Path from, Path to) throws IOException {
        if (exists(to)) {
            return false;
        }
        byte[] bytes;
        try (FSDataInputStream in = open(from)) { // no folder can be read
            bytes = in.readAllBytes();
        }
        try (FSDataOutputStream out = create(to)) {
            out.write(bytes);
        }
        return delete(from, false);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        if (isStore && exists(path) && getFileStatus(path).isDirectory()) {
            for (FileStatus child : listStatus(path)) {
                delete(child.getPath(), true);
            }
        }
        change();
        return super.delete(path, recursive);
    }
}
