# Field case 22: the CPUs of a channel are those online when it is created, not when the mount was made.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
in_private_system
mkdir relay
echo 0-1 >online
mount --bind online /sys/devices/system/cpu/online
expect 0 "$relayfs" mount --log-file "$work/log" relay
expect 0 "$relayfs" create "$work/relay" both subbuf_size=4K n_subbufs=2
if [ ! -e relay/both/cpu0 ] || [ ! -e relay/both/cpu1 ]; then fail "both: $(ls relay/both)"; fi
echo 0 >online
expect 0 "$relayfs" create "$work/relay" one subbuf_size=4K n_subbufs=2
if [ ! -e relay/one/cpu0 ] || [ -e relay/one/cpu1 ]; then fail "one: $(ls relay/one)"; fi
expect 0 "$relayfs" umount relay
umount /sys/devices/system/cpu/online
