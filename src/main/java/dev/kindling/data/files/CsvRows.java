package dev.kindling.data.files;

import dev.kindling.data.LabelledRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A CSV file as rows. The id and the line of a row depend on all lines before it, so one job counts the lines in each
 * section of the file, and a later one reads the sections as rows. A compressed file is one section.
 */
final class CsvRows {
    private CsvRows() {}

    static LabelledRows open(SparkSession spark, DataFile file, int classes, Optional<String> label) {
        SparkContext context = spark.sparkContext();
        CsvStart start = CsvStart.read(file, context.hadoopConfiguration(), label);
        List<CsvSection> sections = sections(context, file, start.offset());
        long rows = rows(sections);
        List<CsvRange> ranges = new ArrayList<>();
        long first = 0;
        for (CsvSection section : sections) {
            long count = Math.min(section.lines(), rows - first);
            if (count > 0) {
                ranges.add(new CsvRange(
                        file,
                        section.offset(),
                        start.line() + first,
                        first,
                        count,
                        start.features(),
                        start.labelColumn(),
                        classes));
            }
            first += section.lines();
        }
        return new LabelledRows(RowRange.table(spark, ranges, file.name()), rows, start.features(), file.name());
    }

    private static List<CsvSection> sections(SparkContext context, DataFile file, long start) {
        SerializableConfiguration conf = new SerializableConfiguration(context.hadoopConfiguration());
        long length = file.length() - start;
        int parts = file.isPlain() ? (int) Math.min(length, context.defaultParallelism()) : 1;
        List<Integer> numbers = IntStream.range(0, parts).boxed().toList();
        return JavaSparkContext.fromSparkContext(context)
                .parallelize(numbers, parts)
                .map(part -> {
                    long from = start + length * part / parts;
                    long to = file.isPlain() ? start + length * (part + 1) / parts : Long.MAX_VALUE;
                    Configuration hadoop = conf.value();
                    return part == 0
                            ? CsvSection.first(file, hadoop, from, to)
                            : CsvSection.later(file, hadoop, from, to);
                })
                .collect();
    }

    /** The lines up to the last that is not blank: blank lines at the end are no rows. */
    private static long rows(List<CsvSection> sections) {
        long lines = 0;
        long rows = 0;
        for (CsvSection section : sections) {
            rows = section.filled() > 0 ? lines + section.filled() : rows;
            lines += section.lines();
        }
        return rows;
    }
}
