# The end of inside.sh: which lines psrun alone has (+), or lacks beside every peer (-), and the reasons that are listed in
# docs/conformance.md as "- `PATTERN`: reason". A pattern is one of bash, of the sign and the whole line. To be sourced.
peers=()
for pair in "$@"; do
    sort -u "$work/lines.${pair%%=*}" -o "$work/sorted.${pair%%=*}"
    [ "${pair%%=*}" = psrun ] || peers+=("$work/sorted.${pair%%=*}")
    [ -n "${KEEP:-}" ] && cp "$work/sorted.${pair%%=*}" "$KEEP/"
done
[ ${#peers[@]} -gt 0 ] && [ -s "$work/sorted.psrun" ] || { echo "inside.sh takes psrun=PATH and a peer" >&2; exit 2; }

{
    sort -u "${peers[@]}" | comm -13 - "$work/sorted.psrun" | sed 's/^/+ /'
    sort "${peers[@]}" | uniq -c | sed -n "s/^ *${#peers[@]} //p" | comm -23 - "$work/sorted.psrun" | sed 's/^/- /'
} | sort -k 2 >"$work/differences"

mapfile -t reasons < <(awk '/^## /{on = /Lines of inside.sh/} on && /^- `/' "$here/../../docs/conformance.md" | sed 's/^- `\([^`]*\)`.*/\1/')
declare -A used=()
unexplained=0 explained=0
while IFS= read -r line; do
    why=
    for reason in "${reasons[@]}"; do
        # shellcheck disable=SC2053
        [[ $line == $reason ]] && { why=$reason used[$reason]=1; break; }
    done
    if [ -n "$why" ]; then explained=$((explained + 1)); else unexplained=$((unexplained + 1)); echo "FAIL $line"; fi
done <"$work/differences"

stale=0
case " $* " in
*" crun="*" runc="* | *" runc="*" crun="*)
    for reason in "${reasons[@]}"; do
        [ -n "${ONLY:-}" ] || [ -n "${used[$reason]:-}" ] && continue
        stale=$((stale + 1))
        echo "FAIL a reason that matches no line: $reason"
    done ;;
esac

for pair in "$@"; do printf '%s: %d lines\n' "${pair%%=*}" "$(wc -l <"$work/sorted.${pair%%=*}")"; done
printf '%d lines of psrun alone have a reason, by %d of %d reasons\n' $explained ${#used[@]} ${#reasons[@]}
printf '%d passed, %d failed, 0 skipped\n' "$(($(wc -l <"$work/sorted.psrun") - unexplained))" $((unexplained + stale))
[ $((unexplained + stale)) -eq 0 ]
