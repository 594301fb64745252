package org.relayfs.agent;

import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The agent's beginning. It says on standard error what it has hooked, and what it has not.
public final class Agent {
    private static final String LIBRARY = "relayfs.jar";
    private static final String JBOSS = "org/jboss/logmanager/LogManager.class";
    private static final String JUL_MANAGER = "java.util.logging.manager";

    private Agent() {}

    /// Begins before the program. A setting that is none ends the JVM with status 1; whatever else
    /// fails is said, and the program runs without.
    ///
    /// @param words           settings, see [Options]
    /// @param instrumentation of this JVM
    public static void premain(String words, Instrumentation instrumentation) {
        try {
            begin(words, instrumentation);
        } catch (IllegalArgumentException e) {
            say(e.getMessage());
            System.exit(1);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            say("nothing is hooked: " + e);
        }
    }

    /// Begins in a program that runs already.
    ///
    /// @param words           settings, see [Options]
    /// @param instrumentation of this JVM
    /// @throws ReflectiveOperationException the library does not fit
    /// @throws IllegalArgumentException a setting is none
    public static void agentmain(String words, Instrumentation instrumentation) throws ReflectiveOperationException {
        begin(words, instrumentation);
    }

    private static void begin(String words, Instrumentation instrumentation) throws ReflectiveOperationException {
        Options options = Options.of(words);
        LibraryLoader library = library();
        Target target = open(library, options.logging());
        if (target == null) {
            return;
        }
        List<String> hooked = new ArrayList<>();
        boolean jul = options.hooks(Options.JUL) && mayHookJul();
        if (jul) {
            target.hookJul();
            hooked.add("java.util.logging");
        }
        if (options.hooks(Options.EXCEPTIONS)) {
            Thread.setDefaultUncaughtExceptionHandler(
                    new LastWords(target, Thread.getDefaultUncaughtExceptionHandler()));
            hooked.add("uncaught exceptions");
        }
        if (options.hooks(Options.OUTPUT)) {
            System.setOut(LineStream.over(System.out, target, "System.out"));
            System.setErr(LineStream.over(System.err, target, "System.err"));
            hooked.add("System.out, System.err");
        }
        if (options.jfr() != null && record(target, options.jfr(), instrumentation)) {
            hooked.add("JFR " + options.jfr());
        }
        say("hooked " + (hooked.isEmpty() ? "nothing" : String.join(", ", hooked))
                + "; frameworks when they are there: " + String.join(", ", frameworks(options)));
        Hooks.set(library, target, options.logging(), jul && !options.keepsJul(), Agent::say);
        instrument(instrumentation, options);
    }

    private static List<String> frameworks(Options options) {
        return Stream.of(Options.LOGBACK, Options.LOG4J).filter(options::hooks).toList();
    }

    // That manager has to be the first to say what loggers are, in the program's main.
    private static boolean mayHookJul() {
        boolean may = System.getProperty(JUL_MANAGER) != null || ClassLoader.getSystemResource(JBOSS) == null;
        if (!may) {
            say("java.util.logging is not hooked: the program has JBoss LogManager; set " + JUL_MANAGER
                    + " on the command line, or see docs/recipes.md");
        }
        return may;
    }

    private static LibraryLoader library() {
        try {
            Path own = Path.of(Agent.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path jar = own.resolveSibling(LIBRARY);
            if (!Files.isReadable(jar)) {
                throw new IllegalArgumentException(
                        "agent: " + jar + " cannot be read; put " + LIBRARY + " beside " + own.getFileName());
            }
            return new LibraryLoader(jar.toUri().toURL());
        } catch (URISyntaxException | MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    // Null: it was said why there is none.
    private static Target open(LibraryLoader library, Map<String, String> settings)
            throws ReflectiveOperationException {
        try {
            return (Target) Class.forName("org.relayfs.agent.logging.Recorder", true, library)
                    .getMethod("open", Map.class, List.class)
                    .invoke(null, settings, Options.NAMES);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException bad) {
                throw bad;
            }
            say("nothing is hooked: " + e.getCause().getMessage());
            return null;
        }
    }

    private static boolean record(Target target, String configuration, Instrumentation instrumentation) {
        Runnable close;
        try {
            close = target.recordJfr(configuration);
        } catch (Exception e) {
            say("JFR is not recorded: jfr=" + configuration + ": " + e);
            return false;
        }
        try {
            JfrEnd.set(close, instrumentation);
        } catch (ReflectiveOperationException | UnmodifiableClassException | RuntimeException e) {
            say("JFR's last second may be missing: " + e);
        }
        return true;
    }

    private static void instrument(Instrumentation instrumentation, Options options) {
        Instrumenter instrumenter = new Instrumenter(frameworks(options), Agent::say);
        instrumentation.addTransformer(instrumenter, true);
        for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
            if (instrumenter.wants(loaded)) {
                try {
                    instrumentation.retransformClasses(loaded);
                    PresentContexts.hook(loaded);
                } catch (UnmodifiableClassException | ReflectiveOperationException | RuntimeException e) {
                    say(loaded.getName() + " is not hooked: " + e);
                }
            }
        }
    }

    private static void say(String text) {
        System.err.println("relayfs agent: " + text);
    }
}
