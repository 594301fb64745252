# Memory that is not to be had is an answer at create: the daemon lives on, what there is works on, and the next create
# succeeds once there is room.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
in_private_system
umount /dev/shm
mount -t tmpfs -o size=4m,mode=1777 tmpfs /dev/shm
mkdir "$here/relay"
refused() {
    ! said=$(sh -c "env echo $1 >$here/relay/control" 2>&1) || fail "not refused: $1"
    expect_said "$2"
    grep -q "$3" "$here/relay/error_log" || fail "not logged: $(cat "$here/relay/error_log")"
}

# The quota is half of the memory, unless it is said; it is asked before anything is taken.
expect 0 "$relayfs" mount --log-file "$work/log" "$here/relay"
refused 'create large global=1 subbuf_size=1M n_subbufs=3' "quota exceeded" "EDQUOT.* of 2097152"
expect 0 "$relayfs" umount "$here/relay"

expect 0 "$relayfs" mount --log-file "$work/log" -o size=1G "$here/relay"
daemon=$(daemon_of "$here/relay")
refused 'create large global=1 subbuf_size=1M n_subbufs=8' "No space left" "ENOSPC.*no room for"
[ "$(find /dev/shm -type f -exec basename {} \; | sort | tr '\n' ' ')" = 'doorbell locks mounts ' ] || fail "left of what was refused: $(ls -lR /dev/shm)"
echo 'create small global=1 subbuf_size=64K n_subbufs=4' >"$here/relay/control"

# Somebody else takes all the rest: every byte of a channel that is there was taken when it was made.
dd if=/dev/zero of=/dev/shm/filler bs=64K 2>/dev/null && fail "the memory is not full"
refused 'create second global=1 subbuf_size=64K' "No space left" "ENOSPC"
dd if=/dev/zero of="$here/relay/small/write" bs=4K count=64 2>/dev/null
# Field case 10: what cannot be created anew stays as it was.
inode=$(stat -c %i "$here/relay/small/cpu0")
! said=$(sh -c "env echo 1 >$here/relay/small/create" 2>&1) || fail "not refused: create"
expect_said "No space left"
[ "$(stat -c %i "$here/relay/small/cpu0")" = "$inode" ] || fail "the channel is another one"
[ "$(cat <"$here/relay/small/cpu0" | wc -c)" = 262144 ] || fail "not all that was written can be read"
rm /dev/shm/filler
expect 0 "$relayfs" create "$here/relay" second global=1 subbuf_size=64K n_subbufs=4
kill -0 "$daemon" || fail "the daemon is gone"
expect 0 "$relayfs" umount "$here/relay"
[ -z "$(ls -A /dev/shm)" ] || fail "left: $(ls -lR /dev/shm)"

# A daemon that is killed again and again does not fill the memory silently: the next one names what is left, and so does
# whoever finds no room.
expect 0 "$relayfs" mount --log-file "$work/log" -o size=1G "$here/relay"
expect 0 "$relayfs" create "$here/relay" left global=1 subbuf_size=1M n_subbufs=3
echo kept >"$here/relay/left/write"
kill -KILL "$(daemon_of "$here/relay")"
both="relayfs recover saves their records, relayfs clean removes them"
expect 0 "$relayfs" mount --log-file "$work/log" -o size=1G "$here/relay"
expect_said "$both"
refused 'create again global=1 subbuf_size=1M n_subbufs=3' "No space left" "ENOSPC.*$both"
expect 0 "$relayfs" umount "$here/relay"
dd if=/dev/zero of=/dev/shm/filler bs=4K 2>/dev/null && fail "the memory is not full"
expect 32 "$relayfs" mount --log-file "$work/log" "$here/relay"
expect_said "no room for 4096 bytes in /dev/shm"
expect_said "$both"
expect 0 "$relayfs" recover -o saved
[ "$(cat saved/*/left.1/cpu0)" = kept ] || fail "not saved: $said"
rm /dev/shm/filler
expect 0 "$relayfs" clean
[ -z "$(ls -A /dev/shm)" ] || fail "left: $(ls -lR /dev/shm)"
