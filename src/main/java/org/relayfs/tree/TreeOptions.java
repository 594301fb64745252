package org.relayfs.tree;

/// How a tree is to look.
///
/// @param uid          owner of the files
/// @param gid          group of the files
/// @param mmapMode     the third line of `version`: `mmap passthrough`, `mmap cached` or `mmap off`; asked for at each read
public record TreeOptions(int uid, int gid, java.util.function.Supplier<String> mmapMode) {}
