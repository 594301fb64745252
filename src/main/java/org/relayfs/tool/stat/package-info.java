/// `relayfs stat`, and what was lost. Not exported.
package org.relayfs.tool.stat;
