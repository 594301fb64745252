package org.relayfs.bench;

/// What one batch took.
///
/// @param wallNs  from the first thread's start to the last one's end
/// @param cpuNs   CPU time of all writers
/// @param records of all writers
record Batch(long wallNs, long cpuNs, long records) {
    double cpuNsPerRecord() {
        return (double) cpuNs / records;
    }

    double recordsPerMicrosecond() {
        return 1000.0 * records / wallNs;
    }
}
