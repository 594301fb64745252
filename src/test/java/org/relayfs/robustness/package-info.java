/// What becomes of a daemon, of its clients and of what they share when everything goes wrong at once: random
/// calls, ends of every kind under load, long runs. All of it with processes of their own, whose memory and
/// descriptors can be measured and which can be killed.
package org.relayfs.robustness;
