package dev.kindling.training;

import dev.kindling.error.KindlingException;
import java.io.ByteArrayOutputStream;

/**
 * The sums of an executor as they come to the driver, piece by piece. Gradients, which are nearly all of it, are added to the total
 * as they come, so that the driver never has those of several executors side by side.
 */
final class Arrival {
    private int received;
    private int whole;
    /** What has come of that which follows the gradients. */
    private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

    /**
     * Takes in a piece.
     *
     * @param total the sums that it is added to; of the same order for all pieces of a whole
     * @throws KindlingException if another piece was to come, or if it ends within a number; then nothing is added
     */
    void add(RoundMessage piece, ShardSums total) {
        piece.requireNext(received, whole);
        byte[] body = piece.body();
        int gradients = (int) Math.max(0, Math.min(body.length, total.bytesOfGradients() - received));
        if (gradients % Long.BYTES != 0) {
            throw new KindlingException("found " + gradients + " bytes of sums from " + received
                    + " on, expected whole numbers of " + Long.BYTES + " bytes");
        }
        total.addGradients(body, received, gradients);
        received += body.length;
        whole = piece.total();
        if (received < whole) {
            rest.write(body, gradients, body.length - gradients);
        } else {
            if (rest.size() == 0) { // all in one, as nearly always
                total.addRest(body, gradients);
            } else {
                rest.write(body, gradients, body.length - gradients);
                total.addRest(rest.toByteArray(), 0);
            }
            rest.reset();
            received = 0;
        }
    }
}
