using System.Globalization;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Unified;

/// <summary>
/// The resources of the runtime specification as limits of cgroup v2; devices are <see cref="UnifiedDevices"/>.
/// </summary>
internal static class UnifiedResources
{
    private const string Memory = "memory";
    private const string Cpu = "cpu";

    public static void Apply(UnifiedTree tree, OciResources resources)
    {
        Refuse(resources);
        List<string> needed = Needed(tree, resources);
        if (needed.Count > 0) tree.Enable(needed.ToArray(), required: true);
        CgroupDirectory directory = tree.Required;
        if (resources.Pids?.Limit is { } pids) SimpleLimits.SetPids(directory, pids);
        if (ResourceNeeds.Memory(resources.Memory)) SetMemory(directory, resources.Memory!);
        if (resources.BlockIo is { } io) UnifiedIo.Apply(directory, io);
        if (ResourceNeeds.Cpu(resources.Cpu)) SetCpu(directory, resources.Cpu!);
        if (!string.IsNullOrEmpty(resources.Cpu?.Cpus)) Set(directory, "cpuset", "cpuset.cpus", resources.Cpu.Cpus);
        if (!string.IsNullOrEmpty(resources.Cpu?.Mems)) Set(directory, "cpuset", "cpuset.mems", resources.Cpu.Mems);
        if (resources.HugepageLimits is { Count: > 0 } pages) SimpleLimits.SetHugepages(directory, pages);
        if (resources.Rdma is { Count: > 0 } rdma) SimpleLimits.SetRdma(directory, rdma);
        if (resources.Unified is { Count: > 0 } keys) SetKeys(directory, keys);
    }

    // What only v1 has is an error, not a limit that is silently missing.
    private static void Refuse(OciResources resources)
    {
        SimpleLimits.RequirePageSizes(resources.HugepageLimits);
        if (resources.Cpu?.RealtimeRuntime is not (null or 0) || resources.Cpu?.RealtimePeriod is not (null or 0))
        {
            throw CgroupControl.Unsupported(Cpu, "cpu.realtimeRuntime or realtimePeriod", "v2");
        }

        if (resources.Memory is { } memory)
        {
            if (memory.KernelTcp is not (null or 0)) throw CgroupControl.Unsupported(Memory, "memory.kernelTCP", "v2");
            if (memory.DisableOomKiller is true)
            {
                throw CgroupControl.Unsupported(Memory, "memory.disableOOMKiller", "v2");
            }

            if (memory.Swappiness is not (null or ulong.MaxValue))
            {
                throw CgroupControl.Unsupported(Memory, "memory.swappiness", "v2");
            }
        }

        if (resources.Network?.ClassId is not (null or 0)) throw CgroupControl.Absent("net_cls", "network.classID");
        if (resources.Network?.Priorities is { Count: > 0 })
        {
            throw CgroupControl.Absent("net_prio", "network.priorities");
        }
    }

    private static List<string> Needed(UnifiedTree tree, OciResources resources)
    {
        List<string> needed = [];
        if (resources.Pids?.Limit is not null) needed.Add("pids");
        if (ResourceNeeds.Memory(resources.Memory)) needed.Add(Memory);
        if (ResourceNeeds.Throttle(resources.BlockIo)) needed.Add("io");
        else if (ResourceNeeds.Weight(resources.BlockIo) && tree.Offers("io")) needed.Add("io");
        if (ResourceNeeds.Cpu(resources.Cpu)) needed.Add(Cpu);
        if (ResourceNeeds.Cpuset(resources.Cpu)) needed.Add("cpuset");
        if (resources.HugepageLimits is { Count: > 0 }) needed.Add("hugetlb");
        if (resources.Rdma is { Count: > 0 }) needed.Add("rdma");
        foreach (string key in resources.Unified?.Keys ?? [])
        {
            string controller = Controller(key);
            if (controller != "cgroup" && !needed.Contains(controller)) needed.Add(controller);
        }

        return needed;
    }

    private static void SetMemory(CgroupDirectory directory, OciMemory memory)
    {
        long limit = memory.Limit ?? 0;
        long? swap = CgroupConversion.SwapOnly(memory.Limit, memory.Swap);
        if (memory.CheckBeforeUpdate is true) RequireRoom(directory, limit, swap);

        // Without swap accounting there is no swap to limit: "none" and "any" are both what the container gets.
        if (swap is { } bytes && !CgroupControl.TrySet(directory, Memory, "memory.swap.max", Text(bytes)) && bytes > 0)
        {
            throw new CgroupException(
                Memory, "memory.swap.max",
                $"memory limit memory.swap.max = '{bytes}': " +
                "this kernel does not account swap (boot with swapaccount=1)");
        }

        if (limit != 0) Set(directory, Memory, "memory.max", Text(limit));
        if (memory.Reservation is { } low and not 0) Set(directory, Memory, "memory.low", Text(low));
    }

    // A v2 kernel kills to meet a limit below what is in use; v1 refused it. checkBeforeUpdate asks for the latter.
    private static void RequireRoom(CgroupDirectory directory, long limit, long? swap)
    {
        Require("memory.current", "memory.max", limit);
        if (swap is { } bytes) Require("memory.swap.current", "memory.swap.max", bytes);

        void Require(string usageFile, string file, long value)
        {
            if (value < 0 || (value == 0 && file == "memory.max")) return;
            if (directory.TryReadNumber(usageFile) is not { } usage || usage <= value) return;
            throw new CgroupException(
                Memory, file,
                $"memory limit {file} = '{value}': {usage} bytes are in use, and checkBeforeUpdate is set");
        }
    }

    private static void SetCpu(CgroupDirectory directory, OciCpu cpu)
    {
        // The weight of an idle cgroup is fixed: leave idle before setting it, become idle after.
        if (cpu.Idle is 0) Set(directory, Cpu, "cpu.idle", "0");
        if (cpu.Shares is { } shares and not 0)
        {
            Set(directory, Cpu, "cpu.weight",
                CgroupConversion.SharesToWeight(shares).ToString(CultureInfo.InvariantCulture));
        }

        if (cpu.Idle is { } idle and not 0) Set(directory, Cpu, "cpu.idle", Text(idle));

        // A burst larger than the old quota is refused until the new quota is there, a smaller one must go first.
        string? burst = cpu.Burst?.ToString(CultureInfo.InvariantCulture);
        bool bandwidth = cpu.Quota is not (null or 0) || cpu.Period is not (null or 0);
        if (burst is not null)
        {
            Errno error = directory.TryWrite("cpu.max.burst", burst);
            if (error == Errno.None) burst = null;
            else if (error != Errno.EINVAL || !bandwidth)
            {
                throw CgroupControl.Refused(directory, Cpu, "cpu.max.burst", burst, error);
            }
        }

        if (bandwidth) SetBandwidth(directory, cpu);
        if (burst is not null) Set(directory, Cpu, "cpu.max.burst", burst);
    }

    // "quota period"; a lone "quota" keeps the period, and a lone period keeps the quota that is read back first.
    private static void SetBandwidth(CgroupDirectory directory, OciCpu cpu)
    {
        string quota = cpu.Quota switch
        {
            null or 0 => (directory.TryRead("cpu.max") ?? "max").Split(' ')[0].Trim(),
            < 0 => "max",
            { } value => Text(value),
        };
        string period = cpu.Period is null or 0 ? "" : $" {cpu.Period.Value.ToString(CultureInfo.InvariantCulture)}";
        Set(directory, Cpu, "cpu.max", quota + period);
    }

    private static void SetKeys(CgroupDirectory directory, IReadOnlyDictionary<string, string> keys)
    {
        List<(string Key, string Line)> left = [];
        foreach ((string key, string value) in keys)
        {
            foreach (Range line in value.AsSpan().Split('\n'))
            {
                if (value[line].Length > 0) left.Add((key, value[line]));
            }
        }

        // Some bound each other, as cpu.max does cpu.max.burst: what is refused may be right when the others are there.
        int before = left.Count + 1;
        while (left.Count < before)
        {
            before = left.Count;
            left = left.FindAll(pair => directory.TryWrite(pair.Key, pair.Line) != Errno.None);
        }

        foreach ((string key, string line) in left) Set(directory, Controller(key), key, line);
    }

    private static string Controller(string key)
    {
        int dot = key.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || key.Contains('/', StringComparison.Ordinal) || key.Contains("..", StringComparison.Ordinal) ||
            key.Contains('\0', StringComparison.Ordinal))
        {
            throw new CgroupException(
                null, key, $"unified key '{key}' is not the name of a cgroup file (CONTROLLER.NAME, without slashes)");
        }

        return key[..dot];
    }

    private static string Text(long value) => value < 0 ? "max" : value.ToString(CultureInfo.InvariantCulture);

    private static void Set(CgroupDirectory directory, string controller, string file, string value) =>
        CgroupControl.Set(directory, controller, file, value);
}
