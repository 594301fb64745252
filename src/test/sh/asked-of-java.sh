# What the launcher asks of Java, told by a java that only says so: for short commands, for a mount, for what serves it.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"

mkdir -p jdk/bin programs dir
echo 'JAVA_VERSION="25"' >jdk/release
cat >jdk/bin/java <<'END'
#!/bin/sh
echo "[$JAVA_TOOL_OPTIONS|$JDK_JAVA_OPTIONS|$_JAVA_OPTIONS|${LC_ALL:-}|${LC_CTYPE:-}]" "$@"
echo "kept [${RELAYFS_DAEMON_JAVA_TOOL_OPTIONS:-}|${RELAYFS_DAEMON_JDK_JAVA_OPTIONS:-}|${RELAYFS_DAEMON__JAVA_OPTIONS:-}]"
sed -n 's/^SigIgn:.*\(.\)$/ignored \1/p' /proc/self/status
END
chmod +x jdk/bin/java
echo jar >relayfs.jar
echo cache >relayfs.aot
touch -r relayfs.jar relayfs.aot
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS RELAYFS_OPTS TMPDIR
export RELAYFS_JAVA="$work/jdk" RELAYFS_JAR="$work/relayfs.jar"
asked() { expect 0 env "$@"; }
lacks() { case $said in *"$1"*) fail "'$1' was said: $said" ;; esac; }

# What starts soon: commands, and what only starts a daemon.
for words in list 'cat app' "mount $work/dir" "mount -o ro $work/dir" 'mount --help' 'mount --version' 'umount -f'; do
    # shellcheck disable=SC2086 # a list
    asked "$relayfs" $words
    expect_said "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData --enable-native-access=ALL-UNNAMED -XX:AOTCache=$work/relayfs.aot"
    expect_said "-jar $work/relayfs.jar $words"
done

# What serves a mount, wherever the word stands: all tiers, and a copy of the jar that nobody changes.
for words in "mount -f $work/dir" "mount -fo ro $work/dir" "mount --foreground $work/dir" "mount -o ro --foreground $work/dir" "mount -o ro -f $work/dir"; do
    # shellcheck disable=SC2086 # a list
    asked TMPDIR="$work" RELAYFS_OPTS=-Dhis=own JAVA_TOOL_OPTIONS=-Da=1 "$relayfs" $words
    for option in TieredStopAtLevel UsePerfData "-jar $work"; do lacks "$option"; done
    expect_said "-Djava.io.tmpdir=$work -Dhis=own -jar /proc/self/fd/9 $words"
    expect_said '[-Da=1||'
    expect_said 'kept [||]'
done
set -- "$work"/tmp.*
[ ! -e "$1" ] || fail "left behind: $*"

# What is for the daemon is kept for it, and no more than what there is.
asked RELAYFS_OPTS=-Dhis=own JAVA_TOOL_OPTIONS=-Da=1 JDK_JAVA_OPTIONS=-Db=2 _JAVA_OPTIONS=-Dc=3 "$relayfs" mount "$work/dir"
expect_said '[|||'
expect_said 'kept [-Da=1|-Db=2|-Dc=3]'
lacks -Dhis=own
for words in list "mount --help" "mount -h" "mount -V" "mount --version"; do
    # shellcheck disable=SC2086 # a list
    asked RELAYFS_OPTS=-Dhis=own JDK_JAVA_OPTIONS=-Db=2 "$relayfs" $words
    expect_said '[|-Db=2||'
    expect_said -Dhis=own
    expect_said 'kept [||]'
done

# A cache that is of another jar has another time: Java would run the classes of that.
for time in '- 1 hour' '+ 1 hour'; do
    touch -d "$(stat -c %y relayfs.jar) $time" relayfs.aot
    asked "$relayfs" list
    lacks AOTCache
done
rm relayfs.aot
asked "$relayfs" list
lacks AOTCache
lacks Xlog

# A locale in which Java can name every file.
for set in LC_ALL=C LC_ALL=POSIX LC_ALL=de_DE.UTF-8 LC_ALL=de_DE.utf8; do
    asked "$set" "$relayfs" list
    expect_said '|C.UTF-8|'
done
for set in LANG=C LANG=de_DE.UTF-8 LC_CTYPE=POSIX LANG=; do
    asked LC_ALL= "$set" "$relayfs" list
    expect_said '||C.UTF-8]'
done
asked LC_ALL=de_DE.ISO-8859-1 "$relayfs" list
expect_said '|de_DE.ISO-8859-1|]'

# A script's background job ignores SIGINT; record is to end by it, and nothing else changes. Each set of the four signals of
# that digit, with an env that says when it is asked.
real=$(command -v env)
cat >programs/env <<END
#!/bin/sh
echo "\$*" >>"$work/env.calls"
exec "$real" "\$@"
END
chmod +x programs/env
"$real" --default-signal=INT true || skip "env cannot give a program its SIGINT back"
for digit in 0 1 2 3 4 5 6 7 8 9 a b c d e f; do
    set --
    case $digit in *[13579bdf]) set -- "$@" HUP ;; esac
    case $digit in *[2367abef]) set -- "$@" INT ;; esac
    case $digit in *[4567cdef]) set -- "$@" QUIT ;; esac
    case $digit in *[89abcdef]) set -- "$@" ILL ;; esac
    for command in record cat; do
        rm -f env.calls
        said=$(
            trap - INT TERM
            for signal in "$@"; do trap '' "$signal"; done
            PATH="$work/programs:$PATH" "$relayfs" "$command" app
        )
        after=$digit
        if [ "$command" = record ]; then after=$(printf %x $((0x$digit & ~2))); fi
        expect_said "ignored $after"
        case $command:$digit in
            record:[2367abef]) [ -s env.calls ] || fail "env was not asked: $digit" ;;
            *) [ ! -e env.calls ] || fail "env was asked for nothing: $command with $digit: $(cat env.calls)" ;;
        esac
    done
done
