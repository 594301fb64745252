/// The names of a mount: directories, relay files, control files. Plain Java that knows
/// nothing about FUSE; the data of relay files do not pass through it. Not exported.
///
/// ```
///   RelayTree ── resolve, mkdir, rmdir, attributes
///      │
///   Namespace ── the directories                                    <── ChannelWatcher <── Relay's events
///      │
///   Directory (root) ── control files: control, channels, buffers, stats, error_log, version
///      └─ Directory
///            └─ ChannelSlot ── what makes it a channel's directory: settings, control files (ChannelFiles)
///                  └─ ChannelLife ── while it is created: cpuN, cpuN.produced, cpuN.consumed (RelayFiles)
/// ```
///
/// Creating and destroying takes one path, whoever asks for it: [org.relayfs.tree.ChannelLifecycle] asks the Relay
/// to open or close a channel, the Relay tells its listeners, and the listener changes the names. So a channel of
/// the API and one of a control file look the same, and the tree never shows what does not exist.
///
/// A channel that is destroyed and created again has another life: other relay files with other inodes. Whoever
/// has the old ones open keeps them and their buffers.
///
/// Locks, in the order in which they are taken:
/// 1. the lifecycle lock of one channel directory: its `create`, `destroy` and `rmdir`, one after another;
/// 2. those of the Relay and its channels;
/// 3. the lock of the Namespace, for the names. Nothing outside this package is called under it, and looking up
///    does not need it.
///
/// None is held while waiting for something that a client of the mount would have to do.
///
/// Two rooms are apart: who may do what ([org.relayfs.tree.access]), and the text of files and commands
/// ([org.relayfs.tree.text]). What is left knows each other in circles, because a directory holds a channel's life,
/// whose files lead back to the directory, so that more packages would only hide that.
package org.relayfs.tree;
