package dev.kindling.data.tables;

import dev.kindling.data.PackableRows;
import dev.kindling.network.SparseRows;

/** Packs the rows of one task: labels become numbers, and features, targets and weights floats of about the size 1. */
final class RowPacker implements PackableRows {
    private final TableRows rows;
    private final PackedForm form;
    /** {@link dev.kindling.network.Standardisation#ofZeros}. */
    private final float[] zeros;

    private final float[] features;
    private final float[] targets;

    RowPacker(TableRows rows, PackedForm form) {
        this.rows = rows;
        this.form = form;
        this.features = new float[form.inputs().inputs()];
        this.zeros = form.inputs().ofZeros();
        this.targets = new float[form.targets().inputs()];
    }

    @Override
    public boolean next() {
        return rows.next();
    }

    @Override
    public long key() {
        return rows.hash();
    }

    @Override
    public boolean isHeldOut() {
        return rows.isHeldOut();
    }

    @Override
    public void addTo(SparseRows packed) {
        int label = form.label(rows.label());
        standardise(rows.features());
        for (int k = 0; k < targets.length; k++) {
            targets[k] = form.targets().of(k, rows.target(k));
        }
        packed.add(label, (float) (rows.weight() * form.factors()[label]), targets, features);
    }

    private void standardise(Features row) {
        System.arraycopy(zeros, 0, features, 0, zeros.length);
        for (int k = 0; k < row.count(); k++) {
            int feature = row.nonZero(k);
            features[feature] = form.inputs().of(feature, row.values()[feature]);
        }
    }
}
