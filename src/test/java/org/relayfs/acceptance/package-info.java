/// What the whole is for, on a real mount: the mount is served by the JVM of the tests, and everything that
/// uses it is another process with a bound on its time. After each test nothing of it may be left, see
/// [Sandbox].
package org.relayfs.acceptance;
