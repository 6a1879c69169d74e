using System.Globalization;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Hierarchies;

/// <summary>Tells when a cgroup has run out of memory, without asking again and again.</summary>
internal sealed class OutOfMemoryWatch : IDisposable
{
    private readonly FileDescriptor descriptor;
    private readonly Func<long> count;

    private OutOfMemoryWatch(FileDescriptor descriptor, Func<long> count)
    {
        this.descriptor = descriptor;
        this.count = count;
    }

    /// <summary>Readable when there may be something to take.</summary>
    public FileDescriptor Descriptor => descriptor;

    /// <summary>Watches a v1 memory cgroup (memory.txt of the kernel, "OOM Control").</summary>
    public static OutOfMemoryWatch OfLegacy(CgroupDirectory memory)
    {
        FileDescriptor events = new(SystemCallException.Check(
            Polling.eventfd(0, Polling.EFD_CLOEXEC | Polling.EFD_NONBLOCK), "eventfd"));
        try
        {
            using FileDescriptor control = memory.OpenFile("memory.oom_control", FileCalls.O_RDONLY);
            memory.Write(
                "cgroup.event_control",
                string.Create(CultureInfo.InvariantCulture, $"{events.Number} {control.Number}"));
        }
        catch
        {
            events.Dispose();
            throw;
        }

        return new OutOfMemoryWatch(events, Take);

        // The kernel adds one before it kills, so its count of kills says nothing yet, and one when the cgroup goes.
        long Take() => Drain(events) - (memory.Exists("cgroup.event_control") ? 0 : 1);
    }

    /// <summary>Watches a v2 cgroup: memory.events is a file that changes (cgroup-v2.rst).</summary>
    /// <param name="directory">The cgroup.</param>
    /// <param name="kills">How many processes were killed so far.</param>
    public static OutOfMemoryWatch OfUnified(CgroupDirectory directory, Func<long> kills)
    {
        FileDescriptor changes = Inotify.Watch(directory.Path + "/memory.events", Inotify.IN_MODIFY);
        long known = kills();
        return new OutOfMemoryWatch(changes, Take);

        long Take()
        {
            _ = Drain(changes);

            // A cgroup that has gone has no count any more.
            long before = known;
            known = Math.Max(kills(), before);
            return known - before;
        }
    }

    /// <summary>How often it happened since the last call.</summary>
    public long Take() => Math.Max(count(), 0);

    public void Dispose() => descriptor.Dispose();

    /// <summary>Reads all there is; returns the first number of it, which is the count of an eventfd.</summary>
    private static unsafe long Drain(FileDescriptor descriptor)
    {
        long* buffer = stackalloc long[512];
        buffer[0] = 0;
        long first = FileCalls.read(descriptor.Number, buffer, 4096) > 0 ? buffer[0] : 0;
        while (FileCalls.read(descriptor.Number, buffer, 4096) > 0)
        {
        }

        return first;
    }
}
