package org.relayfs.tree;

/// The capacity of a tree, for `df`.
///
/// @param totalBytes      shared memory that its channels may have together
/// @param freeBytes       what of it is left
/// @param directories     how many channel directories there may be
/// @param freeDirectories how many more
public record TreeSpace(long totalBytes, long freeBytes, long directories, long freeDirectories) {}
