package dev.kindling;

import java.nio.ByteBuffer;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag;

/** Spark's other serialiser, which a user may choose. */
public final class Kryo {
    private Kryo() {}

    /** What arrives when an object travels between processes, alone and in an array as Spark collects results. */
    @SuppressWarnings("unchecked") // what comes back is what went in
    public static <T> T send(T object) {
        SerializerInstance serializer = new KryoSerializer(new SparkConf()).newInstance();
        ClassTag<Object[]> tag = ClassTag.apply(Object[].class);
        ByteBuffer bytes = serializer.serialize(new Object[] {object}, tag);
        return (T) serializer.deserialize(bytes, tag)[0];
    }
}
