// What the kernel takes for a container like that of bench/bundle.sh, "full", with nobody's convenience or care: the same
// namespaces, mounts, control groups and filter in the fewest system calls, made by a static program of no language. Its
// groups of work are switched on one after the other:
//
//     floor                                             the groups' names, one a line
//     floor GROUP ROOT STATE HIERARCHY...               everything up to that group, around /bin/true
//     floor exec GROUP PID NAME HIERARCHY...            likewise of exec, in a container whose control groups have that name
//     floor end ROUNDS ROOT STATE HIERARCHY...          milliseconds, wall and processor, of the end of the first process
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>
#include <grp.h>

enum {
    START, PROGRAM, NAMESPACES, USER, NETWORK, ROOT, FILE_SYSTEMS, DEVICES, CGROUPS, LIMITS, CGROUP_MOUNTS, MASKS,
    CREDENTIALS, FILTER, RECORD, GROUPS
};
static const char *const names[] = {
    "a static program that starts and ends", "clone, execve of /bin/true, its end",
    "namespaces: pid, mount, ipc, uts", "user namespace and its id maps", "network namespace, its loopback up",
    "the root, read-only", "proc, dev, pts, shm, mqueue, sys", "six devices, five links",
    "control groups: made, entered, removed", "limits of memory, processes, devices", "control groups, mounted",
    "masked and read-only paths", "signals, capabilities, ids, limits", "seccomp filter", "record: a directory, two files, a lock",
};
enum { START_EXEC, PROGRAM_EXEC, JOIN_EXEC, CGROUPS_EXEC, CREDENTIALS_EXEC, FILTER_EXEC };

struct stamp { double wall, processor; };
static struct stamp *last_act; // in memory shared with the child; null where it ends as a program
static const char *root, *state, *name = "container-floor";
static char **hierarchies;
static int hierarchy_count, tasks[64];

static void fail(const char *what)
{
    fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
    _exit(1);
}

#define TRY(call) do { if ((call) < 0) fail(#call); } while (0)

static double now(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static void put(const char *path, int flags, const char *text)
{
    int file = open(path, O_WRONLY | O_CLOEXEC | flags, 0600);
    if (file < 0 || write(file, text, strlen(text)) < 0) fail(path);
    close(file);
}

static const char *in(const char *directory, const char *file)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s/%s", directory, name, file);
    return path;
}

// --- the parent's part -------------------------------------------------------------------------------------------

static const char *last_part(const char *path) { return strrchr(path, '/') + 1; }

static int is(const char *hierarchy, const char *controller) { return strcmp(last_part(hierarchy), controller) == 0; }

static void copy_from_parent(const char *hierarchy, const char *file)
{
    char path[256], value[256] = "";
    snprintf(path, sizeof path, "%s/%s", hierarchy, file);
    int source = open(path, O_RDONLY | O_CLOEXEC);
    if (source < 0 || read(source, value, sizeof value - 1) < 0) fail(path);
    close(source);
    put(in(hierarchy, file), 0, value);
}

static void make_cgroups(int limited, int made)
{
    static const char *const allowed[] = {
        "c *:* m", "b *:* m", "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm", "c 1:8 rwm", "c 1:9 rwm", "c 5:0 rwm", "c 5:2 rwm", "c 136:* rwm",
    };
    for (int i = 0; i < hierarchy_count; i++) {
        const char *hierarchy = hierarchies[i];
        if (made) TRY(mkdir(in(hierarchy, ""), 0755));
        if (made && is(hierarchy, "cpuset")) {
            copy_from_parent(hierarchy, "cpuset.cpus");
            copy_from_parent(hierarchy, "cpuset.mems");
        }
        if (limited && is(hierarchy, "memory")) put(in(hierarchy, "memory.limit_in_bytes"), 0, "268435456");
        if (limited && is(hierarchy, "pids")) put(in(hierarchy, "pids.max"), 0, "512");
        if (limited && is(hierarchy, "devices")) {
            put(in(hierarchy, "devices.deny"), 0, "a");
            int file = open(in(hierarchy, "devices.allow"), O_WRONLY | O_CLOEXEC);
            for (unsigned j = 0; j < sizeof allowed / sizeof *allowed; j++)
                TRY(write(file, allowed[j], strlen(allowed[j])));
            close(file);
        }
        TRY(tasks[i] = open(in(hierarchy, "tasks"), O_WRONLY | O_CLOEXEC));
    }
}

static void remove_cgroups(void)
{
    for (int i = 0; i < hierarchy_count; i++) TRY(rmdir(in(hierarchies[i], "")));
}

static void map_ids(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/gid_map", pid);
    put(path, 0, "0 1000000 65536\n");
    snprintf(path, sizeof path, "/proc/%d/uid_map", pid);
    put(path, 0, "0 1000000 65536\n");
}

static void write_record(int first)
{
    static char text[6000];
    static int lock;
    memset(text, ' ', first ? 5700 : 300);
    if (first) {
        TRY(mkdir(in(state, ""), 0700));
        TRY(lock = open(in(state, "lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
        TRY(fcntl(lock, F_SETLK, &(struct flock){ .l_type = F_WRLCK }));
        put(in(state, "config.json"), O_CREAT, text);
    }
    text[300] = 0;
    put(in(state, "state.tmp"), O_CREAT, text);
    char from[512];
    strcpy(from, in(state, "state.tmp"));
    TRY(rename(from, in(state, "state.json")));
}

static void remove_record(void)
{
    TRY(unlink(in(state, "state.json")));
    TRY(unlink(in(state, "config.json")));
    TRY(unlink(in(state, "lock")));
    TRY(rmdir(in(state, "")));
}

// --- the child's part --------------------------------------------------------------------------------------------

static void raise_loopback(void)
{
    struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
    int socket_file = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    TRY(ioctl(socket_file, SIOCSIFFLAGS, &request));
    close(socket_file);
}

// By a process of one thread, which takes no lock that others have to wait for.
static void enter_cgroups(void)
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
    static const char *const devices[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty" };
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
    static const char *const files[] = { "proc/kcore", "proc/keys", "proc/latency_stats", "proc/timer_list", "proc/timer_stats", "proc/sched_debug" };
    static const char *const directories[] = { "proc/acpi", "sys/firmware", "proc/scsi" };
    static const char *const read_only[] = { "proc/bus", "proc/fs", "proc/irq", "proc/sys", "proc/sysrq-trigger" };
    for (int i = 0; i < 6; i++)
        if (mount("/dev/null", files[i], NULL, MS_BIND, NULL) && errno != ENOENT) fail(files[i]);
    for (int i = 0; i < 3; i++)
        if (mount("tmpfs", directories[i], "tmpfs", MS_RDONLY, NULL) && errno != ENOENT) fail(directories[i]);
    for (int i = 0; i < 5; i++) {
        if (mount(read_only[i], read_only[i], NULL, MS_BIND | MS_REC, NULL) == 0) make_read_only(read_only[i]);
        else if (errno != ENOENT) fail(read_only[i]);
    }
}

static void set_credentials(void)
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

static void filter(void)
{
    struct sock_filter code[128] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4), BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0) };
    struct sock_fprog program = { tree(code, 2, 0, 43), code };
    TRY(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
}

static void execute(const char *path)
{
    if (last_act) {
        *last_act = (struct stamp){ now(CLOCK_MONOTONIC), now(CLOCK_PROCESS_CPUTIME_ID) };
        _exit(0);
    }
    execve(path, (char *[]){ "true", NULL }, (char *[]){ "PATH=/bin", NULL });
    fail(path);
}

static void be_container(int group, int parent)
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

static pid_t clone_child(int flags)
{
    struct clone_args arguments = { .flags = flags, .exit_signal = SIGCHLD };
    pid_t pid = syscall(SYS_clone3, &arguments, sizeof arguments);
    TRY(pid);
    return pid;
}

static void run(int group, struct rusage *usage)
{
    int flags = 0, ready[2], status;
    if (group >= NAMESPACES) flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS;
    if (group >= USER) flags |= CLONE_NEWUSER;
    if (group >= RECORD) write_record(1);
    if (group >= CGROUPS) make_cgroups(group >= LIMITS, 1);
    TRY(pipe2(ready, O_CLOEXEC));
    pid_t pid = clone_child(flags);
    if (pid == 0) be_container(group, ready[0]);
    if (group >= USER) map_ids(pid);
    if (group >= RECORD) write_record(0);
    TRY(write(ready[1], "", 1));
    TRY(wait4(pid, &status, 0, usage));
    if (status) exit(1);
    close(ready[0]);
    close(ready[1]);
    if (group >= CGROUPS) remove_cgroups();
    for (int i = 0; group >= CGROUPS && i < hierarchy_count; i++) close(tasks[i]);
    if (group >= RECORD) remove_record();
}

static void execute_in(int group, pid_t container)
{
    int status, target = -1;
    if (group >= JOIN_EXEC) {
        TRY(target = syscall(SYS_pidfd_open, container, 0));
        TRY(setns(target, CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS));
    }
    if (group >= CGROUPS_EXEC) make_cgroups(0, 0);
    pid_t pid = clone_child(0);
    if (pid == 0) {
        TRY(setsid());
        if (group >= CGROUPS_EXEC) enter_cgroups();
        if (group >= JOIN_EXEC) TRY(setns(target, CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWCGROUP));
        if (group >= JOIN_EXEC) { TRY(setresgid(0, 0, 0)); TRY(setresuid(0, 0, 0)); }
        if (group >= CREDENTIALS_EXEC) set_credentials();
        if (group >= FILTER_EXEC) filter();
        execute("/bin/true");
    }
    TRY(waitpid(pid, &status, 0));
    if (status) exit(1);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure_end(int rounds)
{
    double *wall = calloc(rounds, sizeof *wall), *processor = calloc(rounds, sizeof *processor);
    last_act = mmap(NULL, sizeof *last_act, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < rounds; i++) {
        struct rusage usage;
        run(GROUPS - 1, &usage);
        wall[i] = now(CLOCK_MONOTONIC) - last_act->wall;
        processor[i] = (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3 - last_act->processor;
    }
    qsort(wall, rounds, sizeof *wall, compare);
    qsort(processor, rounds, sizeof *processor, compare);
    printf("%.4f %.4f\n", wall[rounds / 2], processor[rounds / 2]);
}

int main(int count, char **words)
{
    int of_exec = count > 4 && strcmp(words[1], "exec") == 0, of_end = count > 4 && strcmp(words[1], "end") == 0;
    int first = of_exec || of_end; // the words after the first are one further on
    if (count == 1) {
        for (int i = 0; i < GROUPS; i++) puts(names[i]);
        return 0;
    }
    if (count < 4 + first) return 1;
    int number = atoi(words[1 + first]);
    hierarchies = words + 4 + first;
    hierarchy_count = count - 4 - first;
    if (of_exec) {
        name = words[4];
        if (number >= PROGRAM_EXEC) execute_in(number, atoi(words[3]));
        return 0;
    }
    root = words[2 + first];
    state = words[3 + first];
    struct rusage usage;
    if (of_end) measure_end(number);
    else if (number >= PROGRAM) run(number, &usage);
}
