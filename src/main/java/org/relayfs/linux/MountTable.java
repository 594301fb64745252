package org.relayfs.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The mounts of this process's namespace, as /proc/self/mountinfo lists them. It asks no mounted file system anything,
/// so a dead one cannot hang it.
///
/// Short commands ask it first of all: no lambdas, each of which would take them a millisecond to link.
public final class MountTable {
    private static final Path MOUNT_INFO = Path.of("/proc/self/mountinfo");
    private static final String OUR_TYPE = "fuse.relayfs";
    private static final String SEPARATOR = " - ";
    private static final int DEVICE_FIELD = 2;
    private static final int MOUNT_POINT_FIELD = 4;

    /// What the JDK takes the bytes of paths for, which the locale decides.
    private static final Charset PATHS = Charset.forName(System.getProperty("sun.jnu.encoding"));

    private MountTable() {}

    /// One mount.
    ///
    /// @param device     `major:minor`, different for every mounted file system
    /// @param mountPoint absolute path without symbolic links
    /// @param type       file system type
    public record Mount(String device, Path mountPoint, String type) {
        /// {@return true: a relayfs, dead or alive}
        public boolean isRelayfs() {
            return type.equals(OUR_TYPE);
        }
    }

    /// {@return all mounts that this process can name, those that hide others after them}
    ///
    /// @throws IOException the table cannot be read
    public static List<Mount> all() throws IOException {
        List<Mount> mounts = new ArrayList<>();
        for (String line : lines()) {
            Mount mount = parseOrNull(line);
            if (mount != null) {
                mounts.add(mount);
            }
        }
        return mounts;
    }

    /// Mounts of ours that this process cannot name: their path has bytes that are no letters in its locale.
    ///
    /// @return what the table calls the folders; other than ASCII is written as three octal digits
    /// @throws IOException the table cannot be read
    public static List<String> unnameable() throws IOException {
        List<String> folders = new ArrayList<>();
        for (String line : lines()) {
            if (type(line).equals(OUR_TYPE) && parseOrNull(line) == null) {
                folders.add(escape(fields(line)[MOUNT_POINT_FIELD]));
            }
        }
        return folders;
    }

    /// {@return what is mounted there, the topmost if there are several}
    ///
    /// @param mountPoint absolute path without symbolic links
    /// @throws IOException the table cannot be read
    public static Optional<Mount> at(Path mountPoint) throws IOException {
        Mount topmost = null;
        for (Mount mount : all()) {
            if (mount.mountPoint().equals(mountPoint)) {
                topmost = mount;
            }
        }
        return Optional.ofNullable(topmost);
    }

    /// Paths are bytes: each becomes one character.
    private static String[] lines() throws IOException {
        return new String(Files.readAllBytes(MOUNT_INFO), StandardCharsets.ISO_8859_1).split("\n");
    }

    static Optional<Mount> parse(String line) {
        return Optional.ofNullable(parseOrNull(line));
    }

    /// Null if this process cannot name it.
    private static Mount parseOrNull(String line) {
        String[] fields = fields(line);
        Path mountPoint = pathOrNull(unescape(fields[MOUNT_POINT_FIELD]));
        return mountPoint == null ? null : new Mount(fields[DEVICE_FIELD], mountPoint, type(line));
    }

    private static String[] fields(String line) {
        return line.substring(0, line.indexOf(SEPARATOR)).split(" ");
    }

    private static String type(String line) {
        return line.substring(line.indexOf(SEPARATOR) + SEPARATOR.length()).split(" ", 2)[0];
    }

    private static Path pathOrNull(String bytes) {
        try {
            ByteBuffer source = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
            // Unlike the methods of String, a decoder says what it cannot decode.
            return Path.of(PATHS.newDecoder().decode(source).toString());
        } catch (CharacterCodingException | InvalidPathException e) {
            return null;
        }
    }

    /// The kernel writes space, tab, newline and backslash as three octal digits.
    private static String unescape(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && i + 3 < text.length()) {
                plain.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                plain.append(text.charAt(i));
            }
        }
        return plain.toString();
    }

    private static String escape(String bytes) {
        StringBuilder text = new StringBuilder();
        bytes.chars().forEach(c -> text.append(c < 128 ? Character.toString(c) : "\\" + Integer.toOctalString(c)));
        return text.toString();
    }
}
