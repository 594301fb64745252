/// The command line. Not exported. `client`, `recording`, `stat` and `doctor` are clients of a mount, which they know
/// only by its files; only `daemon` serves one.
package org.relayfs.tool;
