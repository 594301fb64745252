/// `relayfs stat`, and the counting of losses. Not exported.
package org.relayfs.tool.stat;
