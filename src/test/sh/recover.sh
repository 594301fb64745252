# recover writes what a killed process has left to files, leaves the memory as it is, and says what is in its way.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
home=/dev/shm/relayfs-$(id -u)

mkdir relay
expect 0 "$relayfs" mount --log-file "$work/log" relay
expect 0 "$relayfs" create relay app global=1 subbuf_size=4K n_subbufs=4
expect 0 "$relayfs" create relay dir/ring global=1 subbuf_size=64 n_subbufs=4 mode=overwrite header=padding
echo first >relay/app/write
expect 0 "$relayfs" cat relay app
for record in second third; do echo "$record" >relay/app/write; done
for number in $(seq 10 99); do echo "$number" >relay/dir/ring/write; done
expect 0 "$relayfs" create relay grown global=1 subbuf_size=4K n_subbufs=4
echo before >relay/grown/write
expect 0 "$relayfs" resize relay grown n_subbufs=8
echo after >relay/grown/write
expect 0 "$relayfs" create relay big global=1 subbuf_size=256K n_subbufs=4
for number in 1 2 3 4 5 6 7 8; do head -c 64K /dev/zero >relay/big/write; done
process=$(daemon_of "$work/relay")
memory=$(ls -d "$home/$process"-*)
name=$(basename "$memory")

# A living process is refused, also by its channel, and there is nothing else to recover.
expect 1 "$relayfs" recover "$memory" -o out
expect_said "$memory: its owner, process $process, is alive"
expect 1 "$relayfs" recover -o out "$memory/app.1"
expect_said "relayfs record"
[ ! -e out ] || fail "a folder was made"
# Pids say something else in another namespace; the lock does not.
if [ "$(id -u)" = 0 ] && command -v unshare >/dev/null 2>&1; then
    expect 1 unshare --pid --fork "$relayfs" recover "$memory" -o out
    expect_said "$memory: its owner, process $process, is alive"
fi
# Who is not alone shares the memory with other tests.
if [ -n "${RELAYFS_CASE_ALONE:-}" ]; then
    expect 0 "$relayfs" recover -o out
    expect_said "no channels of dead processes"
    # mount(8) calls relayfs in a similar way.
    mkdir trial
    expect 0 "$relayfs" doctor trial -o threads=2
fi

kill -KILL "$process"
while [ -e "/proc/$process/stat" ] && ! grep -q ') Z ' "/proc/$process/stat"; do sleep 0.02; done
find "$memory" -type f -exec cksum {} + | sort >before

expect 0 "$relayfs" recover -o out "$memory"
expect_said "$memory/app.1: 13 bytes to out/$name/app.1"
expect_said "cpu0            1     13        -"
[ "$(cat "out/$name/app.1/cpu0")" = "$(printf 'second\nthird')" ] || fail "not what was left: $(cat "out/$name/app.1/cpu0")"
[ "$(tr -d '\0' <"out/$name/dir+ring.2/cpu0" | grep -ac '^[5-9][0-9]$')" -gt 40 ] || fail "the ring: $(cat "out/$name/dir+ring.2/cpu0")"
[ "$(tail -c 3 "out/$name/dir+ring.2/cpu0")" = 99 ] || fail "the ring does not end with its last record"
[ "$(wc -c <"out/$name/big.5/cpu0")" = 524288 ] || fail "the large one: $(wc -c <"out/$name/big.5/cpu0")"
[ "$(cat "out/$name/grown.3/cpu0")" = "$(printf 'before\nafter')" ] || fail "of the resized one: $(cat "out/$name/grown.3/cpu0")"
expect_said "cpu0:1            1      6"
find "$memory" -type f -exec cksum {} + | sort | cmp - before || fail "the memory was changed"

# Nothing is written over, unless that is wanted.
echo kept >"out/$name/app.1/cpu0"
expect 1 "$relayfs" recover "$memory/app.1" -o out
expect_said "out/$name/app.1/cpu0 exists already; choose another folder, or replace it with --force"
[ "$(cat "out/$name/app.1/cpu0")" = kept ] || fail "a file was replaced"
expect 0 "$relayfs" recover "$memory/app.1" -o out --force --all
[ "$(cat "out/$name/app.1/cpu0")" = "$(printf 'first\nsecond\nthird')" ] || fail "not all: $(cat "out/$name/app.1/cpu0")"
expect_said "cpu0            1     19        3"
expect 0 "$relayfs" recover --json -o json "$memory"
if command -v python3 >/dev/null 2>&1; then
    "$relayfs" recover --json --force -o json "$memory" | python3 -c '
import json, sys
app = [c for c in json.load(sys.stdin)["channels"] if c["folder"].endswith("app.1")][0]
assert app["buffers"][0]["bytes"] == 13 and not app["incomplete"], app' || fail "not the JSON that was expected"
fi

# It is a copy that is as good, and a mount that finds the memory names both commands.
cp -R "$memory" copy
expect 0 "$relayfs" recover copy -o of-copy
cmp "of-copy/copy/big.5/cpu0" "out/$name/big.5/cpu0" || fail "the copy has something else"
mkdir other
said=$("$relayfs" mount --log-file "$work/log" other 2>&1)
expect_said "relayfs recover saves their records, relayfs clean removes them"
expect 0 "$relayfs" umount other

# What is damaged is told, and the others are read.
printf '\377\377\377\377\377\377\377\177' | dd of="copy/app.1/meta" bs=1 seek=4096 conv=notrunc 2>/dev/null
truncate -s 1000 copy/big.5/cpu0
echo 2 >copy/dir+ring.2/meta
expect 3 "$relayfs" recover copy -o damaged
expect_said "cpu0: damaged: RESERVE="
expect_said "cpu0: damaged: cpu0 is too short"
expect_said "copy/dir+ring.2: meta is damaged"

# It needs nothing of a mount. With a class cache the JVM names all classes that are in it.
RELAYFS_OPTS="-XX:AOTMode=off -Xlog:class+load:file=$work/classes" "$relayfs" recover "$memory" -o classes.out >/dev/null
grep -q 'org.relayfs.tool.recovery.RecoverCommand' classes || fail "no classes: $(head classes)"
if grep -E ' (ru\.serce|jnr|org\.relayfs\.fuse|org\.relayfs\.tree|org\.slf4j)\.' classes; then fail "classes of a mount were loaded"; fi

# What is no memory of ours.
expect 1 "$relayfs" recover /nonexistent -o out
expect_said "/nonexistent: No such file or directory"
expect 1 "$relayfs" recover "$work" -o out
expect_said "$work: not the shared memory of relayfs"
expect 1 "$relayfs" recover
expect_said "--output"

# A full disk, one that cannot be written to, and a file in the way of a folder.
if [ "$(id -u)" = 0 ] && [ -n "${RELAYFS_CASE_ALONE:-}" ]; then
    mkdir small
    mount -t tmpfs -o size=256k tmpfs small
    expect 2 "$relayfs" recover "$memory" -o small
    expect_said "relayfs: small/$name/big.5/cpu0: No space left on device"
    mount -o remount,ro small
    expect 2 "$relayfs" recover "$memory" -o small/other
    expect_said "/small/other: Read-only file system"
    umount small
fi
echo file >file
expect 1 "$relayfs" recover "$memory" -o file
expect_said "file"

umount -l relay 2>/dev/null || fusermount3 -uz relay
forget "$process"
