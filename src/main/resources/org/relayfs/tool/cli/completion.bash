# Completion of relayfs, by relayfs completion. In zsh, after: autoload -U +X bashcompinit && bashcompinit

_relayfs_options() {
    case $1 in
@OPTIONS@
    esac
}

_relayfs_mounts() {
    local point rest
    # The kernel writes a space as \040.
    while read -r _ _ _ _ point rest; do
        case $rest in *' - fuse.relayfs '*) printf '%b\n' "$point" ;; esac
    done </proc/self/mountinfo | sort -u
}

# _relayfs_channels DIR. Its daemon may be dead, or stopped.
_relayfs_channels() {
    timeout -s KILL 2 cat "$1/channels" 2>/dev/null | {
        read -r _
        while read -r name _; do echo "$name"; done
    }
}

# _relayfs_dir_or_name WORD: what may follow it for [DIR] NAME. The name is enough if there is only one mount.
_relayfs_dir_or_name() {
    local mounts
    mounts=$(_relayfs_mounts)
    if [ "$1" ]; then
        if printf '%s\n' "$mounts" | grep -qxF -- "${1%/}"; then _relayfs_channels "$1"; fi
        return
    fi
    printf '%s\n' "$mounts"
    case $mounts in
        '' | *$'\n'*) ;;
        *) _relayfs_channels "$mounts" ;;
    esac
}

_relayfs_settings() {
    case $1 in
        mode=*) printf 'mode=%s\n' no-overwrite overwrite ;;
        header=*) printf 'header=%s\n' none padding padding4 ;;
        format=*) printf 'format=%s\n' records events ;;
        size_reporting=*) printf 'size_reporting=%s\n' relay buffer all ;;
        global=* | numbered=* | plain=* | blocking=* | blocking_writes=*) printf "${1%%=*}=%s\n" 0 1 ;;
        *=*) ;;
        *) printf '%s=\n' subbuf_size n_subbufs mode global header format base file_mode files numbered plain blocking blocking_writes flush_interval_ms size_reporting ;;
    esac
}

# _relayfs_mount_options LIST: what may be its last element.
_relayfs_mount_options() {
    local before=${1%"${1##*,}"}
    case ${1##*,} in
        mmap=*) printf "${before}mmap=%s\n" auto passthrough cached off ;;
        *=*) ;;
        *)
            printf "$before%s=\n" uid gid mode size nr_channels mmap threads
            printf "$before%s\n" ro allow_other default_permissions auto_unmount nonempty adopt
            ;;
    esac
}

# _relayfs_wanted CURRENT PREVIOUS COMMAND [DIR-OR-NAME [NAME]]: what may be in the place of CURRENT, one a line; nothing
# for the name of a file.
_relayfs_wanted() {
    case $3 in
        '' | help) printf '%s\n' @COMMANDS@ ;;
        *)
            case $3.$2.$1 in
                mount.-o.* | doctor.-o.*) _relayfs_mount_options "$1" ;;
                *.-o.* | *.--output.* | *.--*-file.* | export.-p.* | *.--perfetto.*) ;;
                *.*.-*) _relayfs_options "$3" ;;
                umount.* | unmount.* | list.* | doctor.*) if [ $# = 3 ]; then _relayfs_mounts; fi ;;
                create.*.*=*) _relayfs_settings "$1" ;;
                create.* | destroy.* | enable.* | disable.* | flush.* | reset.* | resize.* | stat.* | cat.* | record.* | snapshot.* | report.* | export.*)
                    if [ $# -lt 5 ]; then _relayfs_dir_or_name "${4:-}"; fi
                    if [ "$3" = create ] && [ $# -ge 4 ]; then _relayfs_settings "$1"; fi
                    if [ "$3" = resize ] && [ $# -ge 4 ]; then printf '%s=\n' subbuf_size n_subbufs; fi
                    ;;
            esac
            ;;
    esac
}

_relayfs() {
    local line="${COMP_LINE:0:$COMP_POINT}" flags="$-" previous='' word
    local current="${line##*[[:space:]]}"
    set -f
    # shellcheck disable=SC2086 # a list of words
    set -- ${line%"$current"}
    case $flags in *f*) ;; *) set +f ;; esac
    local command=${2:-} given=()
    if [ $# -gt 2 ]; then
        shift 2
        for word; do
            case $previous.$word in
                -o.* | --output.* | --*-file.* | *.-* | *.*=*) ;;
                *) given+=("$word") ;;
            esac
            previous=$word
        done
    fi
    # Of KEY=VALUE the shell completes VALUE alone.
    local shown=
    case $COMP_WORDBREAKS in *=*) shown=${current%"${current##*=}"} ;; esac
    COMPREPLY=()
    while IFS= read -r word; do
        case $word in
            "$current"*)
                word=${word#"$shown"}
                case $word in *[!A-Za-z0-9/._=,-]*) word=$(printf %q "$word") ;; esac
                COMPREPLY+=("$word")
                ;;
        esac
    done < <(_relayfs_wanted "$current" "$previous" "$command" "${given[@]}")
    case ${COMPREPLY[*]} in *=) compopt -o nospace 2>/dev/null ;; esac
}

complete -F _relayfs -o default relayfs
