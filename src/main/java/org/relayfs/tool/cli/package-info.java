/// What every command has: exit codes, messages, terminals. Not exported.
package org.relayfs.tool.cli;
