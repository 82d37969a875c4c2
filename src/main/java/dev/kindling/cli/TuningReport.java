package dev.kindling.cli;

import dev.kindling.error.KindlingException;
import dev.kindling.plot.CurvesPicture;
import dev.kindling.storage.HistoryRow;
import dev.kindling.storage.ParquetTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The result of a comparison: the ranking, a table of all evaluations, and a picture of them.
 *
 * @param source where the rows came from
 * @param ranked the best first, without those that were dropped; at least one
 * @param dropped those that diverged
 */
record TuningReport(String source, List<Candidate> ranked, List<Candidate> dropped) {
    /** The name of each file, before its ending. */
    private static final String NAME = "tuning";

    /** What shows that a directory holds such a report. */
    static final String MARK = NAME + ".csv";

    /** The most lines that can be told apart and whose legend fits. */
    static final int MOST_CURVES = 12;

    private static final StructType SCHEMA = new StructType()
            .add("candidate", DataTypes.StringType, false)
            .add("optimizer", DataTypes.StringType, false)
            .add("learningRate", DataTypes.DoubleType, false)
            .add("seed", DataTypes.LongType, false)
            .add("step", DataTypes.IntegerType, false)
            .add("loss", DataTypes.DoubleType, false)
            .add("accuracy", DataTypes.DoubleType, false);

    /** Writes the table as CSV and Parquet, and the picture as PNG and SVG. */
    void write(SparkSession spark, Path directory) throws IOException {
        List<Row> rows = rows();
        PictureFiles.writeFile(spark, new Path(directory, MARK), csv(rows).getBytes(StandardCharsets.UTF_8));
        ParquetTable.write(spark, rows.iterator(), SCHEMA, new Path(directory, NAME + ".parquet"));
        try {
            PictureFiles.of(picture()).write(spark, directory, NAME);
        } catch (KindlingException e) { // no fonts: the numbers are there all the same
            Main.warn(e.getMessage());
        }
    }

    /** Every evaluation of every candidate on the held-out rows. */
    private List<Row> rows() {
        return Stream.concat(ranked.stream(), dropped.stream())
                .flatMap(candidate -> candidate.evaluations().stream().map(shown -> row(candidate, shown)))
                .toList();
    }

    private static Row row(Candidate candidate, HistoryRow shown) {
        return RowFactory.create(
                candidate.name(),
                candidate.recipe().optimizer().name().toLowerCase(Locale.ROOT),
                candidate.recipe().learningRate(),
                candidate.recipe().seed(),
                shown.step(),
                shown.validationLoss(),
                shown.validationAccuracy());
    }

    /** No value has a comma or a quote in it. */
    private static String csv(List<Row> rows) {
        Stream<String> lines = rows.stream().map(row -> row.mkString(","));
        return Stream.concat(Stream.of(String.join(",", SCHEMA.fieldNames())), lines)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Accuracy on the held-out rows against the step, a line a candidate. */
    CurvesPicture picture() {
        List<CurvesPicture.Curve> curves = Stream.concat(ranked.stream(), dropped.stream())
                .filter(candidate -> !candidate.evaluations().isEmpty())
                .limit(MOST_CURVES)
                .map(TuningReport::curve)
                .toList();
        int all = ranked.size() + dropped.size();
        String which = curves.size() == all ? "all " + all : "the best " + curves.size() + " of " + all;
        return new CurvesPicture(
                "Accuracy on held-out rows",
                source + ": " + which + " candidates; the best one is at the top of the legend",
                List.of(new CurvesPicture.Chart("accuracy, held-out rows", curves)));
    }

    private static CurvesPicture.Curve curve(Candidate candidate) {
        List<HistoryRow> shown = candidate.evaluations();
        return new CurvesPicture.Curve(
                candidate.name(),
                shown.stream().mapToDouble(HistoryRow::step).toArray(),
                shown.stream().mapToDouble(HistoryRow::validationAccuracy).toArray());
    }

    /** The ranking, a line a candidate. */
    String text() {
        int width = Stream.concat(ranked.stream(), dropped.stream())
                .mapToInt(candidate -> candidate.name().length())
                .max()
                .orElseThrow();
        StringBuilder text = new StringBuilder("ranking by accuracy on held-out rows");
        for (int k = 0; k < ranked.size(); k++) {
            Candidate candidate = ranked.get(k);
            HistoryRow result = candidate.result();
            text.append(String.format(
                    Locale.ROOT,
                    "%n%3d  %-" + width + "s  accuracy %.4f, loss %.4f after step %,d",
                    k + 1,
                    candidate.name(),
                    result.validationAccuracy(),
                    result.validationLoss(),
                    result.step()));
        }
        for (Candidate candidate : dropped) {
            text.append(String.format("%n  -  %-" + width + "s  %s", candidate.name(), candidate.whyDropped()));
        }
        return text.toString();
    }
}
