# Servers: each answers inside and to the host, keeps what it was given over a restart, and ends when it is told to.

case_nginx() {
    as www-data
    echo 'a page of nginx' >"$place/shared/index.html"
    cat >"$place/shared/nginx.conf" <<'END'
pid /tmp/nginx.pid;
error_log /dev/stderr;
events { }
http {
    access_log /dev/stdout;
    client_body_temp_path /tmp/body; proxy_temp_path /tmp/proxy; fastcgi_temp_path /tmp/fastcgi;
    uwsgi_temp_path /tmp/uwsgi; scgi_temp_path /tmp/scgi;
    server { listen 8080; root /shared; }
}
END
    start servers web --volume="$place/shared:/shared:ro" "${as[@]}" -- nginx -c /shared/nginx.conf -g 'daemon off;' &&
        await_port web 8080 &&
        [ "$(inside web -- curl -s http://127.0.0.1:8080/)" = 'a page of nginx' ] &&
        [ "$(outside web curl -s http://127.0.0.1:8080/)" = 'a page of nginx' ] &&
        inside web -- nginx -c /shared/nginx.conf -s reload && await_log web 'GET / HTTP' && stop web 0 && over web
}

case_apache() {
    as www-data
    mkdir -p "$place/shared/cgi" && echo 'a page of apache' >"$place/shared/index.html"
    printf '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\n"; id -un\n' >"$place/shared/cgi/who"
    chmod 755 "$place/shared/cgi/who"
    cat >"$place/shared/apache.conf" <<'END'
ServerName web
Listen 8081
PidFile /tmp/apache.pid
DefaultRuntimeDir /tmp
ErrorLog /dev/stderr
LoadModule mpm_prefork_module /usr/lib/apache2/modules/mod_mpm_prefork.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule dir_module /usr/lib/apache2/modules/mod_dir.so
LoadModule alias_module /usr/lib/apache2/modules/mod_alias.so
LoadModule cgi_module /usr/lib/apache2/modules/mod_cgi.so
User www-data
Group www-data
DocumentRoot /shared
ScriptAlias /cgi/ /shared/cgi/
END
    start servers web --volume="$place/shared:/shared:ro" "${as[@]}" -- apache2 -D FOREGROUND -f /shared/apache.conf &&
        await_port web 8081 &&
        [ "$(inside web -- curl -s http://127.0.0.1:8081/index.html)" = 'a page of apache' ] &&
        [ "$(outside web curl -s http://127.0.0.1:8081/cgi/who)" = www-data ] && stop web 0 && over web
}

# A new volume has the owner of the directory that it covers, so the server need not be root to have it.
case_postgresql() {
    query() { inside base --user=postgres -- psql -h /tmp -Atqc "$1" postgres; }
    start servers base --user=postgres --volume=base:/var/lib/postgresql -- sh -c 'PATH=$PATH:/usr/lib/postgresql/15/bin
        export PGDATA=/var/lib/postgresql/data
        [ -s $PGDATA/PG_VERSION ] || initdb --auth=trust >/dev/null
        exec postgres -k /tmp' &&
        await_log base 'database system is ready to accept' && await_port base 5432 &&
        query 'create table t (n int); insert into t select * from generate_series(1, 10000)' &&
        [ "$(query 'select sum(n) from t')" = 50005000 ] && restart base && await_port base 5432 &&
        eventually query 'select' && [ "$(query 'select count(*) from t')" = 10000 ] && stop base 0 && over base
}

case_mariadb() {
    as mysql
    query() { inside base -- mariadb --user=root --socket=/tmp/socket -BNe "$1" mysql; }
    start servers base --volume=tables:/var/lib/mysql "${as[@]}" -- sh -c '
        [ -d /var/lib/mysql/mysql ] || mariadb-install-db --user=mysql --auth-root-authentication-method=normal >/dev/null
        exec mariadbd --user=mysql --socket=/tmp/socket --pid-file=/tmp/pid' &&
        await_port base 3306 && query 'create table t (n int) engine=innodb; insert into t select seq from seq_1_to_10000' &&
        [ "$(query 'select sum(n) from t')" = 50005000 ] && restart base && await_port base 3306 &&
        [ "$(query 'select count(*) from t')" = 10000 ] && stop base 0 && over base
}

case_redis() {
    start servers cache --user=redis --volume=cache:/var/lib/redis -- \
        redis-server --dir /var/lib/redis --appendonly yes --save '' && await_port cache 6379 &&
        [ "$(inside cache -- redis-cli set key value)" = OK ] &&
        inside cache -- redis-benchmark -q -n 2000 -t set,get && restart cache && await_port cache 6379 &&
        eventually inside cache -- sh -c '[ "$(redis-cli get key)" = value ]' && stop cache 0 && over cache
}

case_rabbitmq() {
    control() { inside queue --user=rabbitmq -- env HOME=/var/lib/rabbitmq /usr/lib/rabbitmq/bin/rabbitmqctl -q "$@"; }
    start servers queue --user=rabbitmq --volume=queue:/var/lib/rabbitmq --volume=queue-log:/var/log/rabbitmq \
        --env=HOME=/var/lib/rabbitmq --hostname=queue -- /usr/lib/rabbitmq/bin/rabbitmq-server &&
        await_port queue 5672 && control add_vhost own && control list_vhosts name | grep -qx own &&
        stop queue 0 && over queue
}

# A login over the container's own network; the rights that sshd needs in a hardened container are named here.
case_sshd() {
    local right rights=()
    for right in SETUID SETGID SYS_CHROOT CHOWN DAC_OVERRIDE FOWNER KILL AUDIT_WRITE; do rights+=(--cap-add=$right); done
    login() { inside login -- ssh -q "$1" -i /root/key -o StrictHostKeyChecking=no -p 2222 root@127.0.0.1 "$2"; }
    start servers login --tmpfs=/root --tmpfs=/run --tmpfs=/tmp "${rights[@]}" -- sh -c 'mkdir -p -m 755 /run/sshd
        chmod 755 /root
        ssh-keygen -q -N "" -f /root/key && mkdir -m 700 /root/.ssh && cp /root/key.pub /root/.ssh/authorized_keys
        exec /usr/sbin/sshd -D -e -p 2222' && await_port login 2222 &&
        [ "$(login -T 'id -un')" = root ] && login -tt tty | grep -q /dev/pts && over login
}
