package org.relayfs.tree.text;

import java.util.ArrayList;
import java.util.List;
import org.relayfs.ChannelConfig;
import org.relayfs.buffer.ChannelName;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// The settings of a channel that say what relay files it has, and where.
///
/// @param base      the prefix of their names
/// @param mode      permission bits
/// @param directory where they are, an absolute path inside the mount; null for the channel's own directory
/// @param numbered  false: the only file is called as the base
/// @param plain     true: no control files in the channel's directory, no counters beside the relay files
public record FileSettings(String base, int mode, String directory, boolean numbered, boolean plain) {
    static final String OWN = ".";

    static FileSettings of(ChannelConfig config) {
        return new FileSettings(
                config.baseName(),
                config.fileMode(),
                config.fileDirectory(),
                config.numberedFiles(),
                config.plainDirectory());
    }

    ChannelConfig applyTo(ChannelConfig config) {
        return config.withBaseName(base)
                .withFileMode(mode)
                .withFileDirectory(directory)
                .withNumberedFiles(numbered)
                .withPlainDirectory(plain);
    }

    /// {@return the directory that the files are in}
    ///
    /// @param channel components of the channel's name
    public List<String> components(List<String> channel) {
        return directory == null ? channel : directory.equals("/") ? List.of() : componentsOf(directory);
    }

    private static List<String> componentsOf(String path) {
        List<String> components = new ArrayList<>(List.of(path.split("/")));
        components.removeFirst();
        return List.copyOf(components);
    }

    /// {@return the directory as it is written}
    String directoryText() {
        return directory == null ? OWN : directory;
    }

    /// {@return what a text says of the directory: null for the channel's own}
    ///
    /// @throws ErrnoException ENAMETOOLONG, EINVAL
    static String parseDirectory(String text) throws ErrnoException {
        if (text.equals(OWN)) {
            return null;
        }
        if (text.equals("/")) {
            return text;
        }
        if (!text.startsWith("/")) {
            throw new ErrnoException(
                    Errno.EINVAL,
                    "files: value=\"" + text + "\", limit=. for the channel's own directory, or a path from the root of"
                            + " the mount; write / or, for example, /block/sda");
        }
        ChannelName name = NameLimits.parse(text.substring(1));
        return "/" + name;
    }

    FileSettings withBase(String value) {
        return new FileSettings(value, mode, directory, numbered, plain);
    }

    FileSettings withMode(int value) {
        return new FileSettings(base, value, directory, numbered, plain);
    }

    FileSettings withDirectory(String value) {
        return new FileSettings(base, mode, value, numbered, plain);
    }

    FileSettings withNumbered(boolean value) {
        return new FileSettings(base, mode, directory, value, plain);
    }

    FileSettings withPlain(boolean value) {
        return new FileSettings(base, mode, directory, numbered, value);
    }
}
