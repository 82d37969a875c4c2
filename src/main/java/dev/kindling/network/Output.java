package dev.kindling.network;

/** What the last layer makes of its sums z, and the loss that goes with it. */
public enum Output {
    /** Probabilities of classes, with cross-entropy: a classification. */
    SOFTMAX {
        @Override
        Loss loss(int outputs, int rows) {
            return new Scores(outputs, rows);
        }

        @Override
        public double lossOfGuessing(int outputs) {
            return StrictMath.log(outputs);
        }
    },
    /** The sums as they are, with half of the squared error: a regression. */
    IDENTITY {
        @Override
        Loss loss(int outputs, int rows) {
            return new SquaredError(outputs);
        }

        @Override
        public double lossOfGuessing(int outputs) {
            return outputs / 2.0;
        }
    };

    /** What comes after the last layer of a network, with scratch space for so many rows. */
    abstract Loss loss(int outputs, int rows);

    /**
     * The mean loss, in nats or in units of the targets squared, of a network that says the same of every row: all classes are
     * equally probable, or each target is 0, of targets with mean 0 and variance 1.
     */
    public abstract double lossOfGuessing(int outputs);
}
