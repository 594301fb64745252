/// Who asks, what a node's mode and owner say, and *the* permission check. It knows no directories and no files: the
/// nodes of [org.relayfs.tree] hand in their attributes. Not exported.
///
/// [org.relayfs.tree.access.Permission] answers as a kernel file system with the same modes and owners would. On a
/// mount with `default_permissions` the kernel itself has checked before it asks; its callers are marked so, and
/// nothing is checked twice.
package org.relayfs.tree.access;
