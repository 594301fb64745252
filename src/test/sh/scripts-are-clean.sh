# Every script passes shellcheck, every man page mandoc's lint.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_program shellcheck
need_program mandoc
cd "$top"

for script in mount-scripts/* .ci/* src/bench/run src/bench/start-up src/build/last-release src/stress/model/run src/test/node/fetch-trace-processor src/test/sh/*.sh src/test/sh/lib/*.sh; do
    case $script in
        *.service | *.socket | *.conf) continue ;;
        *.sh) ;;
        *) [ -x "$script" ] || fail "$script is not executable" ;;
    esac
    shellcheck -x -s sh "$script" || fail "$script"
done
for page in docs/man/*; do
    [ -e "$page" ] || continue
    mandoc -T lint -W warning "$page" || fail "$page"
done
