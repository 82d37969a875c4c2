package dev.kindling.data.files;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.kindling.data.LabelledRows;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A CSV file as rows, or several, one after the other. The id and the line of a row depend on all lines before it, so one
 * job counts the lines in each section of the files, and a later one reads the sections as rows. A compressed file is one
 * section.
 */
final class CsvRows {
    private CsvRows() {}

    /** Where a section begins and ends, in bytes of the file, and whether its first byte starts a line. */
    @DefaultSerializer(JavaSerializer.class)
    private record Cut(DataFile file, long from, long to, boolean startsLine) implements Serializable {
        CsvSection section(Configuration conf) {
            return startsLine ? CsvSection.first(file, conf, from, to) : CsvSection.later(file, conf, from, to);
        }
    }

    /**
     * Opens them.
     *
     * @param name of all of them together
     * @param files at least 1; those without rows are left out
     */
    static LabelledRows open(
            SparkSession spark, String name, List<DataFile> files, int classes, Optional<String> label) {
        SparkContext context = spark.sparkContext();
        List<DataFile> read = new ArrayList<>();
        List<CsvStart> starts = new ArrayList<>();
        for (DataFile file : files) {
            CsvStart.find(file, context.hadoopConfiguration(), label).ifPresent(start -> {
                read.add(file);
                starts.add(start);
            });
        }
        if (read.isEmpty()) {
            throw CsvStart.withoutRows(name);
        }
        CsvStart start = starts.get(0);
        List<List<Cut>> cuts = new ArrayList<>();
        for (int k = 0; k < read.size(); k++) {
            starts.get(k)
                    .requireColumnsOf(start, read.get(k).name(), read.get(0).name());
            cuts.add(cuts(read.get(k), starts.get(k).offset(), context.defaultParallelism(), read.size()));
        }
        List<CsvRange> ranges = new ArrayList<>();
        long rows = 0;
        List<CsvSection> sections =
                sections(context, cuts.stream().flatMap(List::stream).toList());
        for (int k = 0; k < read.size(); k++) {
            List<CsvSection> ofFile = sections.subList(0, cuts.get(k).size());
            sections = sections.subList(ofFile.size(), sections.size());
            rows += addRanges(ranges, rows, read.get(k), starts.get(k), ofFile, classes);
        }
        return new LabelledRows(RowRange.table(spark, ranges, name), rows, start.features(), name);
    }

    /** Cuts a file into sections: fewer where there are many files. */
    private static List<Cut> cuts(DataFile file, long start, int cores, int files) {
        if (!file.isPlain()) {
            return List.of(new Cut(file, start, Long.MAX_VALUE, true));
        }
        long length = file.length() - start;
        int parts = (int) Math.min(length, 1 + (cores - 1) / files);
        List<Cut> cuts = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            cuts.add(new Cut(file, start + length * part / parts, start + length * (part + 1) / parts, part == 0));
        }
        return cuts;
    }

    private static List<CsvSection> sections(SparkContext context, List<Cut> cuts) {
        SerializableConfiguration conf = new SerializableConfiguration(context.hadoopConfiguration());
        return JavaSparkContext.fromSparkContext(context)
                .parallelize(cuts, cuts.size())
                .map(cut -> cut.section(conf.value()))
                .collect();
    }

    /** Adds the rows of a file to those before it, and says how many they are. */
    private static long addRanges(
            List<CsvRange> ranges, long before, DataFile file, CsvStart start, List<CsvSection> sections, int classes) {
        long rows = rows(sections);
        long first = 0;
        for (CsvSection section : sections) {
            long count = Math.min(section.lines(), rows - first);
            if (count > 0) {
                ranges.add(new CsvRange(
                        file,
                        section.offset(),
                        start.line() + first,
                        before + first,
                        count,
                        start.features(),
                        start.labelColumn(),
                        classes));
            }
            first += section.lines();
        }
        return rows;
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
