using System.Globalization;
using System.Text;
using Container.Native.Json;
using Container.Native.Syscalls;

namespace Container.Runtime.Events;

/// <summary>What went through one network interface of a container: a line of /proc/PID/net/dev, proc(5).</summary>
internal sealed class InterfaceCounters : IJsonWritable
{
    private const int Limit = 1024 * 1024;
    private const int Columns = 16;

    private readonly string name;
    private readonly ulong[] counters;

    private InterfaceCounters(string name, ulong[] counters)
    {
        this.name = name;
        this.counters = counters;
    }

    /// <summary>The interfaces of the network namespace of a process, without the loopback.</summary>
    public static IReadOnlyList<InterfaceCounters> Read(int pid)
    {
        List<InterfaceCounters> found = [];
        string path = $"/proc/{pid}/net/dev";
        using FileDescriptor file = FileCalls.Open(path, FileCalls.O_RDONLY);
        foreach (string line in Encoding.UTF8.GetString(FileCalls.ReadAll(file, Limit, path)).Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || line[..colon].Trim() is var name && name == "lo") continue;
            string[] words = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < Columns) continue;
            found.Add(new InterfaceCounters(
                name, Array.ConvertAll(words, static w => ulong.Parse(w, CultureInfo.InvariantCulture))));
        }

        return found;
    }

    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("Name"u8, name);
        json.Member("RxBytes"u8, counters[0]);
        json.Member("RxPackets"u8, counters[1]);
        json.Member("RxErrors"u8, counters[2]);
        json.Member("RxDropped"u8, counters[3]);
        json.Member("TxBytes"u8, counters[8]);
        json.Member("TxPackets"u8, counters[9]);
        json.Member("TxErrors"u8, counters[10]);
        json.Member("TxDropped"u8, counters[11]);
    }
}
