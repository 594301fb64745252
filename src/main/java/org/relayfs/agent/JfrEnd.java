package org.relayfs.agent;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;

/// Ends our recording of JFR before JFR does, when the JVM ends. Shutdown hooks run side by side, and
/// JFR's deletes what is not read yet; so it is told to call this first.
public final class JfrEnd implements ClassFileTransformer {
    private static final String HOOK = "jdk.jfr.internal.ShutdownHook";
    private static final ClassDesc METHOD = ClassDesc.of(Method.class.getName());
    private static final ClassDesc LOADER = ClassDesc.of(ClassLoader.class.getName());

    private static volatile Runnable end = () -> {};

    private JfrEnd() {}

    /// What JFR's hook calls.
    public static void run() {
        end.run();
    }

    /// Has it called. JFR has begun.
    ///
    /// @throws ReflectiveOperationException JFR's hook is another one
    static void set(Runnable close, Instrumentation instrumentation)
            throws ReflectiveOperationException, UnmodifiableClassException {
        end = close;
        JfrEnd transformer = new JfrEnd();
        instrumentation.addTransformer(transformer, true);
        try {
            instrumentation.retransformClasses(Class.forName(HOOK));
        } finally {
            instrumentation.removeTransformer(transformer);
        }
    }

    @Override
    public byte[] transform(
            Module module, ClassLoader loader, String name, Class<?> present, ProtectionDomain domain, byte[] bytes) {
        if (!HOOK.replace('.', '/').equals(name)) {
            return null;
        }
        ClassFile file = ClassFile.of();
        return file.transformClass(
                file.parse(bytes),
                ClassTransform.transformingMethodBodies(
                        method -> method.methodName().equalsString("run"), new CodeTransform() {
                            @Override
                            public void atStart(CodeBuilder code) {
                                call(code);
                            }

                            @Override
                            public void accept(CodeBuilder code, CodeElement element) {
                                code.with(element);
                            }
                        }));
    }

    // By reflection: JFR sees the JDK alone.
    private static void call(CodeBuilder code) {
        code.loadConstant(JfrEnd.class.getName())
                .iconst_1()
                .invokestatic(LOADER, "getSystemClassLoader", MethodTypeDesc.of(LOADER))
                .invokestatic(
                        ConstantDescs.CD_Class,
                        "forName",
                        MethodTypeDesc.of(
                                ConstantDescs.CD_Class, ConstantDescs.CD_String, ConstantDescs.CD_boolean, LOADER))
                .loadConstant("run")
                .iconst_0()
                .anewarray(ConstantDescs.CD_Class)
                .invokevirtual(
                        ConstantDescs.CD_Class,
                        "getMethod",
                        MethodTypeDesc.of(METHOD, ConstantDescs.CD_String, ConstantDescs.CD_Class.arrayType()))
                .aconst_null()
                .iconst_0()
                .anewarray(ConstantDescs.CD_Object)
                .invokevirtual(
                        METHOD,
                        "invoke",
                        MethodTypeDesc.of(
                                ConstantDescs.CD_Object, ConstantDescs.CD_Object, ConstantDescs.CD_Object.arrayType()))
                .pop();
    }
}
