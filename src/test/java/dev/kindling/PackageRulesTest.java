package dev.kindling;

import static com.tngtech.archunit.base.DescribedPredicate.anyElementThat;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.kindling.plot.ColourMap;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of docs/design.md: which package may import which. */
class PackageRulesTest {
    private static final String[] SPARK = {
        "org.apache.spark..", "org.apache.hadoop..", "org.apache.parquet..", "shaded.parquet..", "scala.."
    };
    private static final JavaClasses KINDLING = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.kindling");

    @Test
    void theNetworkImportsTheJdkAndNetlibOnly() {
        classes()
                .that()
                .resideInAPackage("dev.kindling.network")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "jdk.incubator.vector..",
                        "dev.ludovic.netlib..",
                        "dev.kindling.network",
                        "dev.kindling")
                .check(KINDLING);
    }

    /** It would be slow where the JIT compiler does not inline it. */
    @Test
    void noMethodIsGivenAVectorOrReturnsOne() {
        String vectors = "jdk.incubator.vector";
        noMethods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage("dev.kindling.network")
                .should()
                .haveRawParameterTypes(anyElementThat(resideInAPackage(vectors)))
                .orShould()
                .haveRawReturnType(resideInAPackage(vectors))
                .check(KINDLING);
    }

    @ParameterizedTest
    @CsvSource({
        "data, network storage",
        "storage, network",
        "evaluation, network data storage",
        "training, network data storage"
    })
    void aPackageImportsOnlyThoseBelowIt(String name, String below) {
        String[] own = Stream.concat(Stream.of(name), Arrays.stream(below.split(" ")))
                .map(p -> "dev.kindling." + p)
                .toArray(String[]::new);
        String[] allowed = Stream.of(
                        own, SPARK, new String[] {"java..", "javax.imageio..", "dev.kindling", "com.fasterxml.jackson.."
                        })
                .flatMap(Arrays::stream)
                .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage("dev.kindling." + name)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed)
                .check(KINDLING);
    }

    @Test
    void picturesImportTheJdkXChartAndBatikOnly() {
        classes()
                .that()
                .resideInAPackage("dev.kindling.plot")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax..",
                        "org.w3c.dom..",
                        "org.knowm.xchart..",
                        "org.apache.batik..",
                        "dev.kindling.plot",
                        "dev.kindling")
                .check(KINDLING);
    }

    @Test
    void theTrainingTabImportsWhatAHistoryServerHas() {
        String[] own = Stream.of("ui", "network", "data", "storage", "training")
                .map(p -> "dev.kindling." + p)
                .toArray(String[]::new);
        String[] others = {
            "java..",
            "javax.imageio..",
            "dev.kindling",
            "com.fasterxml.jackson..",
            "com.codahale.metrics..",
            "jakarta.servlet..",
            "org.json4s.."
        };
        classes()
                .that()
                .resideInAPackage("dev.kindling.ui")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(Stream.of(own, SPARK, others)
                                .flatMap(Arrays::stream)
                                .toArray(String[]::new))
                        .or(type(ColourMap.class)))
                .check(KINDLING);
    }

    @Test
    void noOtherPackageTouchesTheSparkUi() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.kindling.ui")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.spark.ui..", "org.apache.spark.status..", "jakarta.servlet..")
                .check(KINDLING);
    }

    @Test
    void nothingImportsTheCommands() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.kindling.cli")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.kindling.cli")
                .check(KINDLING);
    }

    @Test
    void packagesMakeNoCircle() {
        SlicesRuleDefinition.slices()
                .matching("dev.kindling.(*)..")
                .should()
                .beFreeOfCycles()
                .check(KINDLING);
    }

    @Test
    void everyPackageSaysWhatItMayImport() {
        assertThat(KINDLING.stream().map(c -> c.getPackageName()).distinct())
                .allSatisfy(name -> assertThat(
                                java.nio.file.Path.of("src/main/java", name.replace('.', '/'), "package-info.java"))
                        .content()
                        .containsPattern("[Ii]mports? "));
    }

    @Test
    void noBreezeClassCanBeLoaded() {
        assertThat(getClass().getClassLoader().getResource("breeze/linalg/DenseVector.class"))
                .isNull();
    }
}
