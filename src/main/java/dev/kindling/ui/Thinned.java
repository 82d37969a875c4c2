package dev.kindling.ui;

import java.util.ArrayList;
import java.util.List;

/**
 * A series that may go on for ever, in bounded memory: all of a short one, then every 2nd, 4th, 8th element and so on, at
 * most {@value #MOST} of them, and always the first and the last.
 */
final class Thinned<T> {
    static final int MOST = 400;

    private final List<T> kept = new ArrayList<>();
    private long added;
    private long apart = 1;
    private T last;

    void add(T element) {
        last = element;
        if (added++ % apart != 0) {
            return;
        }
        kept.add(element);
        if (kept.size() == MOST) {
            for (int k = MOST - 1; k > 0; k -= 2) { // keeps the even ones
                kept.remove(k);
            }
            apart *= 2;
        }
    }

    /** A copy, in order. */
    List<T> elements() {
        if (last == null || kept.get(kept.size() - 1) == last) {
            return List.copyOf(kept);
        }
        List<T> elements = new ArrayList<>(kept);
        elements.add(last);
        return List.copyOf(elements);
    }
}
