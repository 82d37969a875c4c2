package guest;

import dev.kindling.SparkTest;
import dev.kindling.sql.KindlingExtensions;
import org.apache.spark.sql.SparkSession;

/** A session with functions of SQL, in the application of all tests: functions come to a session when it starts. */
final class SqlSession {
    private SqlSession() {}

    /** The session, started when first asked for. It is the active one of the thread then, as in a program of its own. */
    static SparkSession activate() {
        SparkSession.setActiveSession(Holder.SESSION);
        return Holder.SESSION;
    }

    private static final class Holder {
        static final SparkSession SESSION = start();

        private static SparkSession start() {
            SparkSession shared = SparkTest.session();
            SparkSession.clearActiveSession();
            SparkSession.clearDefaultSession();
            try {
                return SparkSession.builder()
                        .withExtensions(new KindlingExtensions())
                        .getOrCreate();
            } finally {
                SparkSession.setDefaultSession(shared);
            }
        }
    }
}
