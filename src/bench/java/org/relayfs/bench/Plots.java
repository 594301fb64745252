package org.relayfs.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Draws each table of a kept run as a picture.
///
/// Arguments: the file of the run, and the folder for the pictures; they are named after their tables.
public final class Plots {
    private Plots() {}

    /// Draws them.
    ///
    /// @param args file and folder
    /// @throws IOException the file is not one of a run, or a picture cannot be written
    public static void main(String[] args) throws IOException {
        Map<String, List<Result>> tables = Result.read(Path.of(args[0])).stream()
                .collect(Collectors.groupingBy(Result::title, LinkedHashMap::new, Collectors.toList()));
        Path folder = Files.createDirectories(Path.of(args[1]));
        for (Map.Entry<String, List<Result>> table : tables.entrySet()) {
            Path file = folder.resolve(fileName(table.getKey()));
            Files.writeString(file, new Plot(table.getValue()).draw());
            System.out.println(file);
        }
    }

    private static String fileName(String title) {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ".svg";
    }
}
