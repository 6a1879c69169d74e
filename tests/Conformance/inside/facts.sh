# What a shell in the container sees beside what facts.c prints: the network, process 1, and the paths that are masked.
export PATH=/bin
for link in $(ls /sys/class/net 2>/dev/null); do
    echo "link $link flags $(cat /sys/class/net/$link/flags) mtu $(cat /sys/class/net/$link/mtu)"
done
ip addr 2>/dev/null | sed -n 's/^ *\(inet.*\)/address \1/p'
ip route 2>/dev/null | sed 's/^/route /'
ping -c 1 -W 1 127.0.0.1 >/dev/null 2>&1 && echo 'ping answers' || echo 'ping fails'

for file in comm cmdline cgroup oom_score_adj; do
    echo "init $file $(tr '\0\n' '  ' 2>&1 </proc/1/$file)"
done
for link in exe root cwd ns/net; do readlink /proc/1/$link >/dev/null && echo "init $link is open" || echo "init $link is closed"; done
grep -hE '^(Uid|Groups|CapEff|NoNewPrivs|Seccomp|Sig...):' /proc/1/status | sed 's/^/init status /; s|SigQ:.*/|SigQ: |'
[ $$ -eq 1 ] || ls -l /proc/1/fd 2>/dev/null | sed -n 's/.* \([0-9]* -> .*\)/init fd \1/p'

for path in /proc/acpi /proc/asound /proc/kcore /proc/keys /proc/latency_stats /proc/timer_list /proc/timer_stats /proc/sched_debug \
    /proc/scsi /sys/firmware /proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger /proc/interrupts /sys/devices/virtual/powercap; do
    if [ -d $path ]; then echo "path $path holds $(ls $path 2>&1 | wc -l | sed 's/^[^0]$\|^..*/something/')"
    elif [ ! -e $path ]; then echo "path $path is not there"
    elif [ $path != /proc/sysrq-trigger ]; then echo "path $path reads $(head -c 1 $path 2>&1 | wc -c | sed 's/^[^0]$\|^..*/something/')"
    fi
done
for device in null zero full random urandom; do head -c 1 /dev/$device >/dev/null 2>&1 && echo "device $device reads"; done
echo x 2>/dev/null >/dev/kmsg && echo 'device kmsg writes'
touch /file 2>/dev/null && rm /file && echo 'root writable'
for directory in /tmp /dev /dev/shm /dev/mqueue /proc /sys /sys/fs/cgroup /run; do
    touch $directory/file 2>/dev/null && rm -f $directory/file && echo "directory $directory writable"
done
for file in /sys/fs/cgroup/*/cgroup.procs /sys/fs/cgroup/cgroup.procs; do [ -w $file ] && echo "cgroup file $file writable"; done
ps | grep -vE 'PID|ps|sh|sed|grep|{' | wc -l | sed 's/^/processes /'
cat /proc/sys/kernel/hostname /proc/sys/kernel/domainname | sed 's/^/sysctl name /'
for name in net/ipv4/ip_unprivileged_port_start net/ipv4/ping_group_range net/ipv4/ip_forward kernel/shmmax kernel/msgmax fs/mqueue/msg_max; do
    echo "sysctl $name $(cat /proc/sys/$name 2>&1 | tr '\t' ' ')"
done
