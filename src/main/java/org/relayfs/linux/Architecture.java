package org.relayfs.linux;

/// The numbers of the kernel's interface that differ between processors; all others are the same on both.
enum Architecture {
    /// 64-bit x86.
    X86_64("amd64", 0200000, 0400000, 040000, 202, 12),
    /// 64-bit ARM.
    AARCH64("aarch64", 040000, 0100000, 0200000, 98, 16);

    /// The one that this JVM runs on.
    static final Architecture CURRENT = of(System.getProperty("os.arch"));

    /// As the JDK calls it.
    final String jdkName;
    /// `O_DIRECTORY`
    final int openDirectory;
    /// `O_NOFOLLOW`
    final int openNoFollow;
    /// `O_DIRECT`
    final int openDirect;
    /// `SYS_futex`
    final int futexCall;
    /// Bytes of a `struct epoll_event`, which is packed on x86 only.
    final int epollEventSize;

    Architecture(
            String jdkName, int openDirectory, int openNoFollow, int openDirect, int futexCall, int epollEventSize) {
        this.jdkName = jdkName;
        this.openDirectory = openDirectory;
        this.openNoFollow = openNoFollow;
        this.openDirect = openDirect;
        this.futexCall = futexCall;
        this.epollEventSize = epollEventSize;
    }

    /// {@return the architecture of that name}
    ///
    /// @param jdkName value of the system property `os.arch`
    static Architecture of(String jdkName) {
        for (Architecture architecture : values()) {
            if (architecture.jdkName.equals(jdkName)) {
                return architecture;
            }
        }
        throw new UnsupportedOperationException(
                "processor: os.arch=" + jdkName + ", limit=amd64 or aarch64; use a 64-bit JVM on one of these");
    }
}
