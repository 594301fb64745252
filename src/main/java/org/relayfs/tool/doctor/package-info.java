/// `relayfs doctor` and `relayfs clean`: obstacles to mounting, and what dead processes have left behind. Not
/// exported.
package org.relayfs.tool.doctor;
