package org.relayfs.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// The package table of `docs/ARCHITECTURE.md`: which package may import which.
final class PackageTableTest {
    private static final String API = "org.relayfs";
    private static final String TOOL = API + ".tool";

    /// What is a client of a mount, and what it must not know.
    private static final List<String> CLIENTS =
            List.of(TOOL + ".client", TOOL + ".stat", TOOL + ".recording", TOOL + ".doctor");

    private static final List<String> SERVER = List.of("API", "ring", "tree", "fuse", "tool.daemon");

    private static final Map<String, String> LIBRARIES = Map.of(
            "API", API,
            "JCTools", "org.jctools..",
            "SLF4J", "org.slf4j..",
            "Kafka", "org.apache.kafka..",
            "jnr-fuse", "ru.serce.jnrfuse..",
            "jnr-ffi", "jnr..",
            "Micrometer", "io.micrometer..",
            "picocli", "picocli..",
            "Logback", "ch.qos.logback..",
            "Log4j", "org.apache.logging.log4j..");

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(org\\.relayfs[.\\w]*)` \\| (yes|no) \\| .* \\| (.*) \\|$");

    /// Package to what it may import besides the JDK and itself, as the table of `docs/ARCHITECTURE.md`
    /// says.
    private static final Map<String, List<String>> TABLE = table();

    private static Map<String, List<String>> table() {
        try {
            return ROW.matcher(Files.readString(Path.of("docs/ARCHITECTURE.md")))
                    .results()
                    .collect(Collectors.toMap(row -> row.group(1), row -> packages(row.group(3))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> packages(String names) {
        return names.equals("nothing")
                ? List.of()
                : Arrays.stream(names.split(", "))
                        .map(name -> LIBRARIES.getOrDefault(name, API + "." + name))
                        .toList();
    }

    /// The rows, for one test each.
    static final List<String> PACKAGES = List.copyOf(TABLE.keySet());

    private static final JavaClasses PRODUCT =
            new ClassFileImporter(List.of(new ImportOption.DoNotIncludeTests())).importPackages(API);

    @ParameterizedTest
    @FieldSource("PACKAGES")
    void importsOnlyWhatTheTableAllows(String name) {
        importRule(name, TABLE.get(name)).allowEmptyShould(true).check(PRODUCT);
    }

    @Test
    void everyPackageIsInTheTable() {
        classes().should().resideInAnyPackage(PACKAGES.toArray(String[]::new)).check(PRODUCT);
    }

    @Test
    void aClientOfAMountKnowsNothingOfTheServer() {
        assertThat(PACKAGES).containsAll(CLIENTS);
        for (String client : CLIENTS) {
            assertThat(TABLE.get(client)).as(client).doesNotContainAnyElementsOf(packages(String.join(", ", SERVER)));
        }
    }

    @Test
    void aForbiddenImportIsFound() {
        ArchRule noPicocli = importRule(TOOL + ".cli", packages("API, linux"));
        assertThatThrownBy(() -> noPicocli.check(PRODUCT))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("picocli");
    }

    /// The queues of this package use `sun.misc.Unsafe`, which JDK 25 warns of; their interfaces do
    /// not.
    @Test
    void jctoolsQueuesAreThoseOfVarHandles() {
        DescribedPredicate<JavaClass> unsafeQueue =
                resideInAPackage("org.jctools.queues").and(DescribedPredicate.not(INTERFACES));
        noClasses().should().dependOnClassesThat(unsafeQueue).check(PRODUCT);
    }

    /// The agent has nobody else to tell, and the handler of exceptions stands in for the JVM.
    @Test
    void onlyTheToolAndTheAgentPrintOrExit() {
        noClasses()
                .that()
                .resideOutsideOfPackages(TOOL + "..", API + ".agent")
                .and()
                .doNotHaveFullyQualifiedName(API + ".trigger.UncaughtTrigger")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .check(PRODUCT);
    }

    /// One place that links native functions, and so one convention for what they answer.
    @Test
    void onlyTheBinderUsesTheLinker() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(API + ".linux" + ".NativeBinder")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.lang\\.foreign\\.Linker(\\$.*)?")
                .check(PRODUCT);
    }

    private static ArchRule importRule(String name, List<String> allowed) {
        List<String> all = new ArrayList<>(List.of(name, "java..", "javax..", "jdk.."));
        all.addAll(allowed);
        return classes()
                .that()
                .resideInAPackage(name)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(all.toArray(String[]::new)));
    }
}
