package dev.kindling.training;

/** Why a job goes through the rows of a batch. */
enum Pass {
    /** To move the parameters: forward and back, for the gradient. */
    STEP,
    /** To see how good they are: forward only. */
    EVALUATION
}
