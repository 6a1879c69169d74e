// Prints what a process can find out about itself and its container, one fact a line: "topic key value". The lines of two
// runtimes are compared as sets, so a line says by itself what it is about. Static, as the image may have no library.
//   facts                 everything
//   facts PREFIX FILE     what a hook sees: ids, environment, descriptors; each line behind PREFIX, at the end of FILE
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <termios.h>
#include <unistd.h>

extern char **environ;
static const char *prefix = "";

static FILE *out;

#define say(...) (fputs(prefix, out), fprintf(out, __VA_ARGS__), fputc('\n', out))

static void files(const char *const *names) {
    for (; *names; names++) {
        char path[256], line[8192];
        snprintf(path, sizeof path, "/proc/self/%s", *names);
        FILE *file = fopen(path, "r");
        if (!file) say("%s: %s", *names, strerror(errno));
        else {
            int lines = 0;
            while (fgets(line, sizeof line, file)) {
                line[strcspn(line, "\n")] = 0;
                say("%s %s", *names, line);
                lines++;
            }
            if (!lines) say("%s: %s", *names, ferror(file) ? strerror(errno) : "empty");
            fclose(file);
        }
    }
}

static const char *relation(long id) {
    return id == getpid() ? "self" : id == 0 ? "none" : id == getppid() ? "parent" : id == 1 ? "1" : "other";
}

static void process(char **argv) {
    say("process pid %s", getpid() == 1 ? "1" : "other");
    say("process parent %s", relation(getppid()));
    say("process group %s", relation(getpgid(0)));
    say("process session %s", relation(getsid(0)));
    int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    say("process terminal %s", tty < 0 ? strerror(errno) : ttyname(tty) ? ttyname(tty) : "unnamed");
    if (tty >= 0) say("process foreground %s", relation(tcgetpgrp(tty)));
    if (tty >= 0) close(tty);
    char text[4096] = "", *cwd = getcwd(text, sizeof text);
    say("process cwd %s", cwd ? cwd : strerror(errno));
    for (int i = 0; argv[i]; i++) say("process argument %d %s", i, argv[i]);
    ssize_t n = readlink("/proc/self/exe", text, sizeof text - 1);
    say("process exe %.*s", n < 0 ? 0 : (int)n, text);
    say("process execfn %s", (char *)getauxval(AT_EXECFN));
    say("process secure %lu", getauxval(AT_SECURE));
    struct utsname uts;
    uname(&uts);
    say("process hostname %s", uts.nodename);
    say("process domainname %s", uts.domainname);
    mode_t mask = umask(0);
    umask(mask);
    say("process umask %03o", mask);
}

static void attributes(void) {
    int value = 0;
    say("attribute dumpable %d", prctl(PR_GET_DUMPABLE));
    say("attribute keepcaps %d", prctl(PR_GET_KEEPCAPS));
    say("attribute securebits %#x", prctl(PR_GET_SECUREBITS));
    say("attribute no_new_privs %d", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    say("attribute seccomp %d", prctl(PR_GET_SECCOMP));
    say("attribute timerslack %d", prctl(PR_GET_TIMERSLACK));
    say("attribute thp_disable %d", prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
    if (!prctl(PR_GET_PDEATHSIG, &value)) say("attribute pdeathsig %d", value);
    if (!prctl(PR_GET_CHILD_SUBREAPER, &value)) say("attribute subreaper %d", value);
    say("attribute personality %#x", personality(0xffffffff));
    say("attribute nice %d", getpriority(PRIO_PROCESS, 0));
    say("attribute ioprio %#lx", syscall(SYS_ioprio_get, 1, 0));
    say("attribute scheduler %#x", sched_getscheduler(0));
    struct sched_param parameter;
    if (!sched_getparam(0, &parameter)) say("attribute priority %d", parameter.sched_priority);
    cpu_set_t set;
    if (!sched_getaffinity(0, sizeof set, &set)) say("attribute processors %d", CPU_COUNT(&set));
    int policy = -1;
    if (!syscall(SYS_get_mempolicy, &policy, NULL, 0, NULL, 0)) say("attribute mempolicy %d", policy);
    stack_t stack;
    if (!sigaltstack(NULL, &stack)) say("attribute sigaltstack %#x", stack.ss_flags);
    // The session keyring: its type, owner, permissions and name.
    char description[512];
    long ring = syscall(SYS_keyctl, 0, -3, 0);
    if (ring >= 0 && syscall(SYS_keyctl, 6, ring, description, sizeof description) > 0) say("attribute keyring %s", description);
    else say("attribute keyring: %s", strerror(errno));
}

static char kind(mode_t mode) {
    static const char kinds[] = "?pc?d?b?-?l?s???";
    return kinds[(mode & S_IFMT) >> 12];
}

static void show(const char *topic, const char *name, const struct stat *s, const char *target) {
    char device[64] = "";
    if (S_ISCHR(s->st_mode) || S_ISBLK(s->st_mode))
        snprintf(device, sizeof device, " %u:%u", major(s->st_rdev), minor(s->st_rdev));
    say("%s %s %c%04o %u:%u%s %s", topic, name, kind(s->st_mode), s->st_mode & 07777, s->st_uid, s->st_gid, device, target);
}

static void descriptors(void) {
    DIR *directory = opendir("/proc/self/fd");
    if (!directory) { say("fd: %s", strerror(errno)); return; }
    for (struct dirent *entry; (entry = readdir(directory));) {
        int fd = atoi(entry->d_name);
        char target[512] = "", path[300], text[1200];
        struct stat s;
        if (entry->d_name[0] == '.' || fd == dirfd(directory) || (fd > 2 && fd == fileno(out)) || fstat(fd, &s)) continue;
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(path, target, sizeof target - 1);
        snprintf(text, sizeof text, "flags %#x%s %.*s", fcntl(fd, F_GETFL) & ~(O_CLOEXEC | O_NOFOLLOW | 0100000), fcntl(fd, F_GETFD) ? " cloexec" : "", n < 0 ? 0 : (int)n, target);
        show("fd", entry->d_name, &s, text);
        struct termios t;
        if (!tcgetattr(fd, &t))
            say("terminal %d input %#x output %#x control %#x local %#x", fd, t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag);
    }
    closedir(directory);
    // What a program does that logs to its own streams.
    for (int fd = 0; fd < 3; fd++) {
        static const char *const names[] = { "/dev/stdin", "/dev/stdout", "/dev/stderr" };
        int opened = open(names[fd], (fd ? O_WRONLY | O_APPEND : O_RDONLY) | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        say("reopen %s: %s", names[fd], opened < 0 ? strerror(errno) : "opens");
        if (opened >= 0) close(opened);
    }
}

static int listed(const char *path, const struct stat *s, int type, struct FTW *walk) {
    char target[512] = "";
    ssize_t n = type == FTW_SL ? readlink(path, target + 3, sizeof target - 4) : -1;
    if (n > 0) memcpy(target, "-> ", 3);
    (void)walk;
    show("node", path, s, target);
    return 0;
}

// Opened, not written: whether a write would be let through is decided by then.
static int writable(const char *path, const struct stat *s, int type, struct FTW *walk) {
    const char *name = path + walk->base;
    if (walk->level == 1 && (strspn(name, "0123456789") == strlen(name) || !strcmp(name, "self") || !strcmp(name, "thread-self")))
        return FTW_SKIP_SUBTREE;
    int fd = type == FTW_F && S_ISREG(s->st_mode) ? open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC) : -1;
    if (fd >= 0) {
        say("writable %s", path);
        close(fd);
    }
    if (type == FTW_D && !access(path, W_OK)) say("writable %s/", path);
    return FTW_CONTINUE;
}

static void status(void) {
    static const char *const left_out[] = { "Name", "State", "Tgid", "Ngid", "Pid", "PPid", "TracerPid", "FDSize", "Vm", "Rss",
        "Huge", "voluntary", "nonvoluntary", "x86_Thread", "untag", "Mems_allowed:", "Cpus_allowed:", NULL };
    char line[4096];
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file)) {
        int skip = 0;
        for (const char *const *name = left_out; *name; name++) skip |= !strncmp(line, *name, strlen(*name));
        line[strcspn(line, "\n")] = 0;
        // Ids of processes differ; how many namespaces show them does not.
        if (!strncmp(line, "NS", 2)) for (char *c = line + 7; *c; c++) if (*c >= '0' && *c <= '9') *c = 'N';
        if (!strncmp(line, "SigQ", 4)) memmove(line + 6, strchr(line, '/'), strlen(strchr(line, '/')) + 1);
        if (!skip) say("status %s", line);
    }
    if (file) fclose(file);
}

static void namespaces(void) {
    DIR *directory = opendir("/proc/self/ns");
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        char path[300], target[128] = "";
        snprintf(path, sizeof path, "/proc/self/ns/%s", entry->d_name);
        if (entry->d_name[0] != '.' && readlink(path, target, sizeof target - 1) > 0) say("namespace %s %s", entry->d_name, target);
    }
    if (directory) closedir(directory);
}

int main(int argc, char **argv) {
    static const char *const all[] = { "limits", "cgroup", "cpuset", "attr/current", "oom_score_adj", "uid_map", "gid_map",
        "projid_map", "setgroups", "timens_offsets", "coredump_filter", "loginuid", "mountinfo", NULL };
    static const char *const few[] = { "limits", "cgroup", "oom_score_adj", "coredump_filter", NULL };
    int hook = argc > 2;
    out = hook ? fopen(argv[2], "ae") : stdout;
    if (!out) return 1;
    if (hook) prefix = argv[1];
    process(argv);
    attributes();
    fprintf(out, "%senvironment in order:", prefix);
    for (int i = 0; environ[i]; i++) fprintf(out, " %.*s", (int)strcspn(environ[i], "="), environ[i]);
    fputc('\n', out);
    for (int i = 0; environ[i]; i++) say("environment %s", environ[i]);
    status();
    descriptors();
    namespaces();
    files(hook ? few : all);
    if (!hook) {
        struct stat s;
        static const char *const places[] = { "/", "/proc", "/sys", "/dev", "/tmp", NULL };
        for (const char *const *place = places; *place; place++) if (!lstat(*place, &s)) show("place", *place, &s, "");
        nftw("/dev", listed, 16, FTW_PHYS);
        nftw("/proc", writable, 16, FTW_PHYS | FTW_ACTIONRETVAL);
        nftw("/sys", writable, 16, FTW_PHYS | FTW_ACTIONRETVAL);
        fflush(out);
        execl("/bin/busybox", "sh", "/facts.sh", NULL);
    }
    return 0;
}
