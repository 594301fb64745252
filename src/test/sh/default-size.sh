# Field case 5: without the option size, all channels may take half of the shared memory, or what the memory control group
# leaves beside the heap, whichever is less. df shows it.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
need_program unshare
[ "$(id -u)" = 0 ] || skip "only root has mount namespaces of its own"
[ "${RELAYFS_CASE_ALONE:-}" = yes ] || skip "no mount namespaces"

# The files of a group without the controllers: what a container sees. The JVM looks at them, too.
mkdir relay group
mount --bind group /sys/fs/cgroup
echo $((90 << 20)) >group/memory.current
printf 'file 1\ninactive_file %s\nactive_file %s\n' $((20 << 20)) $((10 << 20)) >group/memory.stat
export RELAYFS_OPTS='-XX:-UseContainerSupport -Xms32m -Xmx32m'

# default_size MEMORY LIMIT: with so much shared memory and such a limit of the group.
default_size() {
    mount -o "remount,size=$1" /dev/shm
    echo "$2" >group/memory.max
    expect 0 "$relayfs" mount --log-file "$work/log" relay
    size=$(df -B1 --output=size relay | tail -n 1 | tr -d ' ')
    expect 0 "$relayfs" umount relay
}
default_size 512m max
[ "$size" = $((256 << 20)) ] || fail "half of 512M is not $size"
# 100M, less 90M that are used, of which 30M are cache that can be given up.
default_size 512m $((100 << 20))
[ "$size" = $((40 << 20)) ] || fail "40M are left by the group, not $size"
default_size 64m $((100 << 20))
[ "$size" = $((32 << 20)) ] || fail "half of 64M is not $size"
# The heap may grow to its limit.
RELAYFS_OPTS='-XX:-UseContainerSupport -Xms16m -Xmx32m'
default_size 512m $((100 << 20))
if [ "$size" -ge $((30 << 20)) ] || [ "$size" -le $((20 << 20)) ]; then fail "less what the heap may take: $size"; fi
