package dev.kindling;

import static com.tngtech.archunit.base.DescribedPredicate.anyElementThat;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.kindling.cli.Main;
import dev.kindling.error.KindlingException;
import dev.kindling.plot.ColourMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.status.AppStatusStore;
import org.apache.spark.status.api.v1.ExecutorSummary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The table of docs/design.md: which package may import which. */
class PackageRulesTest {
    private static final JavaClasses KINDLING = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.kindling");

    private static final Path SOURCES = Path.of("src/main/java");
    private static final String ROOT = "dev.kindling";

    /** What a word of the table stands for. */
    private static final Map<String, List<String>> OTHERS = Map.of(
            "root", List.of(ROOT),
            "vectors", List.of("jdk.incubator.vector.."),
            "netlib", List.of("dev.ludovic.netlib.."),
            "spark",
                    List.of(
                            "org.apache.spark..",
                            "org.apache.hadoop..",
                            "org.apache.parquet..",
                            "shaded.parquet..",
                            "scala..",
                            "com.esotericsoftware.kryo..",
                            "com.fasterxml.jackson.."),
            "images", List.of("javax.imageio.."),
            "charts", List.of("javax..", "org.w3c.dom..", "org.knowm.xchart..", "org.apache.batik.."),
            "web", List.of("jakarta.servlet..", "com.codahale.metrics..", "org.json4s.."));

    /** All may import the JDK and what is named here: packages of Kindling, and words of {@link #OTHERS}. */
    @ParameterizedTest
    @CsvSource({
        "error, ''",
        "network, error vectors netlib",
        "plot, error charts",
        "storage, error network spark",
        "onnx, error network storage",
        "data, error network spark",
        "data.tables, error network data storage spark",
        "data.files, error data storage spark images",
        "data.files.tables, error storage spark",
        "training, error network data storage spark",
        "evaluation, error network data storage spark",
        "scoring, error network data.tables storage spark",
        "'', error network data data.tables data.files storage onnx training evaluation scoring ui spark",
        "ml, root error network data.tables storage training scoring spark",
        "sql, root error data.tables storage spark",
        "ui, error network data storage training spark web images plot"
    })
    void aPackageImportsOnlyWhatStandsInTheTable(String name, String imports) {
        List<String> allowed = new ArrayList<>(List.of("java..", packageOf(name)));
        for (String word : imports.isEmpty() ? List.<String>of() : List.of(imports.split(" "))) {
            allowed.addAll(OTHERS.getOrDefault(word, List.of(packageOf(word))));
        }
        classes()
                .that()
                .resideInAPackage(packageOf(name))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed.toArray(String[]::new))
                .check(KINDLING);
    }

    private static String packageOf(String name) {
        return name.isEmpty() ? ROOT : ROOT + "." + name;
    }

    /** Where there is a History Server there are no libraries of Kindling's, such as those that draw charts. */
    @Test
    void ofPicturesTheTrainingTabKnowsTheColoursOnly() {
        noClasses()
                .that()
                .resideInAPackage("dev.kindling.ui")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.kindling.plot").and(not(type(ColourMap.class))))
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

    @Test
    void noOtherPackageTouchesTheSparkUi() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.kindling.ui")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("org.apache.spark.ui..", "org.apache.spark.status..", "jakarta.servlet..")
                                .and(not(type(AppStatusStore.class)))
                                .and(not(type(ExecutorSummary.class)))) // which say how many cores an executor has
                .check(KINDLING);
    }

    /** A program that has no MLlib can use the rest. */
    @Test
    void noOtherPackageTouchesMllib() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.kindling.ml")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("org.apache.spark.ml..", "org.apache.spark.mllib..", "dev.kindling.ml.."))
                .check(KINDLING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev.kindling.cli", "dev.kindling.sql"})
    void nothingImportsTheCommandsOrTheFunctionsOfSql(String name) {
        noClasses()
                .that()
                .resideOutsideOfPackage(name)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(name)
                .check(KINDLING);
    }

    /** The root is a package too, which {@code dev.kindling.(*)..} would leave out; so are packages in packages. */
    @Test
    void packagesMakeNoCircle() {
        SlicesRuleDefinition.slices()
                .assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                        return SliceIdentifier.of(javaClass.getPackageName());
                    }

                    @Override
                    public String getDescription() {
                        return "a slice for each package";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(KINDLING);
    }

    @Test
    void everyPackageSaysWhatItMayImport() {
        assertThat(KINDLING.stream().map(c -> c.getPackageName()).distinct())
                .allSatisfy(name -> assertThat(
                                SOURCES.resolve(name.replace('.', '/')).resolve("package-info.java"))
                        .content()
                        .containsPattern("[Ii]mports? "));
    }

    /** Whoever calls the library has no command line: {@link KindlingException#setting} names what it can set. */
    @Test
    void noMessageOfTheLibraryNamesAnOptionOrAScript() throws IOException {
        List<String> options = new ArrayList<>(List.of("submit.sh"));
        for (CommandLine command : new CommandLine(Main.class).getSubcommands().values()) {
            options.addAll(command.getCommandSpec().optionsMap().keySet());
        }
        assertThat(options).contains("--learning-rate", "--overwrite");
        Pattern named = Pattern.compile(options.stream()
                .filter(option -> !option.matches("-."))
                .map(Pattern::quote)
                .collect(Collectors.joining("|", "\"[^\"\n]*(?:", ")[^\"\n]*\"")));
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            assertThat(sources.filter(Files::isRegularFile)
                            .filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> !file.startsWith(SOURCES.resolve("dev/kindling/cli"))))
                    .hasSizeGreaterThan(100)
                    .allSatisfy(file -> assertThat(file).content().doesNotContainPattern(named));
        }
    }

    @Test
    void theLibraryPrintsNothing() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.kindling.cli")
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .check(KINDLING);
    }

    @Test
    void noBreezeClassCanBeLoaded() {
        assertThat(getClass().getClassLoader().getResource("breeze/linalg/DenseVector.class"))
                .isNull();
    }
}
