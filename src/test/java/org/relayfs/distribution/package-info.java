/// What leaves the build: the jars, as those find them who get them from others.
package org.relayfs.distribution;
