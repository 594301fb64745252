package org.relayfs.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;

/// Which of our tests run and can fail, by their class files.
final class Proofs {
    private static final Path STRESS = Path.of("src/stress/java");

    private final JavaClasses tests = new ClassFileImporter().importPath(Path.of("target/test-classes"));

    /// {@return true when the test runs and can fail}
    ///
    /// @param className  of a test, without its package
    /// @param methodName of one of its tests; null for any
    boolean holds(String className, String methodName) {
        if (className.endsWith("Stress")) {
            return isStress(className);
        }
        return tests.stream()
                .filter(type -> simpleName(type).equals(className))
                .anyMatch(type -> type.getAllMethods().stream()
                        .filter(method -> methodName == null || method.getName().equals(methodName))
                        .anyMatch(method -> runs(type, method) && asserts(method, new HashSet<>())));
    }

    private static String simpleName(JavaClass type) {
        return type.getName().substring(type.getPackageName().length() + 1);
    }

    // They are not compiled by every build. Their outcomes are checked by jcstress: one that is not listed fails.
    private static boolean isStress(String className) {
        try (Stream<Path> files = Files.walk(STRESS)) {
            return files.filter(file -> file.getFileName().toString().equals(className + ".java"))
                    .anyMatch(Proofs::hasOutcomes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean hasOutcomes(Path source) {
        try {
            String text = Files.readString(source);
            return text.contains("@JCStressTest") && text.contains("@Outcome(");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean runs(JavaClass type, JavaMethod method) {
        return method.isMetaAnnotatedWith(Testable.class)
                && !method.isAnnotatedWith(Disabled.class)
                && !type.isAnnotatedWith(Disabled.class);
    }

    private boolean asserts(JavaCodeUnit code, Set<String> seen) {
        return seen.add(code.getFullName())
                && code.getAccessesFromSelf().stream()
                        .anyMatch(access -> isAssertion(access.getTargetOwner())
                                || tests.contain(access.getTargetOwner().getName())
                                        && access.getTarget()
                                                .resolveMember()
                                                .filter(JavaCodeUnit.class::isInstance)
                                                .filter(target -> asserts((JavaCodeUnit) target, seen))
                                                .isPresent());
    }

    private static boolean isAssertion(JavaClass owner) {
        return owner.getPackageName().startsWith("org.assertj") || owner.isAssignableTo(AssertionError.class);
    }

    /// What must not count as a proof.
    static final class Samples {
        private Samples() {}

        @Test
        @SuppressWarnings("ReturnValueIgnored")
        void assertsNothing() {
            Path.of("nothing").toString();
        }

        @Test
        @Disabled
        @SuppressWarnings("DoNotCallSuggester")
        void isDisabled() {
            throw new AssertionError();
        }
    }
}
