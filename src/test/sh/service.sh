# A service of systemd's Type=notify: it is told that the mount is ready, and then it is.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
need_program python3
mkdir relay
cat >listen.py <<'END_OF_PROGRAM'
import os, socket
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind("notify")
listener.settimeout(60)
open("listening", "w").close()
print(listener.recv(100).decode(), os.path.exists("relay/control"))
END_OF_PROGRAM
python3 listen.py >told &
listener=$!
tries=0
until [ -e listening ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 400 ] || fail "python does not start"
    sleep 0.05
done
NOTIFY_SOCKET="$work/notify" "$relayfs" mount -f relay >said 2>&1 &
daemon=$!
wait "$listener" || fail "nothing was told: $(cat said)"
[ "$(cat told)" = 'READY=1 True' ] || fail "told: $(cat told)"
expect 0 "$relayfs" umount relay
wait "$daemon" || fail "ended with $?: $(cat said)"
# Nobody there: the mount serves all the same.
rm notify
NOTIFY_SOCKET="$work/notify" "$relayfs" mount --log-file "$work/log" relay || fail "not mounted"
tries=0
until grep -q 'WARN .*nobody receives messages there' log; do
    tries=$((tries + 1))
    [ "$tries" -lt 400 ] || fail "not logged: $(cat log)"
    sleep 0.05
done
expect 0 "$relayfs" umount relay
