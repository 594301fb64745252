package org.relayfs.trigger;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/// A signal of this JVM that takes snapshots, by `sun.misc.Signal` of the module `jdk.unsupported`: the
/// JDK has no other way. By reflection, because no warning of the compiler about it can be suppressed.
final class SignalTrigger implements AutoCloseable {
    private static final String PACKAGE = "sun.misc.";

    private final SnapshotTriggers triggers;
    private final Object signal;
    private final Method set;
    private final Method call;
    // The two that the system has itself.
    private final Object byDefault;
    private final Object ignoring;
    // Signals may come before the constructor is done.
    private volatile Object earlier;

    /// @throws IllegalArgumentException there is no such signal, or the JVM needs it itself
    /// @throws IllegalStateException the module is not there
    SignalTrigger(SnapshotTriggers triggers, String name) {
        this.triggers = triggers;
        try {
            Class<?> type = Class.forName(PACKAGE + "Signal");
            Class<?> handler = Class.forName(PACKAGE + "SignalHandler");
            this.set = type.getMethod("handle", type, handler);
            this.call = handler.getMethod("handle", type);
            this.byDefault = handler.getField("SIG_DFL").get(null);
            this.ignoring = handler.getField("SIG_IGN").get(null);
            this.signal = type.getConstructor(String.class).newInstance(name);
            this.earlier = ignoring;
            this.earlier = set.invoke(
                    null,
                    signal,
                    Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, this::invoked));
        } catch (InvocationTargetException e) {
            throw refused(name, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("signal: value=" + name + ", needs the module jdk.unsupported", e);
        }
    }

    private static IllegalArgumentException refused(String name, Throwable why) {
        return new IllegalArgumentException(
                "signal: value=" + name + ", limit=one that the JVM does not need itself, as kill -l names it: "
                        + why.getMessage(),
                why);
    }

    // Of the handler's methods those of Object, too, although nobody calls them.
    private Object invoked(Object proxy, Method method, Object[] arguments) throws ReflectiveOperationException {
        return switch (method.getName()) {
            case "handle" -> {
                take(arguments[0]);
                yield null;
            }
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "relayfs-snapshots " + signal;
        };
    }

    // In a thread that the JVM makes for each signal.
    private void take(Object sent) throws ReflectiveOperationException {
        // As its name has it without SIG.
        int ignored = triggers.want(sent.toString().replaceFirst("^SIG", ""));
        Object next = earlier;
        if (next != null && next != byDefault && next != ignoring) {
            callEarlier(next, sent);
        }
    }

    private void callEarlier(Object next, Object sent) throws ReflectiveOperationException {
        try {
            call.invoke(next, sent);
        } catch (InvocationTargetException e) {
            // One in C, as the JVM has for USR2, cannot be called.
            if (!(e.getCause() instanceof UnsupportedOperationException)) {
                throw e;
            }
        }
    }

    @Override
    public void close() throws ReflectiveOperationException {
        Object ignored = set.invoke(null, signal, earlier);
    }
}
