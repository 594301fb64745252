# install with DESTDIR is for those who make packages: nothing outside of it is written to.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
[ -r "$top/target/relayfs.jar" ] || skip "there is no target/relayfs.jar"

expect 0 env DESTDIR="$work/package" PREFIX=/opt/relayfs "$top/mount-scripts/install"
(cd package && find . -type f | sed 's|^\./usr/sbin|./sbin|' | sort) >found
cat >wanted <<'END'
./opt/relayfs/bin/relayfs
./opt/relayfs/include/relayfs.h
./opt/relayfs/lib/systemd/system/relayfs-ship@.service
./opt/relayfs/lib/systemd/system/relayfs@.service
./opt/relayfs/share/bash-completion/completions/relayfs
./opt/relayfs/share/man/man1/relayfs.1
./opt/relayfs/share/man/man3/relayfs.3
./opt/relayfs/share/man/man5/relayfs.5
./opt/relayfs/share/relayfs/kafka/kafka-clients.jar
./opt/relayfs/share/relayfs/kafka/lz4-java.jar
./opt/relayfs/share/relayfs/kafka/snappy-java.jar
./opt/relayfs/share/relayfs/kafka/zstd-jni.jar
./opt/relayfs/share/relayfs/make-cache
./opt/relayfs/share/relayfs/relayfs-agent.jar
./opt/relayfs/share/relayfs/relayfs.jar
./sbin/mount.relayfs
END
diff wanted found || fail "the files of the package"
grep -q '^ExecStart=/opt/relayfs/bin/relayfs mount -f ' package/opt/relayfs/lib/systemd/system/relayfs@.service ||
    fail "the unit names another program"
grep -q '^ExecStart=/opt/relayfs/bin/relayfs ship ' package/opt/relayfs/lib/systemd/system/relayfs-ship@.service ||
    fail "the unit of the shipper names another program"
grep -q ' "/opt/relayfs/bin/relayfs" ' package/sbin/mount.relayfs package/usr/sbin/mount.relayfs 2>/dev/null ||
    fail "the helper looks elsewhere"
expect 0 env -u RELAYFS_JAR package/opt/relayfs/bin/relayfs version
expect 0 env DESTDIR="$work/package" PREFIX=/opt/relayfs "$top/mount-scripts/install" --uninstall
[ -z "$(find package -type f)" ] || fail "uninstall left $(find package -type f)"
expect 1 "$top/mount-scripts/install" --frobnicate
expect_said "unknown argument"
expect 1 env PREFIX=usr "$top/mount-scripts/install"
expect_said "PREFIX=usr must begin with /"
expect 1 env PREFIX='/usr/my local' "$top/mount-scripts/install"
expect_said "white space"

