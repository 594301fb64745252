package org.relayfs.agent;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Has the context of a logging framework call [Hooks] at the end of the method after which it can be
/// added to: each context, of each class loader, whenever the program makes or configures one.
final class Instrumenter implements ClassFileTransformer {
    /// Methods, and who is called with their `this` before they return.
    private record Point(List<String> methods, String hook) {}

    private static final Map<String, Point> POINTS = Map.of(
            // It is added to before it is configured, and again when all that it had was dropped.
            "ch/qos/logback/classic/LoggerContext",
                    new Point(List.of(ConstantDescs.INIT_NAME, "reset"), Options.LOGBACK),
            "org/apache/logging/log4j/core/LoggerContext", new Point(List.of("setConfiguration"), Options.LOG4J));
    private static final MethodTypeDesc TYPE = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object);
    private static final ClassDesc HOOKS = Hooks.class.describeConstable().orElseThrow();

    private final List<String> hooked;
    private final Consumer<String> says;

    Instrumenter(List<String> hooked, Consumer<String> says) {
        this.hooked = hooked;
        this.says = says;
    }

    /// {@return whether a class is instrumented}
    boolean wants(Class<?> loaded) {
        Point point = POINTS.get(loaded.getName().replace('.', '/'));
        return point != null && hooked.contains(point.hook());
    }

    @Override
    public byte[] transform(
            Module module, ClassLoader loader, String name, Class<?> present, ProtectionDomain domain, byte[] bytes) {
        Point point = name == null ? null : POINTS.get(name);
        if (point == null || !hooked.contains(point.hook())) {
            return null;
        }
        try {
            if (Class.forName(Hooks.class.getName(), false, loader) != Hooks.class) {
                throw new ClassNotFoundException("another agent's");
            }
            return call(point, loader, bytes);
        } catch (ClassNotFoundException | RuntimeException | LinkageError e) {
            // An exception would be swallowed by the JVM.
            says.accept(point.hook() + " is not hooked: " + name + " cannot be instrumented: " + e);
            return null;
        }
    }

    private static byte[] call(Point point, ClassLoader loader, byte[] bytes) {
        CodeTransform before = (code, element) -> {
            if (element instanceof ReturnInstruction) {
                code.aload(0).invokestatic(HOOKS, point.hook(), TYPE);
            }
            code.with(element);
        };
        ClassFile file = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(loader).orElse(ClassHierarchyResolver.defaultResolver())));
        return file.transformClass(
                file.parse(bytes),
                ClassTransform.transformingMethodBodies(
                        (MethodModel method) ->
                                point.methods().contains(method.methodName().stringValue()),
                        before));
    }
}
