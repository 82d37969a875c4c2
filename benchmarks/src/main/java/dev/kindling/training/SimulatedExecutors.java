package dev.kindling.training;

import dev.kindling.benchmarks.Mnist;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.rpc.RpcTimeout;
import scala.Option;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.FutureConverters;
import scala.reflect.ClassTag;

/**
 * Executors of four cores that compute nothing: they send the driver of {@link DriverCost} what a round's tasks would, over
 * connections of their own, in a process of their own. The sums are those of a gradient of four blocks, the same each time.
 */
public final class SimulatedExecutors {
    static final int CORES = 4;

    private static final ClassTag<byte[][]> ANSWER = ClassTag.apply(byte[][].class);
    /** Each has threads of its own, so that a thousand executors share them. */
    private static final int MOST_CONNECTIONS = 64;

    private final Architecture architecture;
    private final List<Block> blocks = Mnist.train(0).subList(0, CORES);
    private final CountDownLatch working;
    private byte[] sums;

    private SimulatedExecutors(Architecture architecture, int executors) {
        this.architecture = architecture;
        this.working = new CountDownLatch(executors);
    }

    /** @param arguments port and name of the driver's endpoint, layers, number of executors */
    public static void main(String[] arguments) throws InterruptedException {
        int executors = Integer.parseInt(arguments[3]);
        SimulatedExecutors all = new SimulatedExecutors(Architecture.parse(arguments[2]), executors);
        RpcEndpointRef[] connections = new RpcEndpointRef[Math.min(executors, MOST_CONNECTIONS)];
        for (int k = 0; k < connections.length; k++) {
            connections[k] = connect(Integer.parseInt(arguments[0]), arguments[1]);
        }
        for (int k = 0; k < executors; k++) {
            all.begin(connections[k % connections.length], k);
        }
        all.working.await();
        System.exit(0); // the connections have threads that go on
    }

    private static RpcEndpointRef connect(int port, String name) {
        SparkConf conf = new SparkConf()
                .set("spark.rpc.netty.dispatcher.numThreads", "1")
                .set("spark.rpc.io.clientThreads", "1");
        SecurityManager security =
                new SecurityManager(conf, Option.empty(), SecurityManager.$lessinit$greater$default$3());
        return RpcEnv.create("executors", "127.0.0.1", 0, conf, security, true)
                .setupEndpointRef(new RpcAddress("127.0.0.1", port), name);
    }

    private void begin(RpcEndpointRef driver, int executor) {
        byte[] name = String.valueOf(executor).getBytes(StandardCharsets.UTF_8);
        for (int core = 0; core < CORES; core++) {
            int task = executor * CORES + core;
            RoundMessage here = RoundMessage.piece(RoundMessage.Kind.HERE, 1, task, 0, name, 0, name.length);
            ask(driver, here, together -> {
                if (together.task() == task) {
                    ask(
                            driver,
                            RoundMessage.of(RoundMessage.Kind.READY, 1, task, 0),
                            order -> work(driver, task, order));
                }
            });
        }
    }

    private void work(RpcEndpointRef driver, int speaker, RoundMessage order) {
        if (order.kind() == RoundMessage.Kind.END) {
            working.countDown();
            return;
        }
        byte[] sent = sums(order.body());
        ask(
                driver,
                RoundMessage.piece(RoundMessage.Kind.SUMS, 1, speaker, order.number(), sent, 0, sent.length),
                next -> work(driver, speaker, next));
    }

    /** What each of them sends. */
    private synchronized byte[] sums(byte[] bytes) {
        if (sums == null) {
            Order order = Order.read(bytes, architecture);
            GradientFold fold = new GradientFold(architecture);
            fold.begin(order.pass(), order.parameters(), order.blocks().length);
            for (int core = 0; core < CORES; core++) {
                fold.add(core, blocks.get(core));
            }
            sums = fold.sums().toBytes();
        }
        return sums;
    }

    private static void ask(RpcEndpointRef driver, RoundMessage message, Consumer<RoundMessage> answered) {
        RpcTimeout timeout = new RpcTimeout(new FiniteDuration(1, TimeUnit.HOURS), "spark.rpc.askTimeout");
        FutureConverters.asJava(driver.ask(message.toBytes(), timeout, ANSWER)).whenComplete((answer, error) -> {
            if (error != null) {
                error.printStackTrace();
                System.exit(1);
            }
            answered.accept(RoundMessage.read(answer));
        });
    }
}
