package org.relayfs.agent;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Enumeration;

/// Loads the library, and what it needs, from `relayfs.jar`, whatever the program has of the same
/// names. The agent's own classes, which both sides share, are those that the JVM has loaded.
final class LibraryLoader extends URLClassLoader {
    private static final String SHARED = Target.class.getPackageName() + ".";

    static {
        registerAsParallelCapable();
    }

    LibraryLoader(URL jar) {
        super("relayfs", new URL[] {jar}, Target.class.getClassLoader());
    }

    /// {@return whether a class is one that both sides share}
    static boolean isShared(String name) {
        return name.startsWith(SHARED) && name.indexOf('.', SHARED.length()) < 0;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (isShared(name) || findResource(name.replace('.', '/') + ".class") == null) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    public URL getResource(String name) {
        return findResource(name);
    }

    // Services are looked up by these: SLF4J would find the program's.
    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        return findResources(name);
    }
}
