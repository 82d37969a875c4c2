import java.io.FileInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.zip.GZIPInputStream;

/**
 * A neural network that learns to read handwritten digits, in plain loops: read it from top to bottom. Run it from the
 * root of the repository: java docs/textbook/NeuralNetwork.java
 * Names are those of docs/the-math.md, which derives the formulas. X, W1 and W2 are matrices, M[row][column]. X has a row
 * for each image; a small x is one row, which becomes z1, a and z2 on its way through the network.
 */
class NeuralNetwork {
    static final int PIXELS = 784; // 28 x 28
    static final int HIDDEN = 10; // the units between pixels and classes
    static final int CLASSES = 10; // the digits 0 to 9

    /** All that is learnt, w. Its gradient G is one too: it has a number for each parameter. */
    record Parameters(
            double[][] W1, // shape (784, 10): W1[i][u] is the weight of pixel i in hidden unit u
            double[] b1, // shape (10): the bias of each hidden unit
            double[][] W2, // shape (10, 10): W2[u][k] is the weight of hidden unit u in class k
            double[] b2) {} // shape (10): the bias of each class

    /** An image on its way: the sums of the hidden units, their activations, and the sums of the classes, or logits. */
    record Forward(double[] z1, double[] a, double[] z2) {} // each of shape (10)

    // ---------------------------------------------------------------- Forward: from an image to its loss
    /** z1 = x W1 + b1, a = max(z1, 0), z2 = a W2 + b2. The image x has shape (784). */
    static Forward forward(Parameters w, double[] x) {
        double[] z1 = sums(x, w.W1, w.b1);
        double[] a = relu(z1);
        return new Forward(z1, a, sums(a, w.W2, w.b2));
    }

    /** z_u = sum_i x_i W_iu + b_u. Shapes: x (inputs), W (inputs, units), b and z (units). */
    static double[] sums(double[] x, double[][] W, double[] b) {
        double[] z = b.clone();
        for (int i = 0; i < x.length; i++) {
            for (int u = 0; u < z.length; u++) {
                z[u] += x[i] * W[i][u];
            }
        }
        return z;
    }

    /** a = max(z, 0). Without this bend two layers could do no more than one: a sum of sums is a sum. */
    static double[] relu(double[] z) {
        return Arrays.stream(z).map(z_u -> Math.max(z_u, 0)).toArray();
    }

    /** p_k = exp(z_k) / sum_j exp(z_j) = exp(z_k - log sum_j exp(z_j)): all positive, and they add up to 1. */
    static double[] softmax(double[] z) {
        double logSum = logSumExp(z);
        return Arrays.stream(z).map(z_k -> Math.exp(z_k - logSum)).toArray();
    }

    /** log sum_j exp(z_j) = m + log sum_j exp(z_j - m), whatever m is. With the largest z as m no exp overflows. */
    static double logSumExp(double[] z) {
        double m = Arrays.stream(z).max().orElseThrow();
        return m + Math.log(Arrays.stream(z).map(z_j -> Math.exp(z_j - m)).sum());
    }

    /** Cross-entropy: -log p_y, y the true class. From z, as a p_y that a double rounds to 0 would make it infinite. */
    static double loss(double[] z, int y) {
        return logSumExp(z) - z[y];
    }

    // ---------------------------------------------------------------- Backward: from the loss to the gradient
    /** Adds to G the derivative of an image's loss by each parameter, from the loss back: the chain rule. */
    static void backward(Parameters w, double[] x, int y, Forward f, Parameters G) {
        double[] d2 = softmax(f.z2); // shape (10): dLoss/dz2 = p - y, what the network says less what is true
        d2[y] -= 1; // as a row of numbers, y is 1 at the true class and 0 at the others
        double[] d1 = new double[HIDDEN]; // shape (10): dLoss/dz1 = d2 transpose(W2) where z1 > 0, else 0
        for (int u = 0; u < HIDDEN; u++) {
            for (int k = 0; k < CLASSES; k++) { // below 0 the ReLU is flat: a small change of z1 changes nothing
                d1[u] += f.z1[u] > 0 ? d2[k] * w.W2[u][k] : 0;
            }
        }
        addGradient(f.a, d2, G.W2, G.b2);
        addGradient(x, d1, G.W1, G.b1);
    }

    /** As z_u = sum_i x_i W_iu + b_u, dLoss/dW_iu = x_i d_u and dLoss/db_u = d_u. Shapes: as in sums, d as z. */
    static void addGradient(double[] x, double[] d, double[][] dW, double[] db) {
        for (int u = 0; u < d.length; u++) {
            db[u] += d[u];
        }
        for (int i = 0; i < x.length; i++) {
            for (int u = 0; u < d.length; u++) {
                dW[i][u] += x[i] * d[u];
            }
        }
    }

    // ---------------------------------------------------------------- Gradient descent
    /** A step on n images: w = w - rate G / n. X has shape (n, 784), y shape (n). Returns the mean loss before it. */
    static double step(Parameters w, double[][] X, byte[] y, double rate) {
        Parameters G = zeros(); // the gradient, summed over the images
        double loss = 0;
        for (int r = 0; r < X.length; r++) {
            Forward f = forward(w, X[r]);
            backward(w, X[r], y[r], f, G);
            loss += loss(f.z2, y[r]);
        }
        descend(w.W1, G.W1, rate / X.length);
        descend(w.W2, G.W2, rate / X.length);
        descend(new double[][] {w.b1, w.b2}, new double[][] {G.b1, G.b2}, rate / X.length);
        return loss / X.length;
    }

    /** The gradient points to where the loss grows, so it is subtracted. G has the shape of W. */
    static void descend(double[][] W, double[][] G, double rate) {
        for (int i = 0; i < W.length; i++) {
            for (int u = 0; u < W[i].length; u++) {
                W[i][u] -= rate * G[i][u];
            }
        }
    }

    static Parameters zeros() {
        return new Parameters(
                new double[PIXELS][HIDDEN], new double[HIDDEN], new double[HIDDEN][CLASSES], new double[CLASSES]);
    }

    /** Random, or equal units would stay equal; of variance 2 / inputs, so that activations keep their size (He, 2015). */
    static Parameters start(Random random) {
        Parameters w = zeros();
        for (double[][] W : new double[][][] {w.W1, w.W2}) {
            for (double[] row : W) {
                Arrays.setAll(row, u -> random.nextGaussian() * Math.sqrt(2.0 / W.length));
            }
        }
        return w;
    }

    /** The share of the images whose largest logit, and so whose most probable class, is the true one. */
    static double accuracy(Parameters w, double[][] X, byte[] y) {
        double correct = 0;
        for (int r = 0; r < X.length; r++) {
            double[] z2 = forward(w, X[r]).z2;
            correct += z2[y[r]] == Arrays.stream(z2).max().orElseThrow() ? 1 : 0;
        }
        return correct / X.length;
    }

    /** A step for every n images. So few show the way down only roughly, but an epoch has 60,000 / n steps, not one. */
    static void train(int epochs, int n, double rate, Random random) throws IOException {
        double[][] X = images("train-images-idx3-ubyte.gz"); // shape (60,000, 784)
        byte[] y = read("train-labels-idx1-ubyte.gz", 1); // shape (60,000)
        double[][] testX = images("t10k-images-idx3-ubyte.gz"); // shape (10,000, 784)
        byte[] testY = read("t10k-labels-idx1-ubyte.gz", 1); // shape (10,000)
        Parameters w = start(random);
        for (int epoch = 1; epoch <= epochs; epoch++) {
            double loss = 0;
            for (int r = 0; r < X.length; r += n) { // MNIST comes shuffled, so neighbours make a fair batch
                int end = Math.min(r + n, X.length);
                loss += (end - r) * step(w, Arrays.copyOfRange(X, r, end), Arrays.copyOfRange(y, r, end), rate);
            }
            String line = "epoch %2d: loss %.4f, test accuracy %.2f %%%n";
            System.out.printf(Locale.ROOT, line, epoch, loss / X.length, 100 * accuracy(w, testX, testY));
        }
    }

    // ---------------------------------------------------------------- Reading MNIST
    /** Shape (images, 784), from 0, paper, to 1, ink. Divided as floats, to the same numbers as in the Spark job. */
    static double[][] images(String name) throws IOException {
        byte[] pixels = read(name, 3);
        double[][] X = new double[pixels.length / PIXELS][PIXELS];
        for (int k = 0; k < pixels.length; k++) {
            X[k / PIXELS][k % PIXELS] = (pixels[k] & 0xff) / 255f;
        }
        return X;
    }

    /** An IDX file: the magic number 0, 0, 8, dimensions; the size of each dimension, in 4 bytes; then the items. */
    static byte[] read(String name, int dimensions) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new FileInputStream("data/mnist/" + name))) {
            String magic = Arrays.toString(in.readNBytes(4));
            if (!magic.equals("[0, 0, 8, " + dimensions + "]")) {
                throw new IOException("found magic number " + magic + ", expected [0, 0, 8, " + dimensions + "]");
            }
            in.skipNBytes(4 * dimensions);
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IOException(name + ": " + e.getMessage() + "; run this from the root of the repository", e);
        }
    }

    public static void main(String[] arguments) {
        try {
            train(10, 32, 0.1, new Random(1)); // seeded, so that every run is the same
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }
}
