package dev.kindling.storage;

import java.util.List;

/** Numbers in several arrays, one after the other: one array of all would be a copy, of which a large network has no room. */
public record Numbers(List<double[]> arrays) {
    /** How many there are. */
    public int length() {
        return arrays.stream().mapToInt(array -> array.length).reduce(0, Math::addExact);
    }

    /**
     * Copies some of them.
     *
     * @param from the place of the first, from 0
     * @param to receives as many as it is long; there are so many
     */
    public void copy(int from, double[] to) {
        int start = 0; // the place of an array's first number
        for (double[] array : arrays) {
            int first = Math.max(from, start);
            int count = Math.min(from + to.length, start + array.length) - first;
            if (count > 0) {
                System.arraycopy(array, first - start, to, first - from, count);
            }
            start += array.length;
        }
    }
}
