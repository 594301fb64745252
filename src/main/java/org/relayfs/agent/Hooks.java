package org.relayfs.agent;

import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Consumer;

/// What instrumented frameworks call. Nothing throws into them. Any thread.
public final class Hooks {
    /// What they are hooked to; set once, before the first class is instrumented.
    private static volatile Hooks present;

    private final ClassLoader library;
    private final Target target;
    private final Map<String, String> settings;
    private final boolean leavesJul;
    private final Consumer<String> says;
    // By the class of a context. Guarded by this.
    private final Map<Class<?>, Consumer<Object>> adapters = new WeakHashMap<>();

    private Hooks(
            ClassLoader library,
            Target target,
            Map<String, String> settings,
            boolean leavesJul,
            Consumer<String> says) {
        this.library = library;
        this.target = target;
        this.settings = settings;
        this.leavesJul = leavesJul;
        this.says = says;
    }

    static void set(
            ClassLoader library,
            Target target,
            Map<String, String> settings,
            boolean leavesJul,
            Consumer<String> says) {
        present = new Hooks(library, target, settings, leavesJul, says);
    }

    /// Hooks a context of Logback.
    ///
    /// @param context a LoggerContext
    public static void logback(Object context) {
        present.add("Logback", "org.relayfs.agent.logback.LogbackHook", context);
    }

    /// Hooks a context of Log4j that was configured.
    ///
    /// @param context a LoggerContext
    public static void log4j(Object context) {
        present.add("Log4j", "org.relayfs.agent.log4j.Log4jHook", context);
    }

    // A broken framework must not be broken by us: whatever it throws, its caller goes on.
    @SuppressWarnings("IllegalCatch")
    private void add(String framework, String hook, Object context) {
        try {
            adapter(framework, hook, context).accept(context);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            says.accept(framework + " is not hooked: " + e);
        }
    }

    private synchronized Consumer<Object> adapter(String framework, String hook, Object context)
            throws ReflectiveOperationException {
        Consumer<Object> adapter = adapters.get(context.getClass());
        if (adapter == null) {
            adapter = make(hook, context.getClass().getClassLoader());
            adapters.put(context.getClass(), adapter);
            says.accept("hooked " + framework + (leavesJul ? "; java.util.logging is left to it" : ""));
            if (leavesJul) {
                target.leaveJul();
            }
        }
        return adapter;
    }

    @SuppressWarnings("unchecked")
    private Consumer<Object> make(String hook, ClassLoader framework) throws ReflectiveOperationException {
        try {
            return Class.forName(hook, true, new AdapterLoader(framework, library))
                    .asSubclass(Consumer.class)
                    .getConstructor(Map.class)
                    .newInstance(settings);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
