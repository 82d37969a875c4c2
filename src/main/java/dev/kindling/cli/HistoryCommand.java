package dev.kindling.cli;

import dev.kindling.error.KindlingException;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.deploy.history.FsHistoryProvider;
import org.apache.spark.deploy.history.HistoryServer;
import org.apache.spark.deploy.history.HistoryServer$;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code history}: Spark's History Server, which shows training as the Spark UI did while it ran. */
@Command(
        name = "history",
        header = "Show the Spark UI of runs that have ended, with their Training tab, from event logs.",
        description =
                "%nThis is Spark's History Server. It runs until you interrupt it. An application writes its event"
                        + " log with --conf spark.eventLog.enabled=true and --conf spark.eventLog.dir=DIR.%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  mkdir -p events",
            "  ./submit.sh --conf spark.eventLog.enabled=true --conf spark.eventLog.dir=file:$PWD/events train",
            "  ./submit.sh history events"
        })
final class HistoryCommand implements Checked {
    private static final int MOST_PORTS = 65_535;
    private static final String LOGS = " with Spark's event logs: to write some, run train with --conf"
            + " spark.eventLog.enabled=true --conf spark.eventLog.dir=DIR";

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DIR",
            defaultValue = "events",
            description = "Where the event logs are. Default: ${DEFAULT-VALUE}")
    private String directory;

    @Option(
            names = "--port",
            paramLabel = "NUMBER",
            defaultValue = "18080",
            description = "The port to listen on. If it is taken, the next free one is used. 0 for any free port."
                    + " Default: ${DEFAULT-VALUE}")
    private int port;

    @Override
    public void checkOptions() {
        if (port < 0 || port > MOST_PORTS) {
            throw new ParameterException(spec.commandLine(), "--port: found " + port + ", expected 0 to " + MOST_PORTS);
        }
    }

    @Override
    public void checkPaths() {
        LocalPaths.requireDirectory(directory, LOGS);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkOptions();
        SparkConf conf = new SparkConf();
        conf.set("spark.history.fs.logDirectory", existing(conf).toString());
        FsHistoryProvider provider = new FsHistoryProvider(conf);
        HistoryServer server =
                new HistoryServer(conf, provider, HistoryServer$.MODULE$.createSecurityManager(conf), port);
        server.bind();
        provider.start();
        System.out.println("event logs of " + directory + " at " + server.webUrl() + ", until you interrupt it");
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
        new CountDownLatch(1).await();
        return 0;
    }

    private URI existing(SparkConf conf) throws IOException {
        try {
            Path path = new Path(directory);
            FileSystem files = path.getFileSystem(SparkHadoopUtil.get().newConfiguration(conf));
            if (files.exists(path) && files.getFileStatus(path).isDirectory()) {
                return files.makeQualified(path).toUri();
            }
        } catch (IllegalArgumentException e) {
            throw new KindlingException(directory + ": found no path: " + e.getMessage(), e);
        }
        throw new KindlingException(directory + ": found no such directory, expected one" + LOGS);
    }
}
