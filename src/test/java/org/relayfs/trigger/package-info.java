/// Snapshots that something takes.
package org.relayfs.trigger;
