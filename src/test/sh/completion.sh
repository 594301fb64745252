# Field case 24: bash completes our commands and options, mount points, channels, the keys of create and mount options.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_program bash
need_fuse
in_private_system

"$relayfs" completion >relayfs.bash
if command -v shellcheck >/dev/null 2>&1; then expect 0 shellcheck -s bash relayfs.bash; fi
cat >complete.bash <<'END_OF_SCRIPT'
source ./relayfs.bash
COMP_LINE=$1 COMP_POINT=${#1} COMPREPLY=()
_relayfs
printf '%s ' "${COMPREPLY[@]}"
END_OF_SCRIPT

# completes LINE WORDS: of a line, TAB makes these.
completes() {
    said=$(bash complete.bash "$1" | sed 's/ *$//')
    [ "$said" = "$2" ] || fail "'$1' becomes '$said', not '$2'"
}

said=" $(bash complete.bash 'relayfs ')"
for command in mount umount unmount list create destroy enable disable flush reset resize stat cat record snapshot report export recover ship doctor clean completion version help; do
    expect_said " $command "
done
completes 'relayfs reco' 'record recover'
completes 'relayfs help umo' umount
completes 'relayfs record --rotate-' '--rotate-size --rotate-count'
completes 'relayfs report --l' '--lateness --level'
completes 'relayfs export --p' '--perfetto'
completes 'relayfs cat -f' '-f'
completes 'relayfs cat --f' '--follow'
completes 'relayfs cat --o' '--observe'
completes 'relayfs umount ' ''

# Channels need no mount point while there is one mount.
relay="$here/re lay"
mkdir "$relay" "$here/other"
expect 0 "$relayfs" mount --log-file "$work/log" "$relay"
quoted="$here/re\\ lay"
expect 0 "$relayfs" create "$relay" app global=1 subbuf_size=4K
expect 0 "$relayfs" create "$relay" apples/red global=1 subbuf_size=4K
completes 'relayfs umount ' "$quoted"
completes 'relayfs list ' "$quoted"
completes 'relayfs doctor ' "$quoted"
completes 'relayfs list /somewhere ' ''
for command in destroy enable disable flush reset resize stat cat record; do
    completes "relayfs $command " "$quoted app apples/red"
done
completes 'relayfs stat -w app' 'app apples/red'
completes 'relayfs stat app ' ''
completes 'relayfs record -o ' ''
completes 'relayfs record -o out app' 'app apples/red'

expect 0 "$relayfs" mount --pid-file "$work/pid" --log-file "$work/log" "$here/other"
expect 0 "$relayfs" create "$here/other" pear global=1 subbuf_size=4K
completes 'relayfs cat ' "$here/other $quoted"
completes "relayfs cat $here/other " pear
completes "relayfs cat $here/other/ p" pear
completes "relayfs cat $here/other pear " ''

# The keys are those that control knows, and so are their values.
keys=$(bash complete.bash 'relayfs create new ' | tr -s ' ' '\n' | sort)
[ "$keys" = "$(tr -s ' []' '\n' <"$here/other/control" | grep -o '^[a-z_]*=' | sort -u)" ] || fail "keys: $keys"
for key in mode header format blocking blocking_writes global size_reporting; do
    values=$(bash complete.bash "relayfs create $here/other new n_subbufs=2 $key=" | tr -s ' ' '\n' | sort)
    [ "$values" = "$(tr -s ' []' '\n' <"$here/other/control" | sed -n "s/^$key=//p" | tr '|' '\n' | sort)" ] || fail "$key: $values"
done
completes 'relayfs create new mode=ov' overwrite
completes "relayfs create $here/other " 'pear subbuf_size= n_subbufs= mode= global= header= format= base= file_mode= files= numbered= plain= blocking= blocking_writes= flush_interval_ms= size_reporting='
completes 'relayfs create new n_subbufs=' ''
completes "relayfs resize $here/other pear " 'subbuf_size= n_subbufs='

# The mount options are those that mount knows.
options=$(bash complete.bash 'relayfs mount -o ' | tr -s ' =' '\n' | sort)
expect 1 "$relayfs" mount -o nonsense "$here"
[ "$options" = "$(echo "$said" | sed 's/.*the options are //; s/, /\n/g' | sort)" ] || fail "options: $options"
completes 'relayfs mount -o allow_other,mma' 'allow_other,mmap='
completes 'relayfs doctor -o mmap=pa' passthrough
modes=$(bash complete.bash 'relayfs mount -o ro,mmap=' | tr -s ' ' '\n' | sort | tr '\n' ' ')
expect 1 "$relayfs" mount -o mmap=nonsense "$here"
for mode in $modes; do expect_said "$mode"; done
[ "$modes" = 'auto cached off passthrough ' ] || fail "mmap: $modes"

# A daemon that is stopped, or dead, holds nobody up.
daemon=$(cat pid)
kill -STOP "$daemon"
completes "relayfs cat $here/other " ''
kill -KILL "$daemon"
completes "relayfs cat $here/other " ''

# As readline does it: KEY=VALUE is two words to bash.
need_program script
cat >rc.bash <<'END_OF_SCRIPT'
PS1=
relayfs() { echo "ran:$*:"; }
source ./relayfs.bash
END_OF_SCRIPT
umount -l "$here/other"
printf 'relayfs create new mode=ov\t\nrelayfs cat re\trel\t\nrelayfs stat apples\t\nexit\n' |
    script -qec 'bash --noprofile --rcfile rc.bash -i' /dev/null >session
said=$(tr -d '\r' <session)
expect_said 'ran:create new mode=overwrite:'
expect_said 'ran:stat apples/red:'
expect 0 "$relayfs" umount "$relay"
