package org.relayfs.agent;

/// What the agent has the library do, across their class loaders. Nothing throws into the program. Any
/// thread.
public interface Target {
    /// Logs an exception that nobody has caught.
    ///
    /// @param thread  that ends by it
    /// @param failure the exception
    void exception(Thread thread, Throwable failure);

    /// Logs a line that the program has printed.
    ///
    /// @param stream its name, which stands for the logger's
    /// @param text   of the line, without its end
    void line(String stream, String text);

    /// Adds a handler to the root logger of `java.util.logging`, again whenever that is configured
    /// anew.
    void hookJul();

    /// Takes that handler away.
    void leaveJul();

    /// Logs the events of JDK Flight Recorder from now on.
    ///
    /// @param configuration name of one of the JDK's, or path of a file
    /// @return ends the recording, and waits until all events until then are logged
    /// @throws Exception there is no such configuration
    Runnable recordJfr(String configuration) throws Exception;
}
