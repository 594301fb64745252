/// A mount as its clients see it, through its files; the commands that read and write them. Not exported.
package org.relayfs.tool.client;
