package dev.kindling.network;

/**
 * The inner loops of a network, on plain arrays. A product computes each number of its result by a fixed sequence of
 * fused multiply-adds, and the lanes of a vector hold different numbers. So every implementation gives the same bits.
 *
 * <p>Matrices are row-major. Columns come in panels of {@value #PANEL}: a matrix has a multiple of that many, and the
 * last are zeros if the network has fewer units, so that no loop has a remainder. The caller makes the arrays long
 * enough.
 */
interface Kernels {
    /** The columns that are computed together: two vectors of 8 floats, or four of 4. */
    int PANEL = 16;

    /**
     * The Vector API where the JVM has it ({@code --add-modules jdk.incubator.vector}) or lets it be added ({@code
     * --add-exports java.base/jdk.internal.module=ALL-UNNAMED}), else plain Java.
     */
    Kernels INSTANCE = pick();

    /** What does the work, in words. */
    String description();

    /** Whether the dense product is faster than that of a native BLAS, so that none is looked for. */
    boolean beatsNativeBlas();

    /** Whether many rows are multiplied faster together, zeros and all, than one after the other without their zeros. */
    boolean gainsFromBlocks();

    /**
     * Unpacks pixel levels: with n ints, value k is byte k / n of int k % n, divided by 255.
     *
     * @param levels shape (n), n a multiple of {@value #PANEL}
     * @param values shape (4 n); overwritten
     */
    void unpack(int[] levels, float[] values);

    /**
     * Z += X W for a sparse block X, each number of Z added up from the first column of X to the last.
     *
     * @param values shape (cells, {@value Block#STRIP}): {@link Block#values}
     * @param w shape (panels, strips, {@value Block#STRIP}, {@value #PANEL})
     * @param z shape (rows, stride), stride a multiple of {@value #PANEL}
     */
    void sparseForward(Block x, float[] values, float[] w, float[] z, int stride);

    /**
     * G += transpose(X) D for a sparse block X, each number of G added up from the first row of X to the last.
     *
     * @param values shape (cells, {@value Block#STRIP}): {@link Block#values}
     * @param d shape (rows, stride), stride a multiple of {@value #PANEL}
     * @param g shape (panels, strips, {@value Block#STRIP}, {@value #PANEL})
     */
    void sparseBackward(Block x, float[] values, float[] d, int stride, float[] g);

    /**
     * C += A B, each number of C added up from the first column of A to the last.
     *
     * @param m the rows of A and C
     * @param n the columns of B and C, a multiple of {@value #PANEL}
     * @param k the columns of A and rows of B
     * @param a A[i][j] is at {@code i * aRow + j * aColumn}, so that A may be read transposed
     */
    void multiply(int m, int n, int k, float[] a, int aRow, int aColumn, Panels b, Panels c);

    /**
     * z += x W for one row, each number of z added up in the order in which the numbers of x are named. The others are left out, as
     * if they were zeros.
     *
     * @param x shape (rows of W)
     * @param at shape (count), or longer: which numbers of x count
     * @param z shape (stride), a multiple of {@value #PANEL}
     */
    void multiplyRow(float[] x, int[] at, int count, Panels w, float[] z, int stride);

    /**
     * A matrix in an array. Panels may lie one after the other, or side by side in a row-major matrix.
     *
     * @param row the distance from a number to the one below it
     * @param panel the distance from a panel to the next
     */
    record Panels(float[] values, int row, int panel) {
        /** Where the first number of a column is. */
        int column(int column) {
            return column / PANEL * panel + column % PANEL;
        }

        /**
         * Takes the numbers of a row-major matrix; the padding is left alone.
         *
         * @param from where it lies, shape (rows, columns), from {@code at} on
         */
        void fill(float[] from, int at, int rows, int columns) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    values[column(j) + i * row] = from[at + i * columns + j];
                }
            }
        }
    }

    /**
     * Z = max(Z, 0).
     *
     * @param z shape (rows, stride)
     * @param active shape (stride): receives on how many rows each column is above zero, exact to 2^24
     */
    void relu(float[] z, int rows, int stride, float[] active);

    /**
     * The derivative of the ReLU: D becomes zero wherever A is not above zero.
     *
     * @param d shape (length), a multiple of {@value #PANEL}
     * @param a the same shape
     */
    void gate(float[] d, float[] a, int length);

    /**
     * Softmax of every column: p = exp(z - max) / sum exp(z - max).
     *
     * @param z shape (classes, stride): logits, then probabilities
     * @param stride a multiple of {@value #PANEL}
     * @param best shape (stride): receives the class of the largest logit of each column, the first of equals
     * @param max shape (stride): receives the largest logit of each column
     * @param sum shape (stride): receives the sum of exp(z - max), from the first class to the last
     */
    void softmax(float[] z, int classes, int stride, float[] best, float[] max, float[] sum);

    /**
     * Copies a matrix in panels that lie one after the other to a row-major one that has no padding.
     *
     * @param padded shape (panels, depth, {@value #PANEL})
     * @param rows at most the depth
     * @param columns at most the panels' columns
     * @param to shape (rows, columns), from {@code at} on; nothing before or after is changed
     */
    void unpad(float[] padded, int depth, int rows, int columns, float[] to, int at);

    /**
     * Adds numbers in fixed point: each is rounded to the nearest multiple of the unit, and half a unit away from zero.
     *
     * @param numbers shape (length), or longer: what is behind is not added
     * @param fractionBits the unit is 2 to the power of minus this
     * @param limit at most 2^(62 - fractionBits)
     * @param sums shape (length), in units: added to
     * @return -1, or the index of the first number that is not smaller than the limit in size; the sums then mean nothing
     */
    int addFixedPoint(float[] numbers, int fractionBits, float limit, long[] sums);

    /** Whether no number is infinite or NaN. */
    boolean areFinite(float[] values);

    private static Kernels pick() {
        if (!"java".equals(System.getProperty("kindling.kernels")) && vectorApiIsThere()) {
            try { // by name: the class is compiled on its own, and cannot be loaded without the module
                return Class.forName("dev.kindling.network.VectorKernels")
                        .asSubclass(Kernels.class)
                        .getDeclaredConstructor()
                        .newInstance();
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("VectorKernels has no constructor to call", e);
            }
        }
        return new PlainKernels();
    }

    /**
     * Adds the module if the JVM has started without it. The JVM warns of an incubator module that it starts with, and no
     * option stops that; it does not warn of one that is added later, for which there is no public method.
     */
    private static boolean vectorApiIsThere() {
        String module = "jdk.incubator.vector";
        if (ModuleLayer.boot().findModule(module).isPresent()) {
            return true;
        }
        try {
            Class.forName("jdk.internal.module.Modules")
                    .getMethod("loadModule", String.class)
                    .invoke(null, module);
            return true;
        } catch (ReflectiveOperationException e) { // not exported, another JDK's, or a JDK without the module
            return false;
        }
    }
}
