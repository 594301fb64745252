/// The handlers of the program's own files: where they run, how long anybody waits for them, and how the
/// files tell of changes. Knows neither names nor FUSE. Not exported.
package org.relayfs.tree.handler;
