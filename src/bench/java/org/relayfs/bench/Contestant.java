package org.relayfs.bench;

/// One of those that are compared, open for one mode, length and number of threads.
interface Contestant extends AutoCloseable {
    /// Writes a batch.
    ///
    /// @param count records a thread
    Batch run(int count) throws Exception;

    /// Records lost since it was opened.
    long lost() throws Exception;

    @Override
    void close() throws Exception;
}
