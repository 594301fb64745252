/// `relayfs doctor` and `relayfs clean`: what stands in the way, what was left behind. Not exported.
package org.relayfs.tool.doctor;
