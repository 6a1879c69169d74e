// What the parts of the floor share; floor.c says what it is.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

// What is done to run a container, in this order; each group includes those before it.
enum {
    START, PROGRAM, NAMESPACES, USER, NETWORK, ROOT, FILE_SYSTEMS, DEVICES, CGROUPS, LIMITS, CGROUP_MOUNTS, MASKS,
    CREDENTIALS, FILTER, RECORD, GROUPS
};

// Likewise to run one more process in it.
enum { START_EXEC, PROGRAM_EXEC, JOIN_EXEC, CGROUPS_EXEC, CREDENTIALS_EXEC, FILTER_EXEC, GROUPS_EXEC };

struct stamp { double wall, processor; };

extern struct stamp *last_act; // in memory shared with the child; null where it ends as a program
extern const char *root, *state, *name;
extern char **hierarchies;
extern int hierarchy_count, tasks[64];

#define TRY(call) do { if ((call) < 0) fail(#call); } while (0)

void fail(const char *what);
double now(clockid_t clock);
const char *last_part(const char *path);
int is(const char *hierarchy, const char *controller);

// files.c: what the parent makes and removes
void make_cgroups(int made, int limited);
void remove_cgroups(void);
void map_ids(pid_t pid);
void write_record(int first);
void remove_record(void);

// child.c: what the first process does
void be_container(int group, int parent);
void enter_cgroups(void);
void set_credentials(void);
void filter(void);
void execute(const char *path);
