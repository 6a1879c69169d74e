using System.Globalization;
using Container.Native.Syscalls;
using Container.Runtime.Messages;

namespace Container.Runtime.Creation;

/// <summary>Descriptors from 3 on that the container gets: --preserve-fds, after those of socket activation.</summary>
internal sealed class InheritedDescriptors
{
    private const int Most = 1000;

    private InheritedDescriptors(int listening, int preserved)
    {
        Listening = listening;
        Count = listening + preserved;
    }

    /// <summary>How many come from systemd: sd_listen_fds(3).</summary>
    public int Listening { get; }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>What the command line and the environment say, if it is true.</summary>
    public static InheritedDescriptors Find(int preserved)
    {
        int listening = FindListening();
        InheritedDescriptors result = new(listening, preserved);
        for (int number = 3; number < 3 + result.Count; number++)
        {
            if (FileCalls.fcntl(number, FileCalls.F_GETFD, 0) < 0)
                throw new RuntimeException($"--preserve-fds {preserved}: descriptor {number} is not open");
        }

        return result;
    }

    /// <summary>The environment with what a container needs to find them; its process is 1 of its pid namespace.</summary>
    public IReadOnlyList<string>? Extend(IReadOnlyList<string>? environment) => Listening == 0
        ? environment
        : [.. environment ?? [], $"LISTEN_FDS={Listening}", "LISTEN_PID=1"];

    private static int FindListening()
    {
        string? process = Environment.GetEnvironmentVariable("LISTEN_PID");
        string? count = Environment.GetEnvironmentVariable("LISTEN_FDS");
        if (process is null || count is null || process != $"{Environment.ProcessId}") return 0;
        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return 0;
        return number <= Most ? number : throw new RuntimeException($"LISTEN_FDS: {number} descriptors, the limit is {Most}");
    }
}
