/// The text of control files and commands: numbers, words and names with their limits, and the settings of a channel
/// that they spell. It knows no files and no channels.
/// Not exported.
package org.relayfs.tree.text;
