# Field case 29: the JDK that relayfs runs on is the one that Maven compiles with, also where Maven does not look for one:
# in /opt/jdk-25, or named by RELAYFS_JAVA only.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_program mvn
need_program unshare
[ "$(id -u)" = 0 ] || skip "only root has mount namespaces of its own"
jdk=$(readlink -f "$("$relayfs" --which-java)")
jdk=${jdk%/bin/java}
[ -x "$jdk/bin/javac" ] || skip "there is no JDK"
if [ "${RELAYFS_CASE_PRIVATE:-}" = "" ]; then
    exec unshare -m env RELAYFS_CASE_PRIVATE=1 sh "$0"
fi
case $(readlink -f "$(command -v java)") in "$jdk"/*) skip "Maven itself runs on the only JDK" ;; esac

# The JDK is elsewhere, and Maven has not seen it before; what else it knows, it keeps.
mkdir -p layers
mount -t tmpfs tmpfs layers
mkdir layers/m2 layers/m2.work layers/opt "layers/opt/jdk-25" "layers/my jdk"
mount --bind "$jdk" layers/opt/jdk-25
mount --bind "$jdk" "layers/my jdk"
mount -t tmpfs tmpfs "$jdk"
mount -t overlay -o "lowerdir=$HOME/.m2,upperdir=$work/layers/m2,workdir=$work/layers/m2.work" overlay "$HOME/.m2" ||
    skip "there is no overlay file system, or Maven has never run"
rm -f "$HOME/.m2/discovered-jdk-toolchains-cache.xml"
unset JAVA_HOME RELAYFS_JAVA
mkdir tree
cp -r "$top/mount-scripts" "$top/pom.xml" tree/
cd tree
# shellcheck disable=SC2016 # for the shell inside
select='here=$PWD/mount-scripts; . mount-scripts/prepare.sh; run_maven 300 -o -B toolchains:select-jdk-toolchain@default'

expect 0 env RELAYFS_JAVA="$work/layers/my jdk" sh -euc "$select"
expect_said "Found matching JDK toolchain"
expect_said "$work/layers/my jdk"
[ -d /opt ] || skip "there is no /opt"
mount --rbind "$work/layers/opt" /opt
for other in /usr/lib/jvm/*; do
    [ -x "$other/bin/java" ] || continue
    case $("$other/bin/java" -version 2>&1) in *'version "2'[5-9]*) skip "there is another JDK in $other" ;; esac
done
expect 0 sh -euc "$select"
expect_said "/opt/jdk-25"
