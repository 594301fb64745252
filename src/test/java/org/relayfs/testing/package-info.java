/// What tests on a real mount share: the mount, processes with a time limit, and the proof that nothing is left of
/// them.
package org.relayfs.testing;
