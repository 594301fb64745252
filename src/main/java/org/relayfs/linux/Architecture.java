package org.relayfs.linux;

import java.util.Set;

/// The numbers of the kernel's interface that differ between processors; all others are the same on both.
enum Architecture {
    /// 64-bit x86.
    X86_64(
            "amd64",
            0200000,
            0400000,
            040000,
            202,
            324,
            12,
            Set.of(0, 1, 19, 20),
            Set.of(17, 18, 295, 296, 209),
            Set.of(327, 328)),
    /// 64-bit ARM.
    AARCH64(
            "aarch64",
            040000,
            0100000,
            0200000,
            98,
            283,
            16,
            Set.of(63, 64, 65, 66),
            Set.of(67, 68, 69, 70, 2),
            Set.of(286, 287));

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
    /// `SYS_membarrier`
    final int membarrierCall;
    /// Bytes of a `struct epoll_event`, which is packed on x86 only.
    final int epollEventSize;
    /// `SYS_read`, `SYS_write`, `SYS_readv`, `SYS_writev`
    final Set<Integer> sequentialCalls;
    /// `SYS_pread64`, `SYS_pwrite64`, `SYS_preadv`, `SYS_pwritev`, `SYS_io_submit`
    final Set<Integer> positionedCalls;
    /// `SYS_preadv2`, `SYS_pwritev2`
    final Set<Integer> optionallyPositionedCalls;

    Architecture(
            String jdkName,
            int openDirectory,
            int openNoFollow,
            int openDirect,
            int futexCall,
            int membarrierCall,
            int epollEventSize,
            Set<Integer> sequentialCalls,
            Set<Integer> positionedCalls,
            Set<Integer> optionallyPositionedCalls) {
        this.jdkName = jdkName;
        this.openDirectory = openDirectory;
        this.openNoFollow = openNoFollow;
        this.openDirect = openDirect;
        this.futexCall = futexCall;
        this.membarrierCall = membarrierCall;
        this.epollEventSize = epollEventSize;
        this.sequentialCalls = sequentialCalls;
        this.positionedCalls = positionedCalls;
        this.optionallyPositionedCalls = optionallyPositionedCalls;
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
