package dev.kindling;

import dev.kindling.ui.NamedUser;
import dev.kindling.ui.TrainingPlugin;
import org.apache.spark.sql.SparkSession;

/** The one Spark session of all tests: two threads, a UI on any free port with a filter for its users, no network but loopback. */
public final class SparkTest {
    private SparkTest() {}

    /** The session, started when first asked for and stopped with the JVM. */
    public static SparkSession session() {
        return Holder.SESSION;
    }

    private static final class Holder {
        static final SparkSession SESSION = SparkSession.builder()
                .master("local[2,2]") // a task has two attempts
                .config(
                        "spark.plugins",
                        FirstAttemptsFail.Plugin.class.getName() + "," + TrainingPlugin.class.getName())
                .appName("tests")
                .config("spark.ui.port", 0)
                .config("spark.ui.filters", NamedUser.class.getName())
                .config("spark.acls.enable", true)
                .config("spark.user.groups.mapping", "") // asks the system for groups of users it does not know
                .config("spark.ui.view.acls", NamedUser.MAY_LOOK)
                .config("spark.sql.shuffle.partitions", 2)
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.log.level", "OFF") // tests provoke failures, and Spark logs each with its stack
                .getOrCreate();
    }
}
