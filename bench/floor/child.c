// What the first process of a container does before its program, in the fewest system calls.
#include "floor.h"
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static void raise_loopback(void)
{
    struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
    int socket_file = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    TRY(ioctl(socket_file, SIOCSIFFLAGS, &request));
    close(socket_file);
}

// By a process of one thread, which takes no lock that others have to wait for.
void enter_cgroups(void)
{
    for (int i = 0; i < hierarchy_count; i++) TRY(write(tasks[i], "0", 1));
}

static void make_read_only(const char *path)
{
    struct mount_attr read_only = { .attr_set = MOUNT_ATTR_RDONLY };
    TRY(mount_setattr(AT_FDCWD, path, 0, &read_only, sizeof read_only));
}

// Relative to the root that is to be: the host's own tree has to be there until the last of them is made.
static void mount_file_systems(void)
{
    const int plain = MS_NOSUID | MS_NODEV | MS_NOEXEC;
    TRY(mount("proc", "proc", "proc", 0, NULL));
    TRY(mount("tmpfs", "dev", "tmpfs", MS_NOSUID | MS_STRICTATIME, "mode=755,size=65536k"));
    mkdir("dev/pts", 0755);
    TRY(mount("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620"));
    mkdir("dev/shm", 0755);
    TRY(mount("shm", "dev/shm", "tmpfs", plain, "mode=1777,size=65536k"));
    mkdir("dev/mqueue", 0755);
    TRY(mount("mqueue", "dev/mqueue", "mqueue", plain, NULL));
    TRY(mount("sysfs", "sys", "sysfs", plain | MS_RDONLY, NULL));
}

static void make_devices(void)
{
    static const char *const devices[] = {
        "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty",
    };
    for (int i = 0; i < 6; i++) {
        TRY(close(open(devices[i] + 1, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)));
        TRY(mount(devices[i], devices[i] + 1, NULL, MS_BIND, NULL));
    }
    TRY(symlink("/proc/self/fd", "dev/fd"));
    TRY(symlink("/proc/self/fd/0", "dev/stdin"));
    TRY(symlink("/proc/self/fd/1", "dev/stdout"));
    TRY(symlink("/proc/self/fd/2", "dev/stderr"));
    TRY(symlink("pts/ptmx", "dev/ptmx"));
}

static void mount_cgroups(void)
{
    const int plain = MS_NOSUID | MS_NODEV | MS_NOEXEC;
    TRY(mount("tmpfs", "sys/fs/cgroup", "tmpfs", plain, "mode=755"));
    for (int i = 0; i < hierarchy_count; i++) {
        char path[256];
        snprintf(path, sizeof path, "sys/fs/cgroup/%s", last_part(hierarchies[i]));
        TRY(mkdir(path, 0755));
        const char *options = is(hierarchies[i], "systemd") ? "none,name=systemd" : last_part(hierarchies[i]);
        TRY(mount("cgroup", path, "cgroup", plain | MS_RDONLY, options));
    }
    make_read_only("sys/fs/cgroup");
}

static void mask(void)
{
    static const char *const files[] = {
        "proc/kcore", "proc/keys", "proc/latency_stats", "proc/timer_list", "proc/timer_stats", "proc/sched_debug",
    };
    static const char *const directories[] = { "proc/acpi", "sys/firmware", "proc/scsi" };
    static const char *const read_only[] = {
        "proc/bus", "proc/fs", "proc/irq", "proc/sys", "proc/sysrq-trigger",
    };
    for (int i = 0; i < 6; i++)
        if (mount("/dev/null", files[i], NULL, MS_BIND, NULL) && errno != ENOENT) fail(files[i]);
    for (int i = 0; i < 3; i++)
        if (mount("tmpfs", directories[i], "tmpfs", MS_RDONLY, NULL) && errno != ENOENT) fail(directories[i]);
    for (int i = 0; i < 5; i++) {
        if (mount(read_only[i], read_only[i], NULL, MS_BIND | MS_REC, NULL) == 0) make_read_only(read_only[i]);
        else if (errno != ENOENT) fail(read_only[i]);
    }
}

void set_credentials(void)
{
    enum { KEPT = 1 << CAP_AUDIT_WRITE | 1 << CAP_KILL | 1 << CAP_NET_BIND_SERVICE };
    for (int i = 1; i < 65; i++) signal(i, SIG_DFL);
    syscall(SYS_keyctl, 1, "_ses.floor"); // KEYCTL_JOIN_SESSION_KEYRING
    for (int i = 0; i <= CAP_LAST_CAP; i++)
        if (i > 30 || !(KEPT & 1 << i)) prctl(PR_CAPBSET_DROP, i);
    TRY(setgroups(0, NULL));
    TRY(setresgid(0, 0, 0));
    TRY(setresuid(0, 0, 0));
    struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
    struct __user_cap_data_struct sets[2] = { { KEPT, KEPT, 0 } };
    TRY(syscall(SYS_capset, &header, sets));
    TRY(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    TRY(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 1024, 1024 }));
    TRY(syscall(SYS_close_range, 3, ~0U, 4)); // CLOSE_RANGE_CLOEXEC
}

// As long as the compiled profile of bundle.sh, and a tree like it: 44 ranges of system calls.
static int tree(struct sock_filter *code, int at, int low, int high)
{
    if (low == high) {
        code[at] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
        return at + 1;
    }
    int middle = (low + high + 1) / 2, right = tree(code, at + 1, low, middle - 1);
    code[at] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, middle * 10, right - at - 1, 0);
    return tree(code, right, middle, high);
}

void filter(void)
{
    struct sock_filter code[128] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4), BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0) };
    struct sock_fprog program = { tree(code, 2, 0, 43), code };
    TRY(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
}

void execute(const char *path)
{
    if (last_act) {
        *last_act = (struct stamp){ now(CLOCK_MONOTONIC), now(CLOCK_PROCESS_CPUTIME_ID) };
        _exit(0);
    }
    execve(path, (char *[]){ "true", NULL }, (char *[]){ "PATH=/bin", NULL });
    fail(path);
}

void be_container(int group, int parent)
{
    char byte;
    TRY(setsid());
    if (group >= NETWORK) TRY(unshare(CLONE_NEWNET));
    if (group >= NETWORK) raise_loopback();
    if (group >= CGROUPS) enter_cgroups();
    if (group >= USER) TRY(read(parent, &byte, 1));
    if (group >= USER) { TRY(setresgid(0, 0, 0)); TRY(setresuid(0, 0, 0)); }
    if (group >= CGROUPS) TRY(unshare(CLONE_NEWCGROUP));
    if (group >= ROOT) {
        umask(0);
        TRY(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL));
        TRY(mount(root, root, NULL, MS_BIND | MS_REC, NULL));
        TRY(chdir(root));
    }
    if (group >= FILE_SYSTEMS) mount_file_systems();
    if (group >= CGROUP_MOUNTS) mount_cgroups();
    if (group >= DEVICES) make_devices();
    if (group >= MASKS) mask();
    if (group >= ROOT) {
        TRY(syscall(SYS_pivot_root, ".", "."));
        TRY(umount2(".", MNT_DETACH));
        make_read_only("/");
        TRY(sethostname("floor", 5));
    }
    if (group >= CREDENTIALS) set_credentials();
    if (group >= FILTER) filter();
    char path[512];
    snprintf(path, sizeof path, "%s/bin/true", group >= ROOT ? "" : root);
    execute(path);
}
