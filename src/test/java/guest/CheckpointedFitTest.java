package guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fit from code that ends in the middle, and goes on. */
class CheckpointedFitTest {
    @TempDir
    private Path directory;

    private Classifier classifier(long seed) {
        return new Classifier()
                .seed(seed)
                .recipe(recipe -> recipe.iterations(20))
                .checkpoints(directory + "/checkpoints", 6);
    }

    @Test
    void itGoesOnFromTheNewestCheckpointToTheSameBits() {
        Classifier ends = classifier(1).listener(step -> {
            if (step.number() == 15) {
                throw new IllegalStateException("the application ends");
            }
        });
        assertThatThrownBy(() -> ends.fit(Fits.flowers())).hasMessage("the application ends");
        List<Integer> steps = new ArrayList<>();
        ClassifierModel model =
                classifier(1).listener(step -> steps.add(step.number())).fit(Fits.flowers());
        assertThat(steps).first().isEqualTo(13);
        assertThat(model.history()).hasSize(20);
        assertThat(model.digest())
                .isEqualTo(new Classifier()
                        .seed(1)
                        .recipe(recipe -> recipe.iterations(20))
                        .fit(Fits.flowers())
                        .digest());
    }

    @Test
    void anotherFitIsRefusedThere() {
        classifier(1).fit(Fits.flowers());
        assertThat(Fits.failure(() -> classifier(2).fit(Fits.flowers()))).contains("checkpoints", "seed");
        assertThat(Fits.failure(() -> classifier(1).fit(Fits.flowers().limit(140))))
                .contains("checkpoints");
        assertThat(Fits.failure(() -> classifier(1).checkpoints("anywhere", 0)))
                .contains("found 0, expected 1 or more");
    }
}
