#!/usr/bin/env bash
# Runs a command in the guest of run.sh with a disk of its own at /tmp, as ordinary hosts have: the guest's root is an
# overlay, which takes no other on top, and its kernel maps no ids of a tmpfs. What is started from below /tmp stays:
#
#     tests/Conformance/uml/run.sh -- tests/Conformance/uml/on-disk.sh COMMAND…
set -euo pipefail

truncate -s 900M /dev/shm/disk
mkfs.ext4 -q /dev/shm/disk
mkdir /run/clone
mount --bind "$PWD" /run/clone
mount -o loop /dev/shm/disk /tmp
chmod 1777 /tmp
mkdir -p "$PWD"
mount --bind /run/clone "$PWD"
cd "$PWD"
exec "$@"
