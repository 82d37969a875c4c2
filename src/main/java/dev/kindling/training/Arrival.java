package dev.kindling.training;

import dev.kindling.error.KindlingException;
import java.io.ByteArrayOutputStream;

/**
 * The sums of an executor or a task as they come to the driver, piece by piece. Gradients, which are nearly all of it, are added to the total
 * as they come, so that the driver never has them whole beside the total.
 */
final class Arrival {
    private int received;
    private int whole;
    /** What has come of that which follows the gradients. */
    private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

    /** The longest piece of at most so many bytes that cuts no number in two. */
    static int wholeNumbers(int mostBytes) {
        return mostBytes / Long.BYTES * Long.BYTES;
    }

    /**
     * Takes in a piece.
     *
     * @param offset where it begins in the whole, as {@link ShardSums#toBytes} gives it
     * @param length how many bytes that has
     * @param sums what it is added to; of the same order for all pieces of a whole
     * @throws KindlingException if another piece was to come, or if it ends within a number; then nothing is added
     */
    void add(byte[] piece, int offset, int length, ShardSums sums) {
        Parcel.requireNext(offset, length, received, whole);
        int gradients = (int) Math.max(0, Math.min(piece.length, sums.bytesOfGradients() - received));
        if (gradients % Long.BYTES != 0) {
            throw new KindlingException("found " + gradients + " bytes of sums from " + received
                    + " on, expected whole numbers of " + Long.BYTES + " bytes");
        }
        sums.addGradients(piece, received, gradients);
        received += piece.length;
        whole = length;
        if (received < whole) {
            rest.write(piece, gradients, piece.length - gradients);
        } else {
            if (rest.size() == 0) { // all in one, as nearly always
                sums.addRest(piece, gradients);
            } else {
                rest.write(piece, gradients, piece.length - gradients);
                sums.addRest(rest.toByteArray(), 0);
            }
            rest.reset();
            received = 0;
        }
    }
}
