# mount --adopt takes over what a killed daemon has left: names, settings, files, unread records.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
home=/dev/shm/relayfs-$(id -u)

kill_daemon() {
    kill -KILL "$1"
    while [ -e "/proc/$1/stat" ] && ! grep -q ') Z ' "/proc/$1/stat"; do sleep 0.02; done
}

mkdir relay other
expect 0 "$relayfs" mount --adopt --log-file "$work/log" relay
expect_said "note: there is nothing to take over"
expect 0 "$relayfs" create relay app global=1 subbuf_size=4K n_subbufs=4
expect 0 "$relayfs" create relay dir/ring global=1 subbuf_size=64 n_subbufs=4 mode=overwrite header=padding base=trace
expect 0 "$relayfs" create relay placed global=1 subbuf_size=4K n_subbufs=2 files=/block/sda numbered=0 file_mode=440
expect 0 "$relayfs" create relay grown global=1 subbuf_size=4K n_subbufs=4
expect 0 "$relayfs" create relay off global=1 subbuf_size=4K n_subbufs=4
expect 0 "$relayfs" create relay bad global=1 subbuf_size=4K n_subbufs=4
echo first >relay/app/write
expect 0 "$relayfs" cat relay app
for record in second third; do echo "$record" >relay/app/write; done
echo placed >relay/placed/write
echo before >relay/grown/write
expect 0 "$relayfs" resize relay grown n_subbufs=8
echo after >relay/grown/write
expect 0 "$relayfs" disable relay off
echo 1 >relay/app/blocking
chmod 0640 relay/app/cpu0
"$relayfs" list relay | grep -v bad >before
process=$(daemon_of "$work/relay")
memory=$(ls -d "$home/$process"-*)

# The living is refused.
expect 32 "$relayfs" mount --adopt="$memory" --log-file "$work/log" other
expect_said "$memory: its owner is alive"

kill_daemon "$process"
printf '\377\377\377\377\377\377\377\177' | dd of="$(ls -d "$memory"/bad.*)/meta" bs=1 seek=4096 conv=notrunc 2>/dev/null

# A mount that does not take it over names all three commands, and leaves it alone.
said=$("$relayfs" mount --log-file "$work/log" other 2>&1)
expect_said "relayfs mount --adopt takes their channels over, relayfs recover saves their records, relayfs clean removes them"
expect 0 "$relayfs" umount other

expect 0 "$relayfs" mount --adopt --log-file "$work/log" relay
expect_said "note: took over 5 channels of $memory"
expect_said "note: left as it is: $memory/bad.6: cpu0 is damaged: RESERVE="
"$relayfs" list relay >after
cmp before after || fail "not what there was: $(cat before after)"
[ "$("$relayfs" cat relay app)" = "$(printf 'second\nthird')" ] || fail "not what was left"
[ "$(cat relay/block/sda/cpu)" = placed ] || fail "not in its place"
[ "$(stat -c %a relay/block/sda/cpu)" = 440 ] || fail "its mode is $(stat -c %a relay/block/sda/cpu)"
[ -e relay/dir/ring/trace0 ] || fail "not its name: $(ls relay/dir/ring)"
[ "$("$relayfs" cat relay grown)" = "$(printf 'before\nafter')" ] || fail "not in order"
if echo no >relay/off/write 2>/dev/null; then fail "it is enabled"; fi
[ "$(cat relay/app/blocking) $(stat -c %a relay/app/cpu0)" = "1 640" ] || fail "not what was set"
echo 0 >relay/app/blocking
echo more >relay/app/write
[ "$(cat relay/app/cpu0)" = more ] || fail "it takes no records"

# The new owner has both folders, and neither clean nor recover touches them. Once more, by name, elsewhere, as an option.
# Who is not alone would clean what other tests need.
if [ -n "${RELAYFS_CASE_ALONE:-}" ]; then expect 0 "$relayfs" clean; fi
[ -d "$memory" ] || fail "clean has removed what was taken over"
expect 1 "$relayfs" recover -o out "$memory"
expect_said "$memory: its owner is alive"
echo again >relay/app/write
process2=$(daemon_of "$work/relay")
kill_daemon "$process2"
umount -l relay 2>/dev/null || fusermount3 -uz relay

# Two at once: one has it, the other says why it has not.
mkdir third
for dir in other third; do
    (code=0; timeout 60 "$relayfs" mount -o "adopt=$memory" --log-file "$work/log" "$dir" >"said.$dir" 2>&1 || code=$?
    echo "$code" >"code.$dir") &
done
wait
[ "$(cat code.other code.third | sort -n | tr '\n' ' ')" = "0 32 " ] || fail "both or none: $(cat code.* said.*)"
if [ "$(cat code.other)" = 0 ]; then loser=third; else loser=other; fi
grep -qE "its owner is alive|another process" "said.$loser" || fail "not said why: $(cat "said.$loser")"
[ "$loser" = third ] || { rmdir other && ln -s third other; }
[ "$(cat other/app/cpu0)" = again ] || fail "not taken over twice"

# With the mount goes what was taken over; what was damaged stays for recover.
expect 0 "$relayfs" umount other
[ "$(ls "$memory")" = "$(printf 'bad.6\ndoorbell\nlocks\nmounts')" ] || fail "left: $(ls "$memory")"
expect 3 "$relayfs" recover -o out "$memory"
expect_said "damaged: RESERVE="
forget "$process"
forget "$process2"
