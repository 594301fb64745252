/// The programs written for relay in twenty years, replayed call by call against a real mount, and what their calls
/// answer.
package org.relayfs.clients;
