package dev.kindling.training;

import java.util.ArrayList;
import java.util.List;

/**
 * A series that may go on for ever, in bounded memory: all of a short one, then every 2nd, 4th, 8th element and so on, and
 * always the first and the last. Which elements are kept depends on the number of the last one alone.
 */
public final class Thinned<T> {
    private final int most;
    private final List<Numbered<T>> kept = new ArrayList<>();
    private long apart = 1;

    private record Numbered<T>(long number, T element) {}

    /** @param most how many elements are kept beside the first */
    public Thinned(int most) {
        this.most = most;
    }

    /** Adds the next element. */
    public void add(T element) {
        add(kept.isEmpty() ? 1 : end().number + 1, element);
    }

    /**
     * Adds an element by its number: a series that was thinned before goes on as if it had all its elements.
     *
     * @param number from 1, rising; the last one again replaces it
     */
    public void add(long number, T element) {
        if (!kept.isEmpty() && (end().number == number || !lasts(end()))) {
            kept.remove(kept.size() - 1);
        }
        if (number > most * apart) {
            while (number > most * apart) {
                apart *= 2;
            }
            kept.removeIf(each -> !lasts(each));
        }
        kept.add(new Numbered<>(number, element));
    }

    private boolean lasts(Numbered<T> each) {
        return each.number == 1 || each.number % apart == 0;
    }

    private Numbered<T> end() {
        return kept.get(kept.size() - 1);
    }

    /** There must be one. */
    public T first() {
        return kept.get(0).element;
    }

    /** There must be one. */
    public T last() {
        return end().element;
    }

    /** A copy, in order. */
    public List<T> elements() {
        return kept.stream().map(Numbered::element).toList();
    }
}
