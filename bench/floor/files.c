// What the parent makes beside its child: control groups, id maps, the record of the container.
#include "floor.h"
#include <sys/stat.h>

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

const char *last_part(const char *path) { return strrchr(path, '/') + 1; }

int is(const char *hierarchy, const char *controller) { return strcmp(last_part(hierarchy), controller) == 0; }

static void copy_from_parent(const char *hierarchy, const char *file)
{
    char path[256], value[256] = "";
    snprintf(path, sizeof path, "%s/%s", hierarchy, file);
    int source = open(path, O_RDONLY | O_CLOEXEC);
    if (source < 0 || read(source, value, sizeof value - 1) < 0) fail(path);
    close(source);
    put(in(hierarchy, file), 0, value);
}

void make_cgroups(int made, int limited)
{
    static const char *const allowed[] = {
        "c *:* m", "b *:* m", "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm", "c 1:8 rwm", "c 1:9 rwm", "c 5:0 rwm", "c 5:2 rwm",
        "c 136:* rwm",
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

void remove_cgroups(void)
{
    for (int i = 0; i < hierarchy_count; i++) TRY(rmdir(in(hierarchies[i], "")));
}

void map_ids(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/gid_map", pid);
    put(path, 0, "0 1000000 65536\n");
    snprintf(path, sizeof path, "/proc/%d/uid_map", pid);
    put(path, 0, "0 1000000 65536\n");
}

void write_record(int first)
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

void remove_record(void)
{
    TRY(unlink(in(state, "state.json")));
    TRY(unlink(in(state, "config.json")));
    TRY(unlink(in(state, "lock")));
    TRY(rmdir(in(state, "")));
}
