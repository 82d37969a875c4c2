package dev.kindling.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Where the soak goes on: a cluster in a network of its own, on which only who knows the secret may speak, and two disks. */
final class SoakSite {
    static final List<String> SECURITY = List.of(
            "spark.authenticate=true",
            "spark.authenticate.secret=quiet",
            "spark.network.crypto.enabled=true",
            "spark.io.encryption.enabled=true");

    final Path folder;
    final OwnNetwork network;
    final StandaloneCluster cluster;
    final SmallDisk models;
    final SmallDisk events;
    /** Where executors put what is in the system's folder for temporary files otherwise. */
    final Path ofExecutors;

    SoakSite(Path folder) throws IOException, InterruptedException, ExecutionException, TimeoutException {
        this.folder = folder;
        this.ofExecutors = Files.createDirectory(folder.resolve("executors"));
        this.models = new SmallDisk(folder.resolve("models"), "8m");
        this.events = new SmallDisk(folder.resolve("events"), "64m");
        this.network = new OwnNetwork();
        this.cluster = new StandaloneCluster(folder, network.prefix(), SECURITY);
        cluster.startWorker();
        cluster.startWorker();
    }

    /** Ends all processes, and takes network and disks away. */
    void end() throws InterruptedException, ExecutionException, TimeoutException {
        cluster.end();
        network.end();
        models.end();
        events.end();
    }
}
