/// A handler for `java.util.logging`, and by that for `System.Logger`.
package org.relayfs.logging.jul;
