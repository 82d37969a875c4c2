package dev.kindling.storage;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.OpenFileOptions;
import org.apache.hadoop.util.functional.FutureIO;

/** Files that are opened so that an object store gets few requests: by what is known of them, and how they will be read. */
public final class OpenFile {
    private OpenFile() {}

    /** From a place on to the end: one request. */
    public static FSDataInputStream forward(FileSystem files, FileStatus file) throws IOException {
        return open(files, file, OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_SEQUENTIAL);
    }

    /** Here and there: one request for each {@link FSDataInputStream#readFully(long, byte[])}. */
    static FSDataInputStream anywhere(FileSystem files, FileStatus file) throws IOException {
        return open(files, file, OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_RANDOM);
    }

    private static FSDataInputStream open(FileSystem files, FileStatus file, String policy) throws IOException {
        return FutureIO.awaitFuture(files.openFile(file.getPath())
                .withFileStatus(file)
                .opt(OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY, policy)
                .build());
    }
}
