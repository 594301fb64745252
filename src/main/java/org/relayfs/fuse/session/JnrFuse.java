package org.relayfs.fuse.session;

import java.io.IOException;

/// Lets this module use jnr-fuse, which cannot be a module beside jnr-ffi: both have classes in the same packages. So
/// they are on the class path, which no module reads unless it says so itself.
public final class JnrFuse {
    private static final String FIRST_USED = "ru.serce.jnrfuse.FuseStubFS";

    private JnrFuse() {}

    /// To be called before a class is loaded that extends or names one of theirs.
    ///
    /// @throws IOException they are not on the class path
    public static void makeReadable() throws IOException {
        Class<?> own = JnrFuse.class;
        own.getModule().addReads(own.getClassLoader().getUnnamedModule());
        try {
            Class.forName(FIRST_USED, false, own.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IOException(
                    "jnr-fuse: not found: put it and its dependencies on the class path (-cp), not on the module path",
                    e);
        }
    }
}
