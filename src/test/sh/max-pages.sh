# Where the administrator limits the pages of a request, a record that the kernel would divide is refused, and the log names
# the limit.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
in_private_system
limit=/proc/sys/fs/fuse/max_pages_limit
[ -e "$limit" ] || skip "this kernel has no $limit"
echo 16 >layers/limit
mount --bind layers/limit "$limit"
mkdir "$here/relay"
expect 0 "$relayfs" mount --log-file "$work/log" "$here/relay"
expect 0 "$relayfs" create "$here/relay" app global=1 subbuf_size=128K
largest=$((15 * $(getconf PAGESIZE)))
head -c "$largest" /dev/zero | dd of="$here/relay/app/write" bs="$largest" iflag=fullblock 2>/dev/null || fail "refused"
expect 1 sh -c "head -c $((largest + 1)) /dev/zero | dd of=$here/relay/app/write bs=$((largest + 1)) iflag=fullblock"
expect_said "Message too long"
grep -q "limit=$largest" "$here/relay/error_log" || fail "not logged: $(cat "$here/relay/error_log")"
expect 0 "$relayfs" umount "$here/relay"
