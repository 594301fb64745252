/// `relayfs record`. Not exported.
package org.relayfs.tool.recording;
