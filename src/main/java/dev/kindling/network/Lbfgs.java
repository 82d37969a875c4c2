package dev.kindling.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * L-BFGS: a quasi-Newton method, which knows the curvature from the last {@value #MEMORY} changes of place and gradient (Liu and
 * Nocedal, On the limited memory BFGS method for large scale optimization, 1989). It needs the loss and the gradient of all rows.
 *
 * <p>Each step evaluates one place. The first that lowers the loss enough, and is less steep, ends the search along a line, and
 * the next line begins there. Until then the length is halved or doubled (Lewis and Overton, Nonsmooth optimization via
 * quasi-Newton methods, 2013: the weak Wolfe conditions by bisection), which copes with the kinks of ReLU.
 */
public final class Lbfgs implements Optimizer {
    private static final int MEMORY = 10;

    /** The arrays of one number for each parameter that it keeps. */
    public static final int STATES = 2 * MEMORY + 3;

    /** Of the loss that the slope promises, this share is enough. */
    private static final double SUFFICIENT = 1e-4;

    /** The slope at the end of a search is at most this share of that at its start. */
    private static final double LESS_STEEP = 0.9;

    /** So many places on a line, and floats have no smaller loss on it. */
    private static final int MOST_TRIALS = 40;

    /** Training ends when so many lines together have gained too little. */
    private static final int LOOK_BACK = 10;

    // Where in numbers what is.

    /** How many lines there have been. */
    private static final int LINES = 0;

    /** How many pairs are known. */
    private static final int PAIRS = 1;

    /** The loss where the line begins, at the best place so far. */
    private static final int LOSS = 2;

    private static final int FIRST_LOSS = 3;

    /** How the loss changes along the line where it begins: below 0. */
    private static final int SLOPE = 4;

    /** How far along the line the place is that is tried. */
    private static final int LENGTH = 5;

    /** A length that is too short. */
    private static final int LOW = 6;

    /** One that is too long; 0 for none yet. */
    private static final int HIGH = 7;

    private static final int TRIALS = 8;

    /** 1 if more steps would gain nothing. */
    private static final int CONVERGED = 9;

    private final double tolerance;
    private final double[] numbers = new double[CONVERGED + 1];
    /** The losses where the last lines began, the newest at {@code LINES % LOOK_BACK}. */
    private final double[] losses = new double[LOOK_BACK];

    private final double[] place;
    private final double[] slope;
    private final double[] direction;
    /** The newest pair is at {@code PAIRS % MEMORY}, counted from 1. */
    private final List<double[]> moves = new ArrayList<>();

    private final List<double[]> changes = new ArrayList<>();

    /**
     * @param parameters the length of the flat array
     * @param tolerance it has converged when the last {@value #LOOK_BACK} lines together have lowered the loss by no more than this
     *     share of the first loss; 0 or more
     */
    public Lbfgs(int parameters, double tolerance) {
        this.tolerance = tolerance;
        this.place = new double[parameters];
        this.slope = new double[parameters];
        this.direction = new double[parameters];
        for (int k = 0; k < MEMORY; k++) {
            moves.add(new double[parameters]);
            changes.add(new double[parameters]);
        }
    }

    @Override
    public void step(float[] parameters, double[] gradient, double loss, double learningRate) {
        if (numbers[LINES] == 0) {
            numbers[FIRST_LOSS] = loss;
            begin(parameters, gradient, loss);
        } else if (loss > numbers[LOSS] + SUFFICIENT * numbers[LENGTH] * numbers[SLOPE] || Double.isNaN(loss)) {
            numbers[HIGH] = numbers[LENGTH];
            tryAnother();
        } else if (dot(gradient, direction) < LESS_STEEP * numbers[SLOPE]) {
            numbers[LOW] = numbers[LENGTH];
            tryAnother();
        } else {
            remember(parameters, gradient);
            begin(parameters, gradient, loss);
        }
        for (int k = 0; k < parameters.length; k++) {
            parameters[k] = (float) (place[k] + numbers[LENGTH] * direction[k]);
        }
    }

    /** A line from a place that is better than all before. */
    private void begin(float[] parameters, double[] gradient, double loss) {
        int lines = (int) numbers[LINES] + 1;
        double before = losses[lines % LOOK_BACK];
        losses[lines % LOOK_BACK] = loss;
        numbers[LINES] = lines;
        numbers[LOSS] = loss;
        for (int k = 0; k < place.length; k++) {
            place[k] = parameters[k];
        }
        System.arraycopy(gradient, 0, slope, 0, slope.length);
        if (lines > LOOK_BACK && before - loss <= tolerance * numbers[FIRST_LOSS]) {
            numbers[CONVERGED] = 1;
        }
        aim();
    }

    /** Along the quasi-Newton direction; without pairs down the gradient, by a length of 1 at most. */
    private void aim() {
        int pairs = (int) numbers[PAIRS];
        System.arraycopy(slope, 0, direction, 0, slope.length);
        twoLoops(pairs);
        for (int k = 0; k < direction.length; k++) {
            direction[k] = -direction[k];
        }
        double down = dot(slope, direction);
        if (down >= 0 && pairs > 0) { // which rounding may do
            numbers[PAIRS] = 0;
            aim();
            return;
        }
        if (down == 0) {
            numbers[CONVERGED] = 1;
        }
        numbers[SLOPE] = down;
        numbers[LENGTH] = pairs == 0 ? 1 / Math.max(1, Math.sqrt(-down)) : 1;
        numbers[LOW] = 0;
        numbers[HIGH] = 0;
        numbers[TRIALS] = 0;
    }

    /** The inverse Hessian times the direction, as the pairs know it (Nocedal and Wright, Numerical optimization, 7.4). */
    private void twoLoops(int pairs) {
        double[] shares = new double[MEMORY];
        int oldest = Math.max(1, pairs - MEMORY + 1);
        for (int pair = pairs; pair >= oldest; pair--) {
            double[] move = moves.get(pair % MEMORY);
            double[] change = changes.get(pair % MEMORY);
            shares[pair % MEMORY] = dot(move, direction) / dot(move, change);
            add(direction, -shares[pair % MEMORY], change);
        }
        if (pairs > 0) {
            double[] move = moves.get(pairs % MEMORY);
            double[] change = changes.get(pairs % MEMORY);
            double scale = dot(move, change) / dot(change, change);
            for (int k = 0; k < direction.length; k++) {
                direction[k] *= scale;
            }
        }
        for (int pair = oldest; pair <= pairs; pair++) {
            double[] move = moves.get(pair % MEMORY);
            double[] change = changes.get(pair % MEMORY);
            add(direction, shares[pair % MEMORY] - dot(change, direction) / dot(move, change), move);
        }
    }

    /** Another length of the same line. When floats have none that is better, once more down the gradient. */
    private void tryAnother() {
        double low = numbers[LOW];
        double high = numbers[HIGH];
        numbers[LENGTH] = high == 0 ? 2 * low : (low + high) / 2;
        numbers[TRIALS] = numbers[TRIALS] + 1;
        if (numbers[TRIALS] == MOST_TRIALS) {
            numbers[CONVERGED] = numbers[PAIRS] == 0 ? 1 : numbers[CONVERGED];
            numbers[PAIRS] = 0;
            aim();
        }
    }

    private void remember(float[] parameters, double[] gradient) {
        double product = 0;
        for (int k = 0; k < place.length; k++) {
            product += (parameters[k] - place[k]) * (gradient[k] - slope[k]);
        }
        if (!(product > 0)) { // which floats may spoil
            return;
        }
        int pair = (int) numbers[PAIRS] + 1;
        double[] move = moves.get(pair % MEMORY);
        double[] change = changes.get(pair % MEMORY);
        for (int k = 0; k < move.length; k++) {
            move[k] = parameters[k] - place[k];
            change[k] = gradient[k] - slope[k];
        }
        numbers[PAIRS] = pair;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }

    private static void add(double[] to, double share, double[] numbers) {
        for (int k = 0; k < to.length; k++) {
            to[k] += share * numbers[k];
        }
    }

    @Override
    public boolean hasConverged() {
        return numbers[CONVERGED] == 1;
    }

    /** The best place so far: where the line begins, or the last on it that was better but still steep. */
    @Override
    public float[] result(float[] parameters) {
        float[] best = parameters.clone();
        for (int k = 0; k < best.length && numbers[LINES] > 0; k++) {
            best[k] = (float) (place[k] + numbers[LOW] * direction[k]);
        }
        return best;
    }

    @Override
    public List<double[]> state() {
        List<double[]> state = new ArrayList<>(Arrays.asList(numbers, losses, place, slope, direction));
        state.addAll(moves);
        state.addAll(changes);
        return state;
    }
}
