package org.relayfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.relayfs.buffer.ChannelName;
import org.relayfs.linux.Cpus;
import org.relayfs.memory.KeptText;

/// The settings of a channel that its memory does not hold, as a file in its folder: a line with the words of
/// `create`.
/// Another process reads it when it takes the channel over.
///
/// @param name     of the channel, null while it has none
/// @param firstCpu the first CPU online when it was made: the file of a global channel is named by it
/// @param config   of which only names and modes of files are kept
record KeptSettings(String name, int firstCpu, ChannelConfig config) {
    private static final String FILE = "settings";
    private static final String COMMAND = "create";
    private static final String OWN_DIRECTORY = ".";
    private static final int MAX_WORDS = 32;

    /// Keeps them.
    ///
    /// @param folder of the channel
    void write(Path folder) throws IOException {
        if (name == null) {
            return;
        }
        String directory = config.fileDirectory() == null ? OWN_DIRECTORY : config.fileDirectory();
        KeptText.write(
                folder.resolve(FILE),
                String.join(
                        " ",
                        COMMAND,
                        name,
                        "base=" + config.baseName(),
                        "file_mode=" + Integer.toOctalString(config.fileMode()),
                        "files=" + directory,
                        "numbered=" + (config.numberedFiles() ? 1 : 0),
                        "plain=" + (config.plainDirectory() ? 1 : 0),
                        "first_cpu=" + firstCpu + "\n"));
    }

    /// Reads those of a channel, which need not be trusted.
    ///
    /// @param folder   of the channel
    /// @param geometry the settings that its memory holds
    /// @return the settings
    /// @throws IOException they are not there, or cannot be
    static KeptSettings read(Path folder, ChannelConfig geometry) throws IOException {
        String line = KeptText.read(folder.resolve(FILE))
                .orElseThrow(() -> new IOException(folder + ": it has no file " + FILE + ", and so no name"));
        String[] words = line.strip().split(" ", MAX_WORDS);
        try {
            if (words.length < 2 || !words[0].equals(COMMAND)) {
                throw new IllegalArgumentException("a line that begins with create NAME");
            }
            Map<String, String> values = new HashMap<>();
            for (int i = 2; i < words.length; i++) {
                int equals = words[i].indexOf('=') + 1;
                values.put(words[i].substring(0, equals), words[i].substring(equals));
            }
            String directory = values.getOrDefault("files=", OWN_DIRECTORY);
            ChannelConfig config = geometry.withBaseName(values.getOrDefault("base=", geometry.baseName()))
                    .withFileMode(Integer.parseInt(values.getOrDefault("file_mode=", "400"), 8))
                    .withFileDirectory(directory.equals(OWN_DIRECTORY) ? null : directory)
                    .withNumberedFiles(!values.getOrDefault("numbered=", "1").equals("0"))
                    .withPlainDirectory(values.getOrDefault("plain=", "0").equals("1"));
            int firstCpu = Integer.parseInt(values.getOrDefault("first_cpu=", "0"));
            if (firstCpu < 0 || firstCpu >= Cpus.MAX_CPUS) {
                throw new IllegalArgumentException("first_cpu=" + firstCpu);
            }
            return new KeptSettings(ChannelName.of(words[1]).toString(), firstCpu, config);
        } catch (IllegalArgumentException e) {
            throw new IOException(folder.resolve(FILE) + ": damaged: " + e.getMessage(), e);
        }
    }
}
