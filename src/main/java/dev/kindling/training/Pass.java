package dev.kindling.training;

/** What the rows of a batch are gone through for. */
enum Pass {
    /** To move the parameters: forward and back, for the gradient. */
    STEP,
    /** To see how good they are: forward only. */
    EVALUATION
}
