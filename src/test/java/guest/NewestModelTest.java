package guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.NewestModel;
import dev.kindling.Regressor;
import dev.kindling.RegressorModel;
import dev.kindling.SparkTest;
import dev.kindling.TableModel;
import dev.kindling.error.KindlingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model that was saved last, while others are saved in its place. */
class NewestModelTest {
    private static final SparkSession SPARK = SparkTest.session();

    @TempDir
    private Path folder;

    private static RegressorModel model(int seed) {
        return new Regressor()
                .target("b")
                .hiddenLayers(2)
                .recipe(recipe -> recipe.iterations(1).seed(seed))
                .fit(SPARK.range(20).selectExpr("id as a", "id * 2 as b"));
    }

    private NewestModel newest() {
        return new NewestModel(SPARK, path());
    }

    private String path() {
        return folder.resolve("model").toString();
    }

    @Test
    void itIsReadAgainOnlyWhenAnotherHasBeenSaved() {
        RegressorModel first = model(1);
        RegressorModel second = model(2);
        first.save(path());
        NewestModel newest = newest();
        TableModel read = newest.get();
        assertThat(read.digest()).isEqualTo(first.digest()).isNotEqualTo(second.digest());
        assertThat(newest.get()).isSameAs(read);
        second.save(path(), true);
        assertThat(newest.get().digest()).isEqualTo(second.digest());
    }

    @Test
    void aDirectoryThatIsGoneLeavesTheLastModel() {
        model(1).save(path());
        NewestModel newest = newest();
        TableModel read = newest.get();
        FileUtil.fullyDelete(folder.resolve("model").toFile());
        assertThat(newest.get()).isSameAs(read);
        RegressorModel second = model(2);
        second.save(path());
        assertThat(newest.get().digest()).isEqualTo(second.digest());
    }

    @Test
    void aDirectoryWithoutAModelIsAnErrorUntilThereIsOne() {
        NewestModel newest = newest();
        assertThatThrownBy(newest::get).isInstanceOf(KindlingException.class).hasMessageContaining("found no model");
        RegressorModel first = model(1);
        first.save(path());
        assertThat(newest.get().digest()).isEqualTo(first.digest());
    }

    @Test
    void aNewModelThatIsDamagedIsAnError() throws IOException {
        model(1).save(path());
        NewestModel newest = newest();
        newest.get();
        model(2).save(path(), true);
        Files.delete(folder.resolve("model/parameters.parquet"));
        assertThatThrownBy(newest::get).isInstanceOf(KindlingException.class).hasMessageContaining("damaged model");
    }

    @Test
    void whileItIsReplacedItIsTheOldOneOrTheNewOne() throws Exception {
        List<RegressorModel> models = List.of(model(1), model(2));
        models.get(0).save(path());
        NewestModel newest = newest();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Set<String> found = new TreeSet<>();
        try {
            Future<?> saving = thread.submit(() -> {
                for (int k = 1; k <= 40; k++) {
                    models.get(k % 2).save(path(), true);
                }
            });
            while (!saving.isDone()) {
                found.add(newest.get().digest());
                newest().get(); // one that has none yet
            }
            saving.get();
        } finally {
            thread.shutdownNow();
        }
        assertThat(found).isSubsetOf(models.get(0).digest(), models.get(1).digest());
        assertThat(newest.get().digest()).isEqualTo(models.get(0).digest());
    }
}
