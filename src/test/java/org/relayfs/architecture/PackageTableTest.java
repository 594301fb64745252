package org.relayfs.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// The package table of the architecture: which package may import which.
final class PackageTableTest {
    private static final String LAYOUT = "org.relayfs.layout";
    private static final String MEMORY = "org.relayfs.memory";
    private static final String BUFFER = "org.relayfs.buffer";
    private static final String API = "org.relayfs";
    private static final String TREE = "org.relayfs.tree";
    private static final String FUSE = "org.relayfs.fuse";
    private static final String TOOL = "org.relayfs.tool";

    private static final String JCTOOLS = "org.jctools..";
    private static final String SLF4J = "org.slf4j..";
    private static final String JNR_FUSE = "ru.serce.jnrfuse..";
    private static final String JNR_FFI = "jnr..";
    private static final String PICOCLI = "picocli..";

    /// Package to what it may import besides the JDK and itself.
    private static final Map<String, List<String>> TABLE = Map.of(
            LAYOUT, List.of(),
            MEMORY, List.of(),
            BUFFER, List.of(LAYOUT, MEMORY, JCTOOLS),
            API, List.of(BUFFER, LAYOUT, MEMORY, SLF4J),
            TREE, List.of(API, BUFFER, SLF4J),
            FUSE, List.of(TREE, API, BUFFER, MEMORY, JNR_FUSE, JNR_FFI, JCTOOLS, SLF4J),
            TOOL, List.of(LAYOUT, MEMORY, BUFFER, API, TREE, FUSE, PICOCLI, JCTOOLS, SLF4J));

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
    void aForbiddenImportIsFound() {
        ArchRule noPicocli = importRule(TOOL, List.of(LAYOUT, MEMORY, BUFFER, API, TREE, FUSE));
        assertThatThrownBy(() -> noPicocli.check(PRODUCT))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("picocli");
    }

    /// The queues of this package use `sun.misc.Unsafe`, which JDK 25 warns of; their interfaces do not.
    @Test
    void jctoolsQueuesAreThoseOfVarHandles() {
        DescribedPredicate<JavaClass> unsafeQueue =
                resideInAPackage("org.jctools.queues").and(DescribedPredicate.not(INTERFACES));
        noClasses().should().dependOnClassesThat(unsafeQueue).check(PRODUCT);
    }

    @Test
    void onlyTheToolPrintsOrExits() {
        noClasses()
                .that()
                .resideOutsideOfPackage(TOOL)
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
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
