package dev.kindling.cli;

import dev.kindling.data.tables.TableExample;
import dev.kindling.network.Trace;
import dev.kindling.storage.Model;
import dev.kindling.storage.Signature;
import dev.kindling.storage.Targets;
import java.util.Optional;

/**
 * The example that is followed.
 *
 * @param name what it is called
 * @param names of inputs and outputs
 * @param features shape (inputs): as the network sees them
 * @param values shape (inputs): as they are in the table; empty for an image
 * @param trace of it through the network
 * @param outcome what comes out, beside what is true
 */
record Subject(String name, Names names, float[] features, Optional<double[]> values, Trace trace, Outcome outcome) {
    /** An image, of a class. */
    static Subject of(String name, Model model, float[] pixels, int label) {
        Trace trace = new Trace(model.architecture(), model.parameters(), pixels, label);
        Names names = new Names(model);
        return new Subject(name, names, pixels, Optional.empty(), trace, new ClassOutcome(names, trace, label));
    }

    /** A row of a table. */
    static Subject of(String name, Model model, TableExample row) {
        Signature signature = model.signature().orElseThrow();
        float[] features = new float[row.values().length];
        signature.inputs().standardisation().apply(row.values(), features);
        Names names = new Names(model);
        if (signature.targets().isPresent()) {
            Targets targets = signature.targets().get();
            float[] truth = new float[row.targets().length];
            targets.standardisation().apply(row.targets(), truth);
            Trace trace = new Trace(model.architecture(), model.parameters(), features, truth);
            Outcome outcome = new NumbersOutcome(names, trace, targets, row.targets());
            return new Subject(name, names, features, Optional.of(row.values()), trace, outcome);
        }
        int label = signature.labels().orElseThrow().values().indexOf(row.label());
        Trace trace = new Trace(model.architecture(), model.parameters(), features, label);
        Outcome outcome = new ClassOutcome(names, trace, label);
        return new Subject(name, names, features, Optional.of(row.values()), trace, outcome);
    }
}
