package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;

class LbfgsTest {
    private static final int SIZE = 50;

    /** Curvatures from 1 to 10,000, with the minimum at 1, 2, 3 and so on. */
    private static double quadratic(float[] p, double[] gradient) {
        double loss = 0;
        for (int k = 0; k < p.length; k++) {
            double curvature = Math.pow(10, 4.0 * k / (p.length - 1));
            double off = p[k] - (k + 1);
            loss += curvature * off * off / 2;
            gradient[k] = curvature * off;
        }
        return loss;
    }

    /** Rosenbrock's valley, with the minimum at (1, 1). */
    private static double valley(float[] p, double[] gradient) {
        double x = p[0];
        double y = p[1];
        double up = y - x * x;
        gradient[0] = -400 * x * up - 2 * (1 - x);
        gradient[1] = 200 * up;
        return 100 * up * up + (1 - x) * (1 - x);
    }

    /** As ReLU has them: the sum of sizes, with the minimum in the kink at 0. */
    private static double kinks(float[] p, double[] gradient) {
        double loss = 0;
        for (int k = 0; k < p.length; k++) {
            loss += (k + 1) * Math.abs(p[k]);
            gradient[k] = (k + 1) * Math.signum(p[k]);
        }
        return loss;
    }

    private static float[] minimise(Lbfgs lbfgs, ToDoubleBiFunction<float[], double[]> loss, float[] p, int steps) {
        for (int step = 0; step < steps && !lbfgs.hasConverged(); step++) {
            double[] gradient = new double[p.length];
            lbfgs.step(p, gradient, loss.applyAsDouble(p, gradient), 1);
        }
        return lbfgs.result(p);
    }

    @Test
    void anIllConditionedQuadraticIsMinimised() {
        float[] found = minimise(new Lbfgs(SIZE, 0), LbfgsTest::quadratic, new float[SIZE], 400);
        assertThat(quadratic(new float[SIZE], new double[SIZE])).isGreaterThan(1e7);
        assertThat(quadratic(found, new double[SIZE])).isLessThan(1e-3);
    }

    @Test
    void aCurvedValleyIsFollowedToItsEnd() {
        float[] found = minimise(new Lbfgs(2, 0), LbfgsTest::valley, new float[] {-1.2f, 1}, 100);
        assertThat(valley(found, new double[2])).isLessThan(1e-9);
    }

    @Test
    void kinksDoNotStopIt() {
        float[] found = minimise(new Lbfgs(3, 0), LbfgsTest::kinks, new float[] {3, -2, 1}, 400);
        assertThat(kinks(found, new double[3])).isLessThan(1e-3);
    }

    @Test
    void itEndsWithTheBestPlaceOfAllThatItWasShown() {
        Lbfgs lbfgs = new Lbfgs(2, 0);
        float[] p = {-1.2f, 1};
        double smallest = Double.POSITIVE_INFINITY;
        boolean everRose = false;
        for (int step = 0; step < 25; step++) {
            double[] gradient = new double[2];
            double loss = valley(p, gradient);
            everRose |= loss > smallest;
            smallest = Math.min(smallest, loss);
            lbfgs.step(p, gradient, loss, 1);
            assertThat(valley(lbfgs.result(p), new double[2])).isLessThanOrEqualTo(smallest * 1.01);
        }
        assertThat(everRose).isTrue();
    }

    @Test
    void itConvergesWhenTenLinesGainLessThanTheTolerance() {
        float[] p = new float[SIZE];
        Lbfgs coarse = new Lbfgs(SIZE, 1e-2);
        minimise(coarse, LbfgsTest::quadratic, p, 1_000);
        assertThat(coarse.hasConverged()).isTrue();
        double first = quadratic(new float[SIZE], new double[SIZE]);
        assertThat(quadratic(coarse.result(p), new double[SIZE])).isBetween(1e-6, first / 20);
    }

    @Test
    void aPlaceWithoutASlopeIsTheEnd() {
        Lbfgs lbfgs = new Lbfgs(2, 0);
        float[] p = {1, 1};
        lbfgs.step(p, new double[2], 0, 1);
        assertThat(lbfgs.hasConverged()).isTrue();
        assertThat(p).containsExactly(1, 1);
    }

    @Test
    void itsStateIsAllThatItsNextStepsDependOn() {
        Lbfgs first = new Lbfgs(SIZE, 0);
        float[] p = new float[SIZE];
        minimise(first, LbfgsTest::quadratic, p, 37);
        Lbfgs second = new Lbfgs(SIZE, 0);
        Iterator<double[]> from = first.state().iterator();
        second.state().forEach(to -> System.arraycopy(from.next(), 0, to, 0, to.length));
        float[] copy = p.clone();
        assertThat(minimise(first, LbfgsTest::quadratic, p, 40))
                .isEqualTo(minimise(second, LbfgsTest::quadratic, copy, 40));
    }
}
