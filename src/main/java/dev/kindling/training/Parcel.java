package dev.kindling.training;

import dev.kindling.error.KindlingException;

/** Puts the pieces of an array together again, which come in order. */
final class Parcel {
    private byte[] whole = {};
    private int received;

    /**
     * Takes in a piece.
     *
     * @throws KindlingException if another one was to come
     */
    void add(RoundMessage piece) {
        requireNext(piece.offset(), piece.total(), received, whole.length);
        if (piece.offset() == 0 && piece.isLast()) {
            whole = piece.body(); // all in one, as nearly always
        } else {
            if (received == 0) {
                whole = new byte[piece.total()];
            }
            System.arraycopy(piece.body(), 0, whole, received, piece.body().length);
        }
        received += piece.body().length;
    }

    /**
     * Refuses a piece that is not the next one.
     *
     * @param offset where it begins in its whole
     * @param total how many bytes that has
     * @param received how many bytes have come before
     * @param whole how many their whole has
     * @throws KindlingException if another one was to come
     */
    static void requireNext(int offset, int total, int received, int whole) {
        if (offset != received || (received > 0 && total != whole)) {
            throw new KindlingException("found bytes from " + offset + " on of " + total + ", expected them from "
                    + received + " on" + (received > 0 ? " of " + whole : ""));
        }
    }

    /** How many bytes have come. */
    int received() {
        return received;
    }

    /** The whole, which has come; the next piece begins another one. */
    byte[] take() {
        byte[] taken = whole;
        whole = new byte[0];
        received = 0;
        return taken;
    }
}
