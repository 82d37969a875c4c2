package dev.kindling.cli;

import dev.kindling.plot.Picture;
import dev.kindling.storage.OutputDirectory;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where the commands that draw one picture put it, as PNG and as SVG. */
final class PictureOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            defaultValue = "pictures/${COMMAND-NAME}",
            description = "Where the picture goes, as PNG and as SVG. Default: ${DEFAULT-VALUE}")
    private String output;

    @Option(names = "--overwrite", description = "Replace an output that exists.")
    private boolean overwrite;

    /** Refuses an output that this machine has and that may not be replaced. */
    void checkPaths() {
        LocalPaths.requireFree(output, mark(), overwrite);
    }

    private String mark() {
        return command.name() + ".png";
    }

    /** Checks that the picture can be written, before it is drawn. */
    OutputDirectory open(SparkSession spark) {
        return OutputDirectory.open(spark.sparkContext().hadoopConfiguration(), output, mark(), overwrite, Main::warn);
    }

    /** Writes the picture under the name of the command. */
    void write(SparkSession spark, OutputDirectory directory, Picture picture) {
        PictureFiles files = PictureFiles.of(picture);
        directory.write(path -> files.write(spark, path, command.name()));
        System.out.println("picture in " + output + "/" + command.name() + ".png and .svg");
    }
}
