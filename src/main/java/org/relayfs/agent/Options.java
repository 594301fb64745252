package org.relayfs.agent;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The words after `-javaagent:relayfs-agent.jar=`: settings of the agent's own, and those of a logger.
///
/// @param hooked  the own ones that are `on`, or that nothing was said about and are so by themselves
/// @param keepsJul the handler of `java.util.logging` stays when another framework turns up, because it
///     was asked for
/// @param jfr     JFR's configuration, or null
/// @param logging texts by name, for the library
record Options(List<String> hooked, boolean keepsJul, String jfr, Map<String, String> logging) {
    static final String EXCEPTIONS = "exceptions";
    static final String JUL = "jul";
    static final String LOGBACK = "logback";
    static final String LOG4J = "log4j";
    static final String OUTPUT = "output";
    static final String JFR = "jfr";

    private static final String OFF = "off";
    private static final List<String> SWITCHES = List.of(EXCEPTIONS, JUL, LOGBACK, LOG4J, OUTPUT);

    /// Names of the settings that are not a logger's.
    static final List<String> NAMES = List.of(EXCEPTIONS, JUL, LOGBACK, LOG4J, OUTPUT, JFR);

    /// Reads the words.
    ///
    /// @param words `name=value,…`; null is none
    /// @throws IllegalArgumentException they are none; the message names value, limit and remedy
    static Options of(String words) {
        Map<String, String> values = new HashMap<>();
        for (String word : (words == null ? "" : words).split(",")) {
            int end = word.indexOf('=');
            if (end <= 0) {
                throw new IllegalArgumentException("agent: value=\"" + word
                        + "\", limit=name=value,...; write, for example, path=/mnt/relay/app,output=on");
            }
            if (values.put(word.substring(0, end), word.substring(end + 1)) != null) {
                throw new IllegalArgumentException("agent: \"" + word + "\" is the second of this name; leave one out");
            }
        }
        String jfr = values.remove(JFR);
        boolean keepsJul = "on".equals(values.get(JUL));
        List<String> hooked = SWITCHES.stream()
                .filter(name -> isOn(name, values.remove(name)))
                .toList();
        return new Options(hooked, keepsJul, OFF.equals(jfr) ? null : jfr, Map.copyOf(values));
    }

    private static boolean isOn(String name, String value) {
        if (value == null) {
            return !name.equals(OUTPUT);
        }
        if (!value.equals("on") && !value.equals(OFF)) {
            throw new IllegalArgumentException(name + ": value=\"" + value + "\", limit=on or off");
        }
        return value.equals("on");
    }

    boolean hooks(String name) {
        return hooked.contains(name);
    }
}
