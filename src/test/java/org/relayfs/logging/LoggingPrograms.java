package org.relayfs.logging;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.relayfs.testing.Client;

/// Starts programs that log by a framework, which a file of its own configures.
final class LoggingPrograms {
    private LoggingPrograms() {}

    /// {@return the configuration of a framework whose root logger has our appender, at INFO}
    ///
    /// @param framework as [LoggingProgram] calls it
    /// @param settings  `name=value`, as [LogSettings] has them
    static String configuration(String framework, String... settings) {
        List<String[]> pairs =
                Arrays.stream(settings).map(text -> text.split("=", 2)).toList();
        return switch (framework) {
            case "logback" ->
                pairs.stream()
                        .map(pair -> "<" + pair[0] + ">" + pair[1] + "</" + pair[0] + ">")
                        .collect(Collectors.joining(
                                "",
                                "<configuration><appender name=\"R\" class=\"org.relayfs.logging.logback.RelayfsAppender\">",
                                "</appender><root level=\"INFO\"><appender-ref ref=\"R\"/></root></configuration>"));
            case "log4j" ->
                pairs.stream()
                        .map(pair -> pair[0] + "=\"" + pair[1] + "\"")
                        .collect(Collectors.joining(
                                " ",
                                "<Configuration status=\"WARN\"><Appenders><Relayfs name=\"R\" ",
                                "/></Appenders><Loggers><Root level=\"INFO\"><AppenderRef ref=\"R\"/></Root>"
                                        + "</Loggers></Configuration>"));
            default ->
                pairs.stream()
                        .map(pair -> "org.relayfs.logging.jul.RelayfsHandler." + pair[0] + "=" + pair[1] + "\n")
                        .collect(Collectors.joining(
                                "", "handlers=org.relayfs.logging.jul.RelayfsHandler\n.level=INFO\n", ""));
        };
    }

    /// Starts a program.
    ///
    /// @param folder    for the configuration
    /// @param main      the program, whose first argument is the framework
    /// @param framework as [LoggingProgram] calls it
    /// @param settings  of our appender
    static Client start(Path folder, Class<?> main, String framework, List<String> settings, String... arguments)
            throws Exception {
        return start(folder, main, framework, settings, List.of(), arguments);
    }

    /// Starts a program, with options of its JVM.
    static Client start(
            Path folder,
            Class<?> main,
            String framework,
            List<String> settings,
            List<String> options,
            String... arguments)
            throws Exception {
        String kind = framework.equals("system") ? "jul" : framework;
        return startConfigured(
                folder, main, framework, configuration(kind, settings.toArray(String[]::new)), options, arguments);
    }

    /// Starts a program with a configuration of its framework.
    static Client startConfigured(
            Path folder,
            Class<?> main,
            String framework,
            String configuration,
            List<String> options,
            String... arguments)
            throws Exception {
        String kind = framework.equals("system") ? "jul" : framework;
        Path file = folder.resolve(kind.equals("jul") ? "logging.properties" : kind + ".xml");
        Files.writeString(file, configuration, StandardCharsets.UTF_8);
        String property = switch (kind) {
            case "logback" -> "logback.configurationFile";
            case "log4j" -> "log4j2.configurationFile";
            default -> "java.util.logging.config.file";
        };
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of("-Dlog4j2.garbagefreeThreadContextMap=true", "-D" + property + "=" + file, "--", framework));
        all.addAll(List.of(arguments));
        List<String> command = Client.java(main, all.toArray(String[]::new));
        if (kind.equals("logback")) {
            int path = command.indexOf("-cp") + 1;
            command.set(path, withLogback(command.get(path)));
        }
        return Client.start(command);
    }

    /// {@return a class path where Logback is SLF4J's only binding}
    static String withLogback(String path) {
        return Arrays.stream(path.split(File.pathSeparator))
                        .filter(element -> !element.contains("slf4j-simple"))
                        .collect(Collectors.joining(File.pathSeparator))
                + File.pathSeparator
                + System.getProperty("logback.jar");
    }
}
