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
    /// A method, and who is called with its `this` before it returns.
    private record Point(String method, String hook) {}

    private static final Map<String, Point> POINTS = Map.of(
            // Logback's is there before it is configured, and says when that is done anew.
            "ch/qos/logback/classic/LoggerContext", new Point(ConstantDescs.INIT_NAME, Options.LOGBACK),
            "org/apache/logging/log4j/core/LoggerContext", new Point("setConfiguration", Options.LOG4J));
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
                        (MethodModel method) -> method.methodName().equalsString(point.method()), before));
    }
}
