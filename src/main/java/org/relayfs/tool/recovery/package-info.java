/// `relayfs recover`. Not exported.
package org.relayfs.tool.recovery;
