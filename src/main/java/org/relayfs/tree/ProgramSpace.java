package org.relayfs.tree;

import org.relayfs.tree.handler.HandlerThreads;

/// What every file of the program needs of its tree.
///
/// @param inodes   numbers
/// @param errorLog for refusals
/// @param threads  in which handlers run
record ProgramSpace(Inodes inodes, ErrorLog errorLog, HandlerThreads threads) {}
