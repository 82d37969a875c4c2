package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder that is a file system of its own, in memory, so small that it can be filled up. Only root may mount it. */
final class SmallDisk {
    private final Path folder;
    private final Path ballast;
    private final boolean isMounted;
    private final boolean canBeLocked;

    /** @param size as mount takes it, such as 8m */
    SmallDisk(Path folder, String size) throws IOException, InterruptedException {
        this.folder = Files.createDirectory(folder);
        isMounted = Commands.succeed("mount", "-t", "tmpfs", "-o", "size=" + size, "small", folder.toString());
        ballast = Files.createFile(folder.resolve("ballast"));
        canBeLocked = lock();
        unlock();
    }

    /** Whether it can be filled up: if not, it is a folder as any other. */
    boolean isMounted() {
        return isMounted;
    }

    boolean canBeLocked() {
        return canBeLocked;
    }

    /** Leaves no room. */
    void fill() throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            for (; ; ) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    /** Takes away again what filled it up. */
    void empty() throws IOException {
        Files.write(ballast, new byte[0]);
    }

    /** Lets no file be made, renamed or deleted in it; permissions would not stop root. */
    boolean lock() throws InterruptedException {
        return Commands.succeed("chattr", "+i", folder.toString());
    }

    /** Lets that be done again. */
    void unlock() throws InterruptedException {
        Commands.succeed("chattr", "-i", folder.toString());
    }

    /** Takes it away. */
    void end() throws InterruptedException {
        unlock();
        if (isMounted) {
            assertThat(Commands.succeed("umount", folder.toString())).isTrue();
        }
    }
}
