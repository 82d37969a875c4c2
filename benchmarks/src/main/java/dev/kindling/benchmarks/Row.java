package dev.kindling.benchmarks;

import java.util.Locale;

/**
 * A row of the table.
 *
 * @param number as docs/benchmarks.md has it
 * @param what is compared
 * @param ours Kindling's figure
 * @param theirs the figure beside it
 * @param ratio the one by the other, as the bar has it
 * @param bar what the ratio is to be
 * @param met yes, no, or why not known
 */
record Row(String number, String what, String ours, String theirs, String ratio, String bar, String met) {
    static final String NONE = "–";

    /** Ours is to be at least so many times faster. */
    static Row faster(String number, String what, double ours, double theirs, double times) {
        double ratio = theirs / ours;
        return new Row(
                number, what, time(ours), time(theirs), number(ratio), "≥ " + number(times), yes(ratio >= times));
    }

    /** Ours is to take at most so many times as long. */
    static Row within(String number, String what, double ours, double theirs, double times) {
        double ratio = ours / theirs;
        return new Row(
                number, what, time(ours), time(theirs), number(ratio), "≤ " + number(times), yes(ratio <= times));
    }

    /** Ours is to take at most so many seconds. */
    static Row within(String number, String what, double ours, double seconds) {
        return new Row(number, what, time(ours), NONE, NONE, "≤ " + time(seconds), yes(ours <= seconds));
    }

    static Row notRun(String number, String what, String why) {
        return new Row(number, what, NONE, NONE, NONE, NONE, "not run: " + why);
    }

    static String header() {
        return "| | what | ours | theirs | ratio | bar | met |\n|---|---|---|---|---|---|---|";
    }

    @Override
    public String toString() {
        return String.join(" | ", "| " + number, what, ours, theirs, ratio, bar, met + " |");
    }

    static String yes(boolean met) {
        return met ? "yes" : "**no**";
    }

    /** Seconds, for people. */
    static String time(double seconds) {
        if (Double.isInfinite(seconds)) {
            return "never";
        }
        return seconds < 1 ? number(1000 * seconds) + " ms" : number(seconds) + " s";
    }

    /** Three digits that count. */
    static String number(double value) {
        int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
