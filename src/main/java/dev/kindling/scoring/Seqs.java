package dev.kindling.scoring;

import java.util.List;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Lists as Spark's planner takes and gives them. */
final class Seqs {
    private Seqs() {}

    static <T> Seq<T> of(List<T> list) {
        return CollectionConverters.asScala(list).toSeq();
    }

    static <T> Seq<T> one(T only) {
        return of(List.of(only));
    }

    static <T> List<T> list(Seq<T> seq) {
        return CollectionConverters.asJava(seq);
    }
}
