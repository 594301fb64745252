/// A mount as its clients see it, through its files, and the commands that read and write those. Not exported.
package org.relayfs.tool.client;
