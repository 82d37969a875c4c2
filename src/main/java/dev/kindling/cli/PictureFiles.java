package dev.kindling.cli;

import dev.kindling.plot.Picture;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * A picture as files.
 *
 * @param png the bytes of the PNG file
 * @param svg the bytes of the SVG file
 */
record PictureFiles(byte[] png, byte[] svg) {
    /** @throws dev.kindling.error.KindlingException if this machine has no fonts */
    static PictureFiles of(Picture picture) {
        return new PictureFiles(picture.png(), picture.svg());
    }

    /** Writes both into a directory of any Hadoop file system, under one name. */
    void write(SparkSession spark, Path directory, String name) throws IOException {
        writeFile(spark, new Path(directory, name + ".png"), png);
        writeFile(spark, new Path(directory, name + ".svg"), svg);
    }

    /** Writes a file whole, at once. */
    static void writeFile(SparkSession spark, Path path, byte[] bytes) throws IOException {
        try (OutputStream out =
                path.getFileSystem(spark.sparkContext().hadoopConfiguration()).create(path)) {
            out.write(bytes);
        }
    }
}
