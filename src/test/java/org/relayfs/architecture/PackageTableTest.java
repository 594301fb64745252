package org.relayfs.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
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
    private static final String API = "org.relayfs";
    private static final String BUFFER = API + ".buffer";
    private static final String RING = API + ".ring";
    private static final String LAYOUT = API + ".layout";
    private static final String MEMORY = API + ".memory";
    private static final String LINUX = API + ".linux";
    private static final String TREE = API + ".tree";
    private static final String FUSE = API + ".fuse";
    private static final String WIRE = FUSE + ".wire";
    private static final String DATA = FUSE + ".data";
    private static final String CONTROL = FUSE + ".control";
    private static final String SESSION = FUSE + ".session";
    private static final String TOOL = API + ".tool";
    private static final String CLI = TOOL + ".cli";
    private static final String CLIENT = TOOL + ".client";
    private static final String STAT = TOOL + ".stat";
    private static final String RECORD = TOOL + ".record";
    private static final String DOCTOR = TOOL + ".doctor";
    private static final String DAEMON = TOOL + ".daemon";

    private static final String JCTOOLS = "org.jctools..";
    private static final String SLF4J = "org.slf4j..";
    private static final String JNR_FUSE = "ru.serce.jnrfuse..";
    private static final String JNR_FFI = "jnr..";
    private static final String PICOCLI = "picocli..";

    /// Package to what it may import besides the JDK and itself. What is a client of a mount (the command's packages
    /// but
    /// `daemon` and the entry point) imports nothing of the server: neither the mount nor the tree.
    private static final Map<String, List<String>> TABLE = Map.ofEntries(
            entry(LINUX, List.of()),
            entry(LAYOUT, List.of()),
            entry(BUFFER, List.of()),
            entry(MEMORY, List.of(LINUX)),
            entry(RING, List.of(BUFFER, LAYOUT, MEMORY, LINUX, JCTOOLS)),
            entry(API, List.of(BUFFER, RING, LAYOUT, MEMORY, LINUX, SLF4J)),
            entry(TREE, List.of(API, BUFFER, RING, LINUX, SLF4J)),
            entry(WIRE, List.of(FUSE, TREE, LINUX, SLF4J)),
            entry(DATA, List.of(WIRE, FUSE, TREE, BUFFER, RING, LINUX, JCTOOLS, SLF4J)),
            entry(CONTROL, List.of(WIRE, FUSE, TREE, LINUX, JNR_FUSE, JNR_FFI, SLF4J)),
            entry(SESSION, List.of(CONTROL, DATA, WIRE, FUSE, TREE, MEMORY, LINUX, SLF4J)),
            entry(FUSE, List.of(SESSION, TREE, API, LINUX, SLF4J)),
            entry(CLI, List.of(API, LINUX, PICOCLI)),
            entry(CLIENT, List.of(CLI, BUFFER, LINUX, PICOCLI)),
            entry(STAT, List.of(CLIENT, CLI, BUFFER, PICOCLI)),
            entry(RECORD, List.of(STAT, CLIENT, CLI, LINUX, PICOCLI)),
            entry(DOCTOR, List.of(CLIENT, CLI, MEMORY, LINUX, PICOCLI)),
            entry(DAEMON, List.of(CLIENT, CLI, FUSE, TREE, API, LINUX, PICOCLI, SLF4J)),
            entry(TOOL, List.of(CLI, CLIENT, STAT, RECORD, DOCTOR, DAEMON, LINUX, PICOCLI)));

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
        ArchRule noPicocli = importRule(CLI, List.of(API, LINUX));
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
                .resideOutsideOfPackage(TOOL + "..")
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
                .doNotHaveFullyQualifiedName(LINUX + ".NativeBinder")
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
