package dev.kindling.storage;

import java.util.Optional;

/**
 * What goes into a model and what comes out of it, in a caller's own columns and values. A model without one takes pixels, or
 * other numbers that are ready for the network, and its classes are numbers from 0.
 *
 * @param inputs what goes in
 * @param labels what the classes stand for; empty where numbers are predicted
 * @param targets the numbers that are predicted; empty where there are classes
 */
public record Signature(Inputs inputs, Optional<Labels> labels, Optional<Targets> targets) {}
