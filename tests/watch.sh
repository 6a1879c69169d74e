# Ends a suite that hangs and says which test ran. To be sourced; tests/watch-test.sh tests it.

# watch SECONDS FILE COMMAND…: runs a command, its output in the file, and returns its exit code; 124 when it was ended
# because for so long no test had begun or ended. In a session of its own, so that all that it started can be ended.
watch() {
    local limit=$1 file=$2 last=-1 now since=$SECONDS code=0
    shift 2
    : >"$file"
    setsid "$@" >>"$file" 2>&1 </dev/null &
    watched=$!
    while kill -0 "$watched" 2>/dev/null; do
        now=$(progress "$file")
        [ "$now" = "$last" ] || last=$now since=$SECONDS
        if [ $((SECONDS - since)) -ge "$limit" ]; then
            end_watched
            code=124
            break
        fi
        sleep 0.5
    done
    wait "$watched"
    last=$?
    watched=
    [ $code -eq 0 ] || return $code
    return $last
}

# TERM lets scripts clean up (tests/as-user.sh removes its user); what goes on after that is killed.
end_watched() {
    [ -n "${watched:-}" ] || return 0
    local i
    kill -TERM -- "-$watched" 2>/dev/null
    for i in $(seq 60); do
        kill -0 "$watched" 2>/dev/null || break
        sleep 0.5
    done
    kill -KILL -- "-$watched" 2>/dev/null
    return 0
}

# A number that grows with what is done. That a test still runs is nothing done.
progress() { grep -vc '^\[Long Running Test\]' "$1"; }

# The tests that ran when a suite was ended: xUnit reports them while nothing else happens, Pester
# (Invoke-Tests.ps1 -Trace) names each file, block and test that it enters.
running_tests() {
    if grep -q '^\[Long Running Test\]' "$1"; then
        awk '/^\[Long Running Test\]/ { text = fresh ? text "\n" $0 : $0; fresh = 1; next } { fresh = 0 } END { print text }' "$1" |
            sed "s/^\[Long Running Test\] '\(.*\)', Elapsed: .*/\1/" | sort -u
        return
    fi
    awk '
        /^Running tests from \x27/ { file = $0; sub(/^Running tests from \x27/, "", file); sub(/\x27$/, "", file); place = "" }
        /^Runtime: Executing body of block/ { place = $0; sub(/^Runtime: Executing body of /, "", place) }
        /^Runtime: Entering path [^\/]/ { place = $0; sub(/^Runtime: Entering path /, "", place) }
        /^Runtime: Left test/ { place = place ~ /^after / ? place : "after " place }
        END { if (file) { sub(/ *$/, "", place); sub(/.*\//, "", file); print file ": " place } }' "$1"
}
