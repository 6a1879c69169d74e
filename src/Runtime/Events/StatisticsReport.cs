using System.Text;
using Container.Native.Cgroups.Statistics;
using Container.Native.Json;

namespace Container.Runtime.Events;

/// <summary>
/// Statistics in the words of <c>runc events</c> (its package types): v1's, whatever the host has, so that who reads
/// them need not know. No limit is the largest number.
/// </summary>
internal sealed class StatisticsReport(CgroupStatistics statistics, IReadOnlyList<InterfaceCounters> interfaces)
    : IJsonWritable
{
    void IJsonWritable.Write(JsonSink json)
    {
        json.Member("cpu"u8, new JsonPart(WriteCpu));
        json.Member("cpuset"u8, new JsonPart(WriteCpuset));
        json.Member("memory"u8, new JsonPart(WriteMemory));
        json.Member("pids"u8, new JsonPart(WritePids));
        json.Member("blkio"u8, new JsonPart(WriteBlockIo));
        json.Member("hugetlb"u8, new JsonPart(WriteHugepages));
        json.Member("intel_rdt"u8, new JsonPart(static _ => { }));
        json.Member("network_interfaces"u8, interfaces);
    }

    private void WriteCpu(JsonSink json)
    {
        CpuStatistics cpu = statistics.Cpu ?? new CpuStatistics();
        json.Member("usage"u8, new JsonPart(usage =>
        {
            usage.Member("total"u8, cpu.UsageNanoseconds ?? 0);
            if (cpu.PerProcessorNanoseconds.Count > 0) usage.Member("percpu"u8, cpu.PerProcessorNanoseconds);
            usage.Member("kernel"u8, cpu.SystemNanoseconds ?? 0);
            usage.Member("user"u8, cpu.UserNanoseconds ?? 0);
        }));
        json.Member("throttling"u8, new JsonPart(throttling =>
        {
            throttling.Member("periods"u8, cpu.Periods ?? 0);
            throttling.Member("throttledPeriods"u8, cpu.ThrottledPeriods ?? 0);
            throttling.Member("throttledTime"u8, cpu.ThrottledNanoseconds ?? 0);
        }));
        Pressure(json, statistics.CpuPressure);
    }

    private void WriteCpuset(JsonSink json)
    {
        CpusetStatistics cpuset = statistics.Cpuset ?? new CpusetStatistics();
        json.Member("cpus"u8, cpuset.Processors);
        json.Member("mems"u8, cpuset.MemoryNodes);
        foreach ((string name, long value) in cpuset.Settings) json.Member(Encoding.UTF8.GetBytes(name), value);
    }

    private void WriteMemory(JsonSink json)
    {
        MemoryStatistics memory = statistics.Memory ?? new MemoryStatistics();
        json.Member("cache"u8, memory.Cache ?? 0);
        Entry(json, "usage"u8, memory.Limit, memory.Usage, memory.Peak, memory.LimitHits);
        Entry(json, "swap"u8, memory.Limit + memory.SwapLimit, memory.Usage + memory.SwapUsage, null, null);
        Entry(json, "kernel"u8, null, memory.Kernel, null, null);
        json.Member("raw"u8, memory.Details);
        Pressure(json, statistics.MemoryPressure);
    }

    private void WritePids(JsonSink json)
    {
        json.Member("current"u8, statistics.Pids?.Current);
        json.Member("limit"u8, statistics.Pids?.Limit);
    }

    private void WriteBlockIo(JsonSink json)
    {
        json.Member("ioServiceBytesRecursive"u8, Counts(static d => d.ReadBytes, static d => d.WriteBytes));
        json.Member("ioServicedRecursive"u8, Counts(static d => d.ReadOperations, static d => d.WriteOperations));
        Pressure(json, statistics.IoPressure);
    }

    private List<JsonPart> Counts(Func<IoStatistics, long?> read, Func<IoStatistics, long?> write)
    {
        List<JsonPart> entries = [];
        foreach (IoStatistics device in statistics.Io)
        {
            Add(device, "Read", read(device));
            Add(device, "Write", write(device));
        }

        return entries;

        void Add(IoStatistics device, string operation, long? value)
        {
            if (value is null) return;
            entries.Add(new JsonPart(entry =>
            {
                entry.Member("major"u8, (long)device.Major);
                entry.Member("minor"u8, (long)device.Minor);
                entry.Member("op"u8, operation);
                entry.Member("value"u8, value);
            }));
        }
    }

    private void WriteHugepages(JsonSink json)
    {
        foreach ((string size, HugepageStatistics pages) in statistics.Hugepages)
        {
            json.Member(Encoding.UTF8.GetBytes(size), new JsonPart(entry =>
            {
                entry.Member("usage"u8, pages.Usage);
                entry.Member("max"u8, pages.Peak);
                entry.Member("failcnt"u8, pages.Failures ?? 0);
            }));
        }
    }

    private static void Entry(
        JsonSink json, ReadOnlySpan<byte> name, long? limit, long? usage, long? peak, long? failures) =>
        json.Member(name, new JsonPart(entry =>
        {
            entry.Member("limit"u8, limit is null ? ulong.MaxValue : (ulong)limit);
            entry.Member("usage"u8, usage ?? 0);
            entry.Member("max"u8, peak);
            entry.Member("failcnt"u8, failures ?? 0);
        }));

    private static void Pressure(JsonSink json, PressureStatistics? pressure)
    {
        if (pressure is null) return;
        json.Member("psi"u8, new JsonPart(psi =>
        {
            psi.Member("some"u8, Averages(pressure.Some));
            if (pressure.Full is { } full) psi.Member("full"u8, Averages(full));
        }));
    }

    private static JsonPart Averages(PressureAverages averages) => new(entry =>
    {
        entry.Member("avg10"u8, averages.TenSeconds);
        entry.Member("avg60"u8, averages.OneMinute);
        entry.Member("avg300"u8, averages.FiveMinutes);
        entry.Member("total"u8, averages.TotalMicroseconds);
    });
}
