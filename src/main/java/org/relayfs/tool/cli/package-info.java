/// The parts that all commands share: exit codes, messages, terminals. Not exported.
package org.relayfs.tool.cli;
