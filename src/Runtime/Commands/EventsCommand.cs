using Container.Native.Cgroups;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Syscalls;
using Container.Runtime.Arguments;
using Container.Runtime.Events;
using Container.Runtime.Messages;
using Container.Runtime.State;
using Tmds.Linux;

namespace Container.Runtime.Commands;

/// <summary><c>psrun events [--stats] [--interval TIME] ID</c></summary>
internal sealed class EventsCommand : Command
{
    public override string Name => "events";

    public override string Summary => "print when a container runs out of memory, and its statistics, as lines of JSON";

    public override string Operands => "<container-id>";

    public override Option[] Options =>
    [
        new("interval", "time between statistics (default: 5s)", Value: "TIME"),
        new("stats", "print the statistics once"),
    ];

    public override int Run(GlobalOptions global, ParsedArguments arguments)
    {
        int interval = DurationText.Parse("interval", arguments.Value("interval") ?? "5s");
        ContainerDirectory directory = ContainerDirectory.Open(global.Root, arguments.Operands[0]);
        using FileDescriptor process = directory.State.FindProcess() is { } found && ContainerSignal.TryOpen(found) is { } open
            ? open
            : throw new RuntimeException($"container '{directory.Id}' is stopped, not running");
        using CgroupManager cgroup = directory.OpenCgroup()
            ?? throw new RuntimeException($"container '{directory.Id}' has no cgroup and no statistics");
        if (arguments.Flag("stats")) PrintStatistics(directory, cgroup);
        else Follow(directory, cgroup, process, interval);
        return 0;
    }

    private static void Follow(ContainerDirectory directory, CgroupManager cgroup, FileDescriptor process, int interval)
    {
        using OutOfMemoryWatch? watch = cgroup.WatchOutOfMemory();
        long next = Environment.TickCount64 + interval;
        Span<pollfd> entries = stackalloc pollfd[2];
        while (true)
        {
            entries[0] = new pollfd { fd = process.Number, events = Polling.POLLIN };
            entries[1] = new pollfd { fd = watch?.Descriptor.Number ?? -1, events = Polling.POLLIN };
            Polling.Wait(entries, (int)Math.Max(next - Environment.TickCount64, 0));
            bool ended = entries[0].revents != 0;
            for (long kills = ended || entries[1].revents != 0 ? watch?.Take() ?? 0 : 0; kills > 0; kills--)
                new EventReport("oom", directory.Id).Print();
            if (ended) return;
            if (Environment.TickCount64 < next) continue;
            next += interval;
            try
            {
                PrintStatistics(directory, cgroup);
            }
            catch (Exception failure) when (failure is SystemCallException or CgroupException && HasEnded(process))
            {
                // Meanwhile, and its cgroup may be gone too: the next look sees that.
            }
        }
    }

    // A process gives up its namespaces before it is seen to have ended.
    private static bool HasEnded(FileDescriptor process)
    {
        const int PatienceMilliseconds = 5000;
        return Polling.Wait(process.Number, Polling.POLLIN, -1, PatienceMilliseconds) != 0;
    }

    private static void PrintStatistics(ContainerDirectory directory, CgroupManager cgroup) =>
        new EventReport(
            "stats", directory.Id,
            new StatisticsReport(cgroup.GetStatistics(), InterfaceCounters.Read(directory.State.Pid))).Print();
}
