package dev.kindling.cli;

import dev.kindling.error.Printable;
import dev.kindling.plot.ImagesPicture;
import dev.kindling.storage.Inputs;
import dev.kindling.storage.Labels;
import dev.kindling.storage.Model;
import dev.kindling.storage.Signature;
import dev.kindling.storage.Targets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** How the inputs and outputs of a network are called, for people: as its signature says, or by their places. */
record Names(Model model) {
    private Optional<Inputs> signed() {
        return model.signature().map(Signature::inputs);
    }

    /** An input. */
    String input(int i) {
        return signed().map(inputs -> Printable.of(inputs.name(i))).orElse("input " + i);
    }

    /** All inputs. */
    List<String> inputs() {
        return IntStream.range(0, model.architecture().inputs())
                .mapToObj(this::input)
                .toList();
    }

    /** A class or a target. */
    String output(int unit) {
        Optional<Labels> labels = model.signature().flatMap(Signature::labels);
        Optional<Targets> targets = model.signature().flatMap(Signature::targets);
        return labels.map(known -> known.values().get(unit))
                .or(() -> targets.map(known -> known.columns().get(unit)))
                .map(Printable::of)
                .orElse(String.valueOf(unit));
    }

    /** Whether the inputs are better drawn as an image than by their names: the pixels of a square, or what may be that. */
    boolean areImages() {
        return ImagesPicture.canDraw(model.architecture().inputs())
                && signed().map(Inputs::arePixels).orElse(true);
    }
}
