/// Snapshots of a channel when something happens: a signal, an exception that nobody has caught, an
/// event.
package org.relayfs.trigger;
