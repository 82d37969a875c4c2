package dev.kindling.network;

/**
 * What comes after the last layer: the outputs of a block, how far they are from what is true, and where the chain rule begins.
 * Loss and delta of a row are multiplied by its weight.
 */
interface Loss {
    /** Takes the sums Z of a block from the last layer, and leaves them there; the methods below give its results. */
    void score(Block block, Layer last);

    /** Puts dLoss/dZ of the block that was scored into the last layer. */
    void deltas(Block block, Layer last);

    /** Shape (rows, outputs): a new array. */
    float[] outputs(Block block, Layer last);

    /** The loss, summed over the rows. */
    double loss();

    /** How many rows have their own class as the most probable one; 0 where there are no classes. */
    int correct();

    /** The most probable class of a row, the first of equals; 0 where there are no classes. */
    int prediction(int row);
}
