# Programs that become another user: what the page about_Container_Programs says of them.

# Fails as the page says where nothing may raise itself, and works where that is allowed. $1 is what it says.
raises() {
    local said=$1
    shift
    not_in hardened
    ! once servers --user=postgres -- "$@" >"$work/said" 2>&1 && grep -q "$said" "$work/said" || { cat "$work/said"; return 1; }
    once servers --user=postgres --raise -- "$@"
}

case_crontab_of_user() { raises 'Permission denied' sh -c 'echo "0 0 * * * true" | crontab - && crontab -l'; }
case_at_of_user() { raises 'do not have permission' sh -c 'echo true | at now + 1 day && atq | grep postgres'; }
# It knows no password, and says so once it is root.
case_sudo_of_user() { raises 'no new privileges' sh -c 'sudo -n true 2>&1 | tee /tmp/said >&2; grep -q "password is required" /tmp/said'; }
case_sendmail_of_user() { raises 'Permission denied' timeout 5 sh -c 'echo text | sendmail -i root'; }

# The module's error names the way out.
case_hint_at_new_privileges() {
    not_in hardened
    [ "$runtime_name" = psrun ] || return 77
    local root
    root=$(image servers) || exit
    ps "try { Invoke-ContainerImage $root -User postgres crontab '-l' } catch { \$_.ErrorDetails.RecommendedAction }" |
        grep NoNewPrivileges
}

case_su_and_sudo_of_root() {
    not_in hardened
    [ "$(once servers -- su postgres -s /bin/sh -c 'id -un')" = postgres ] &&
        [ "$(once servers -- sudo -u www-data id -un)" = www-data ]
}

case_cron() {
    not_in hardened
    start servers clock -- sh -c 'echo "@reboot www-data id -un >/tmp/ran" >/etc/cron.d/own; exec cron -f' &&
        eventually inside clock -- grep -qx www-data /tmp/ran && over clock
}

case_ping_of_root() { once servers -- ping -q -c 1 127.0.0.1; }
case_ping_of_user() { once servers --user=www-data -- ping -q -c 1 127.0.0.1; }
