package org.relayfs.ring;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.List;
import java.util.stream.Stream;

/// What a method calls, in the order of its code.
final class Bytecode {
    /// Stands among the calls for a store into an array of objects.
    static final String STORES_OBJECT = "[]=";

    private Bytecode() {}

    /// {@return the methods that a class declares}
    static List<MethodModel> methods(Class<?> type) {
        String file = type.getName().replace('.', '/') + ".class";
        try (InputStream in = type.getClassLoader().getResourceAsStream(file)) {
            return ClassFile.of().parse(in.readAllBytes()).methods();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return the calls of a method, as `Class.method`; of all methods of that name, one after the other}
    static List<String> calls(Class<?> type, String method) {
        List<String> calls = methods(type).stream()
                .filter(model -> model.methodName().equalsString(method))
                .flatMap(Bytecode::calls)
                .toList();
        if (calls.isEmpty()) {
            throw new AssertionError(type.getSimpleName() + "." + method + ": no such method, or it calls nothing");
        }
        return calls;
    }

    /// {@return its calls, as `Class.method`}
    static Stream<String> calls(MethodModel method) {
        return method.code().stream().flatMap(code -> code.elementStream().flatMap(Bytecode::call));
    }

    private static Stream<String> call(CodeElement element) {
        return switch (element) {
            case InvokeInstruction call ->
                Stream.of(call.owner().asSymbol().displayName() + "."
                        + call.name().stringValue());
            case ArrayStoreInstruction store when store.opcode() == Opcode.AASTORE -> Stream.of(STORES_OBJECT);
            default -> Stream.empty();
        };
    }
}
