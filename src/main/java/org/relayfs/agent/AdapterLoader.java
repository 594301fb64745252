package org.relayfs.agent;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Loads our appender for a framework of the program's: the appender itself anew, so that it meets the
/// classes of the framework; the rest of relayfs from the library.
final class AdapterLoader extends ClassLoader {
    private static final String OURS = "org.relayfs.";
    private static final List<String> ADAPTERS =
            List.of(OURS + "logging.logback.", OURS + "logging.log4j.", OURS + "agent.logback.", OURS + "agent.log4j.");

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader library;

    AdapterLoader(ClassLoader framework, ClassLoader library) {
        super("relayfs-adapter", framework);
        this.library = library;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        if (ADAPTERS.stream().noneMatch(name::startsWith)) {
            return library.loadClass(name);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream stream = library.getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (stream == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = stream.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
