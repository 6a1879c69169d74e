// What the kernel takes for a container like that of bench/bundle.sh, "full": the same namespaces, mounts, control
// groups and filter in the fewest system calls, made by a static program, without the care that a runtime has to take.
// The groups of work are switched on one after the other:
//
//     floor run|exec                             the groups' names, one a line
//     floor run GROUP ROOT STATE HIERARCHY...    everything up to that group, around /bin/true
//     floor exec GROUP PID NAME HIERARCHY...     likewise in a container whose control groups have that name
//     floor end ROUNDS ROOT STATE HIERARCHY...   milliseconds, wall and processor, of the end of the first process
#include "floor.h"
#include <linux/sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static const char *const run_names[GROUPS] = {
    "a static program that starts and ends", "clone, execve of /bin/true, its end",
    "namespaces: pid, mount, ipc, uts", "user namespace and its id maps", "network namespace, its loopback up",
    "the root, read-only", "proc, dev, pts, shm, mqueue, sys", "six devices, five links",
    "control groups: made, entered, removed", "limits of memory, processes, devices", "control groups, mounted",
    "masked and read-only paths", "signals, capabilities, ids, limits", "seccomp filter",
    "record: a directory, two files, a lock",
};
static const char *const exec_names[GROUPS_EXEC] = {
    "a static program that starts and ends", "clone, execve of /bin/true, its end", "joining the namespaces",
    "entering the control groups", "signals, capabilities, ids, limits", "seccomp filter",
};

struct stamp *last_act;
const char *root, *state, *name;
char **hierarchies;
int hierarchy_count, tasks[64];

void fail(const char *what)
{
    fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
    _exit(1);
}

double now(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
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
    if (group >= CGROUPS) make_cgroups(1, group >= LIMITS);
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
        char path[64] = "/bin/true";
        if (group < JOIN_EXEC) snprintf(path, sizeof path, "/proc/%d/root/bin/true", container);
        execute(path);
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
    int of_exec = count > 1 && strcmp(words[1], "exec") == 0, of_end = count > 1 && strcmp(words[1], "end") == 0;
    if (count == 2)
        for (int i = 0; i < (of_exec ? GROUPS_EXEC : GROUPS); i++) puts((of_exec ? exec_names : run_names)[i]);
    if (count < 5) return count != 2;

    int number = atoi(words[2]);
    struct rusage usage;
    root = words[3];
    state = words[4];
    hierarchies = words + 5;
    hierarchy_count = count - 5;
    name = of_exec ? words[4] : last_part(state); // a name of its own for each run of the bench
    if (of_end) measure_end(number);
    else if (of_exec && number >= PROGRAM_EXEC) execute_in(number, atoi(words[3]));
    else if (!of_exec && number >= PROGRAM) run(number, &usage);
}
