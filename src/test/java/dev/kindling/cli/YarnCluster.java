package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.ui.WebServers;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/**
 * Hadoop's own daemons, each in a process of its own, on loopback and free ports: HDFS with one data node, and YARN with two
 * nodes, of which each has room for one executor and one driver. Users are who they say they are.
 */
final class YarnCluster {
    /** Who runs commands: nobody whom HDFS lets do all. */
    static final String USER = "alice";

    private static final String SERVER = "org.apache.hadoop.yarn.server.";
    private static final String HDFS = "org.apache.hadoop.hdfs.server.";
    private static final int NODE_MEGABYTES = 2560;

    private final Path folder;
    private final String version = Submission.sparkVersion();
    private final Configuration configuration = new Configuration(false);
    private final ClusterProcesses processes;
    private final List<Process> daemons = new ArrayList<>();
    private final List<Process> nodes = new ArrayList<>();

    /** @param folder where configuration, logs and whatever else Hadoop writes go */
    YarnCluster(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        this.processes = new ClusterProcesses(folder + "/");
        configure();
        daemons.add(start(SERVER + "resourcemanager.ResourceManager"));
        startNodes();
        assertThat(start(HDFS + "namenode.NameNode", "-format").waitFor()).isZero();
        daemons.add(start(HDFS + "namenode.NameNode"));
        daemons.add(start(HDFS + "datanode.DataNode"));
    }

    private void configure() throws IOException {
        configuration.set("hadoop.tmp.dir", folder + "/hadoop");
        configuration.set("fs.defaultFS", "hdfs://127.0.0.1:" + WebServers.freePort());
        for (String server : List.of("address", "scheduler.address", "resource-tracker.address", "admin.address")) {
            configuration.set("yarn.resourcemanager." + server, "127.0.0.1:" + WebServers.freePort());
        }
        for (String server : List.of(
                "dfs.namenode.http-address",
                "dfs.datanode.address",
                "dfs.datanode.http.address",
                "dfs.datanode.ipc.address",
                "yarn.resourcemanager.webapp.address",
                "yarn.nodemanager.address",
                "yarn.nodemanager.localizer.address",
                "yarn.nodemanager.webapp.address")) {
            configuration.set(server, "127.0.0.1:0");
        }
        configuration.set("ipc.client.connect.max.retries", "180"); // one a second, until the other daemon is there
        configuration.set("dfs.replication", "1");
        configuration.set(
                "yarn.resourcemanager.scheduler.class",
                SERVER + "resourcemanager.scheduler.fifo.FifoScheduler"); // it needs no queues
        configuration.set("yarn.resourcemanager.nodemanagers.heartbeat-interval-ms", "200");
        configuration.set("yarn.nm.liveness-monitor.expiry-interval-ms", "10000"); // for a node that is killed
        configuration.set("yarn.scheduler.minimum-allocation-mb", "128");
        configuration.set("yarn.nodemanager.resource.memory-mb", Integer.toString(NODE_MEGABYTES));
        configuration.set("yarn.nodemanager.hostname", "127.0.0.1");
        configuration.set("yarn.nodemanager.disk-health-checker.enable", "false"); // a disk may be nearly full here
        configuration.set("yarn.nodemanager.vmem-check-enabled", "false");
        Path conf = Files.createDirectories(folder.resolve("conf"));
        for (String file : List.of("core-site.xml", "hdfs-site.xml", "yarn-site.xml")) {
            try (OutputStream out = Files.newOutputStream(conf.resolve(file))) {
                configuration.writeXml(out);
            }
        }
    }

    private Process start(String mainClass, String... arguments) throws IOException {
        Path repository = Submission.REPOSITORY;
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = String.join(
                ":",
                folder + "/conf",
                repository + "/target/hadoop/*",
                repository + "/target/spark-" + version + "/jars/*");
        List<String> command =
                new ArrayList<>(List.of(java, "-Xmx300m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add("-Dlog4j2.configurationFile=" + repository + "/conf/log4j2.properties");
        command.addAll(List.of("-cp", classPath, mainClass));
        command.addAll(List.of(arguments));
        Path log = Files.createTempFile(folder, mainClass.replaceAll(".*\\.", ""), ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    /** What the environment of submit.sh must have. */
    Map<String, String> environment() {
        return Map.of(
                "SPARK_LOCAL_IP", "127.0.0.1",
                "SPARK_LOCAL_DIRS", folder + "/local",
                "HADOOP_CONF_DIR", folder + "/conf");
    }

    /** Starts as many as are missing. */
    void startNodes() throws IOException {
        nodes.removeIf(node -> !node.isAlive());
        while (nodes.size() < 2) {
            Path place = Files.createTempDirectory(folder, "node-");
            nodes.add(start(
                    SERVER + "nodemanager.NodeManager",
                    "-Dyarn.nodemanager.local-dirs=" + place + "/local",
                    "-Dyarn.nodemanager.log-dirs=" + place + "/logs"));
        }
    }

    /** A node without what runs the application: its processes, the manager first. */
    List<ProcessHandle> nodeWithout(ProcessHandle applicationMaster) {
        Process node = nodes.stream()
                .filter(Process::isAlive)
                .filter(alive -> alive.descendants().noneMatch(applicationMaster::equals))
                .findFirst()
                .orElseThrow();
        return Stream.concat(Stream.of(node.toHandle()), node.descendants()).toList();
    }

    /** The one process that lives and runs a class. */
    ProcessHandle running(String mainClass) {
        List<ProcessHandle> found = processes.running(mainClass);
        assertThat(found).as(mainClass).hasSize(1);
        return found.get(0);
    }

    /** What all containers have printed, the oldest first, to stdout or stderr. */
    String printed(String stream) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.endsWith(stream) && file.toString().contains("/container_"))
                    .sorted(Comparator.comparing(file -> file.getParent().getFileName()))
                    .map(YarnCluster::read)
                    .collect(Collectors.joining());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** HDFS, as somebody who may do all, with a home for the user. */
    FileSystem files(String... data) throws IOException, InterruptedException {
        DistributedFileSystem files = (DistributedFileSystem) FileSystem.get(configuration);
        while (!isUp(files)) {
            assertThat(daemons).as("daemons; see their logs in " + folder).allMatch(Process::isAlive);
            TimeUnit.MILLISECONDS.sleep(100);
        }
        org.apache.hadoop.fs.Path home = new org.apache.hadoop.fs.Path("/user/" + USER);
        files.mkdirs(home);
        for (String folder : data) {
            files.copyFromLocalFile(new org.apache.hadoop.fs.Path(Submission.REPOSITORY + "/" + folder), home);
        }
        files.setOwner(home, USER, USER);
        files.setPermission(home, new FsPermission("700"));
        return files;
    }

    private static boolean isUp(DistributedFileSystem files) throws IOException {
        try {
            return files.getDataNodeStats().length > 0;
        } catch (ConnectException e) {
            return false;
        }
    }

    /** Waits until only the daemons are there. */
    void awaitQuiet() throws InterruptedException, ExecutionException {
        processes.awaitOnly(Stream.concat(daemons.stream(), nodes.stream()));
    }

    /** Ends all processes, and makes sure of it. */
    void end() throws InterruptedException, ExecutionException, TimeoutException {
        processes.end();
    }
}
