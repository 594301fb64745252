package org.relayfs.bench;

/// One way to log records, to be measured. Has a constructor without arguments; is opened once, and closed.
public interface Subject extends AutoCloseable {
    /// What becomes of the records.
    enum Mode {
        /// The oldest are overwritten; nobody reads.
        OVERWRITE,
        /// A writer that finds no room discards what is there, as cheaply as the subject can.
        DISCARD,
        /// Another thread reads every byte.
        READ
    }

    /// Writes, on one thread.
    @FunctionalInterface
    interface Writer {
        /// Logs one record.
        ///
        /// @param source from
        /// @param offset of the first byte
        /// @param length bytes
        /// @return false when there was no room
        /// @throws Exception it failed
        boolean write(byte[] source, int offset, int length) throws Exception;
    }

    /// Gets ready.
    ///
    /// @param mode    for all records
    /// @param length  of each record
    /// @param threads that will write
    /// @return false when it has no such mode, length or threads
    /// @throws Exception it cannot be had here
    boolean open(Mode mode, int length, int threads) throws Exception;

    /// Makes a writer.
    ///
    /// @return a writer for one thread
    /// @throws Exception it cannot be had
    Writer newWriter() throws Exception;

    /// Reads every byte of what is there. One thread at a time.
    ///
    /// @return false when there was nothing
    /// @throws Exception it failed
    default boolean read() throws Exception {
        return false;
    }

    /// Throws away what is there, to make room. One thread at a time.
    ///
    /// @throws Exception it failed
    default void discard() throws Exception {
        boolean ignored = read();
    }

    /// Tells what went wrong.
    ///
    /// @return records that were lost since it was opened, but for those overwritten or without room
    default long lost() {
        return 0;
    }

    @Override
    default void close() throws Exception {}
}
