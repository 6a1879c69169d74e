#!/bin/sh
# Process 1 of the guest that run.sh boots: a writable overlay over the host's root, a v2 host's mounts, the command.
# The parameter uml_exchange names the host directory that has the command and takes its output and exit code.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8

finish()
{
    sync
    echo o > /proc/sysrq-trigger
    sleep 10
}

mount -t proc proc /proc
for word in $(cat /proc/cmdline); do
    case $word in
        uml_exchange=*) exchange=${word#uml_exchange=} ;;
        uml_systemd) systemd=1 ;;
    esac
done

modules=/usr/lib/uml/modules/$(uname -r)/kernel
busybox insmod "$modules/fs/overlayfs/overlay.ko"
for module in drivers/block/loop fs/quota/quota_tree fs/quota/quota_v2; do
    busybox insmod "$modules/$module.ko" 2> /dev/null
done
mount -t tmpfs -o mode=755 tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root || finish
cd /mnt/root || finish

mount -t proc proc proc
mount -t sysfs sys sys
mount -t cgroup2 -o nsdelegate cgroup2 sys/fs/cgroup || finish
mount -t devtmpfs dev dev
mkdir -p dev/pts dev/shm dev/mqueue
mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t mqueue mqueue dev/mqueue
mount -t tmpfs -o mode=755 tmpfs run
ln -sf /proc/self/fd dev/fd
mkdir -p run/exchange
mount -t hostfs -o "$exchange" none run/exchange || finish
ip link set lo up 2> /dev/null

mkdir -p mnt/old
pivot_root . mnt/old
umount -l /mnt/old

# With systemd as process 1 the command is a service; its end is that of the guest.
if [ -n "$systemd" ]; then
    mkdir -p /run/systemd/system
    cat > /run/systemd/system/command.service << 'UNIT'
[Unit]
DefaultDependencies=no
Requires=dbus.socket
After=dbus.socket
SuccessAction=poweroff-force
FailureAction=poweroff-force
[Service]
Type=oneshot
Environment=PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
ExecStart=/bin/sh -c '/bin/bash /run/exchange/command < /dev/null > /run/exchange/stdout 2> /run/exchange/stderr; echo $$? > /run/exchange/exit; sync'
UNIT
    # It would empty /tmp, where the caller's files may be.
    ln -s /dev/null /run/systemd/system/systemd-tmpfiles-setup.service
    exec env -i /lib/systemd/systemd --unit=command.service --show-status=no
fi

/bin/bash /run/exchange/command < /dev/null > /run/exchange/stdout 2> /run/exchange/stderr
echo $? > /run/exchange/exit
finish
