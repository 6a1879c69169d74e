// Runs programs in turn, A B A B ..., as often as told, and prints what each costs and how the first compares with it:
//
//     turns [-n ROUNDS] [-p MILLISECONDS] [-t SECONDS] [-j COPIES] -- PROGRAM [ARGUMENT...] -- PROGRAM ...
//
// A program may have several steps, with ";" between them. Before each there are -p milliseconds of rest; -t ends the
// rounds early, after five of them at the least; -j starts so many copies at once. Some rounds to warm up do not count.
// Standard input and output are /dev/null; a program that fails ends it all.
//
// One line for each program, milliseconds, KiB and numbers:
//     1     rounds                                2..4  wall time: median, first and third quartile
//     5..7  processor time, user and system, of the whole tree, likewise
//     8     page faults of the tree, median       9     peak resident memory of one of its processes, the least
//     10, 11  wall time, 10th and 99th percentile
//     12..14  wall time of the first program divided by this one's of the same round: median, quartiles
//     15..17  processor time, likewise
//     18, 19  wall and processor time of this one less that of the one before it, medians
//
// What the kernel does later and for nobody (the end of a network namespace, RCU) is in no processor time.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WARM_UP = 3, LEAST = 5, PROGRAMS = 32, STEPS = 16, COPIES = 1000 };

struct sample { double wall, processor, faults, memory; };
struct program { char **steps[STEPS]; int step_count; struct sample *samples; };

static posix_spawn_file_actions_t streams;
extern char **environ;

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "turns: %s: %s\n", what, why);
    exit(1);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static double milliseconds(struct timeval time) { return time.tv_sec * 1e3 + time.tv_usec / 1e3; }

static void add(struct sample *sample, const struct rusage *usage)
{
    sample->processor += milliseconds(usage->ru_utime) + milliseconds(usage->ru_stime);
    sample->faults += usage->ru_minflt + usage->ru_majflt;
    if (usage->ru_maxrss > sample->memory) sample->memory = usage->ru_maxrss;
}

// Waits for one process, and says whether it was one of the step's; -1 is none. Those that a step leaves behind (create
// does) become ours, are waited for at once, as an init does, and count as the first copy's.
static int reap(char **arguments, int flags, pid_t *pids, double *starts, int started, struct sample *samples)
{
    int status, i = 0;
    struct rusage usage;
    pid_t pid = wait4(-1, &status, flags, &usage);
    double end = now();
    if (pid < 0) fail("wait4", strerror(errno));
    if (pid == 0) return -1;
    while (i < started && pids[i] != pid) i++;
    add(&samples[i < started ? i : 0], &usage);
    if (i == started) return 0;
    if (status) fail(arguments[0], WIFEXITED(status) ? "did not exit with 0" : "was killed");
    samples[i].wall += end - starts[i];
    pids[i] = 0;
    return 1;
}

// One step of so many copies, each into its own sample.
static void run_step(char **arguments, int copies, struct sample *samples)
{
    static pid_t pids[COPIES];
    static double starts[COPIES];
    for (int started = 0, ended = 0; ended < copies;) {
        if (started < copies) {
            starts[started] = now();
            int error = posix_spawnp(&pids[started++], arguments[0], &streams, NULL, arguments, environ);
            if (error) fail(arguments[0], strerror(error));
        }
        int flags = started < copies ? WNOHANG : 0, found;
        do {
            found = reap(arguments, flags, pids, starts, started, samples);
            ended += found > 0;
        } while (ended < started && found >= 0);
    }
}

static void run(const struct program *program, int copies, struct sample *samples)
{
    memset(samples, 0, copies * sizeof *samples);
    for (int i = 0; i < program->step_count; i++) run_step(program->steps[i], copies, samples);
    // bwrap does not wait for its child, which is still at work: it counts, and must not be in the other's way.
    struct rusage usage;
    while (wait4(-1, NULL, 0, &usage) > 0) add(&samples[0], &usage);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double at(const double *sorted, int count, double part) { return sorted[(int)(part * (count - 1) + 0.5)]; }

enum { WALL, PROCESSOR, FAULTS, MEMORY };

static double figure(const struct sample *sample, int which)
{
    const double figures[] = { sample->wall, sample->processor, sample->faults, sample->memory };
    return figures[which];
}

// Of a program, or of how it compares with another, the figures in order.
static double *sorted(const struct program *program, const struct program *other, char operation, int count, int which)
{
    double *values = malloc(count * sizeof *values);
    for (int i = 0; i < count; i++) {
        double value = figure(&program->samples[i], which);
        double against = other ? figure(&other->samples[i], which) : 0;
        values[i] = operation == '/' ? against / value : value - against;
    }
    qsort(values, count, sizeof *values, compare);
    return values;
}

static void print_spread(const double *values, int count)
{
    printf(" %.4f %.4f %.4f", at(values, count, 0.5), at(values, count, 0.25), at(values, count, 0.75));
}

static void report(const struct program *programs, int index, int copies, int count)
{
    const struct program *program = &programs[index], *before = index ? program - 1 : NULL;
    double *wall = sorted(program, NULL, '-', count, WALL);
    printf("%d", count / copies);
    print_spread(wall, count);
    print_spread(sorted(program, NULL, '-', count, PROCESSOR), count);
    printf(" %.0f", at(sorted(program, NULL, '-', count, FAULTS), count, 0.5));
    printf(" %.0f", at(sorted(program, NULL, '-', count, MEMORY), count, 0));
    printf(" %.4f %.4f", at(wall, count, 0.1), at(wall, count, 0.99));
    print_spread(sorted(program, programs, '/', count, WALL), count);
    print_spread(sorted(program, programs, '/', count, PROCESSOR), count);
    printf(" %.4f", at(sorted(program, before, '-', count, WALL), count, 0.5));
    printf(" %.4f\n", at(sorted(program, before, '-', count, PROCESSOR), count, 0.5));
}

// Cuts the command line at "--" into programs and at ";" into their steps.
static int read_programs(char **words, struct program *programs)
{
    int count = 0;
    char begins = 'p';
    for (; *words; words++) {
        if (strcmp(*words, "--") == 0 || strcmp(*words, ";") == 0) {
            begins = **words == ';' ? 's' : 'p';
            *words = NULL;
            continue;
        }
        if (begins == 'p' && count++ == PROGRAMS) fail(*words, "too many programs");
        struct program *program = &programs[count - 1];
        if (begins && program->step_count == STEPS) fail(*words, "too many steps");
        if (begins) program->steps[program->step_count++] = words;
        begins = 0;
    }
    return count;
}

static int number(const char *text, int least, int most)
{
    int value = atoi(text);
    if (value < least || value > most) fail(text, "is no number, or not a sensible one");
    return value;
}

int main(int count, char **words)
{
    static struct program programs[PROGRAMS];
    int rounds = 50, pause = 0, seconds = 60, copies = 1, option;
    while ((option = getopt(count, words, "+n:p:t:j:")) != -1) {
        if (option == 'n') rounds = number(optarg, LEAST, 1000000);
        else if (option == 'p') pause = number(optarg, 0, 60000);
        else if (option == 't') seconds = number(optarg, 1, 3600);
        else if (option == 'j') copies = number(optarg, 1, COPIES);
        else return 1;
    }
    int program_count = read_programs(words + optind, programs);
    if (program_count == 0) fail("usage", "turns [-n ROUNDS] [-p MS] [-t SECONDS] [-j COPIES] -- PROGRAM ...");

    posix_spawn_file_actions_init(&streams);
    posix_spawn_file_actions_addopen(&streams, 0, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&streams, 0, 1);
    prctl(PR_SET_CHILD_SUBREAPER, 1);

    for (int i = 0; i < program_count; i++) programs[i].samples = calloc(copies, rounds * sizeof(struct sample));
    // The warm-up writes to the place of the first round, which then overwrites it.
    for (int i = 0; i < WARM_UP * program_count; i++)
        run(&programs[i % program_count], copies, programs[i % program_count].samples);
    int done = 0;
    for (double end = now() + seconds * 1e3; done < rounds && (done < LEAST || now() < end); done++) {
        for (int i = 0; i < program_count; i++) {
            usleep(pause * 1000);
            run(&programs[i], copies, &programs[i].samples[done * copies]);
        }
    }
    for (int i = 0; i < program_count; i++) report(programs, i, copies, done * copies);
}
