package org.relayfs.agent;

/// Finds the contexts of frameworks that were there before the agent.
final class PresentContexts {
    private PresentContexts() {}

    /// Hooks the present context of a framework.
    ///
    /// @param type the class of its contexts
    /// @throws ReflectiveOperationException it cannot be asked
    static void hook(Class<?> type) throws ReflectiveOperationException {
        ClassLoader loader = type.getClassLoader();
        if (type.getName().startsWith("ch.qos.logback.")) {
            Object context = Class.forName("org.slf4j.LoggerFactory", true, loader)
                    .getMethod("getILoggerFactory")
                    .invoke(null);
            if (type.isInstance(context)) {
                Hooks.logback(context);
            }
        } else {
            Object context = Class.forName("org.apache.logging.log4j.LogManager", true, loader)
                    .getMethod("getContext", boolean.class)
                    .invoke(null, false);
            if (type.isInstance(context)) {
                Hooks.log4j(context);
            }
        }
    }
}
