using Container.Native.Json;

namespace Container.Native.Oci.Validation;

/// <summary>What the limits of a cgroup must say (config-linux.md, "Control groups").</summary>
internal static class ResourceRules
{
    /// <summary>Checks limits whose members' paths begin with <paramref name="prefix"/>.</summary>
    public static void Check(OciResources resources, string prefix)
    {
        CheckDevices(resources.Devices, prefix + "devices");
        if (resources.Memory is not null) CheckMemory(resources.Memory, prefix + "memory.");
        if (resources.Cpu is not null) CheckCpu(resources.Cpu, prefix + "cpu.");
        Problem.RequireRange(resources.Pids?.Limit, -1, long.MaxValue, prefix + "pids.limit");
        if (resources.BlockIo is not null) CheckBlockIo(resources.BlockIo, prefix + "blockIO.");
        for (int i = 0; i < (resources.HugepageLimits?.Count ?? 0); i++)
        {
            string path = Problem.Item(prefix + "hugepageLimits", i) + ".pageSize";
            Problem.RequireText(resources.HugepageLimits![i].PageSize, path);
            if (!IsPageSize(resources.HugepageLimits[i].PageSize))
                throw Problem.At(path, $"'{resources.HugepageLimits[i].PageSize}' is not a size such as '2MB'");
        }

        for (int i = 0; i < (resources.Network?.Priorities?.Count ?? 0); i++)
        {
            Problem.RequireText(
                resources.Network!.Priorities![i].Name, Problem.Item(prefix + "network.priorities", i) + ".name");
        }

        CheckUnified(resources.Unified, prefix + "unified");
    }

    private static void CheckDevices(IReadOnlyList<OciDeviceCgroup>? rules, string list)
    {
        for (int i = 0; i < (rules?.Count ?? 0); i++)
        {
            OciDeviceCgroup rule = rules![i];
            string path = Problem.Item(list, i);
            if (rule.Type is not (null or "a" or "b" or "c"))
                throw Problem.At(path + ".type", $"'{rule.Type}' is not a, b or c");
            // What takes away may say "a", as runc lets it: there is no more than all to take.
            if (rule.Access.AsSpan().IndexOfAnyExcept(rule.Allow ? "rwm" : "rwma") >= 0)
                throw Problem.At(path + ".access", $"'{rule.Access}' is not made of r, w and m");
            Problem.RequireRange(rule.Major, -1, uint.MaxValue, path + ".major");
            Problem.RequireRange(rule.Minor, -1, uint.MaxValue, path + ".minor");
        }
    }

    private static void CheckMemory(OciMemory memory, string prefix)
    {
        Problem.RequireRange(memory.Limit, -1, long.MaxValue, prefix + "limit");
        Problem.RequireRange(memory.Reservation, -1, long.MaxValue, prefix + "reservation");
        Problem.RequireRange(memory.Swap, -1, long.MaxValue, prefix + "swap");
        Problem.RequireRange(memory.Kernel, -1, long.MaxValue, prefix + "kernel");
        Problem.RequireRange(memory.KernelTcp, -1, long.MaxValue, prefix + "kernelTCP");

        // The limit counts memory and swap together, so it cannot be less than memory alone; 0 and -1 are no limits.
        if (memory is { Limit: > 0, Swap: > 0 } && memory.Swap < memory.Limit)
            throw Problem.At(prefix + "swap", $"{memory.Swap} is less than the memory limit {memory.Limit}");
        if (memory.Swappiness > 100) throw Problem.At(prefix + "swappiness", $"{memory.Swappiness} is more than 100");
    }

    private static void CheckCpu(OciCpu cpu, string prefix)
    {
        Problem.RequireRange(cpu.Quota, -1, long.MaxValue, prefix + "quota");
        Problem.RequireRange(cpu.RealtimeRuntime, -1, long.MaxValue, prefix + "realtimeRuntime");
        Problem.RequireRange(cpu.Idle, 0, 1, prefix + "idle");
        NumberList.Check(cpu.Cpus, prefix + "cpus");
        NumberList.Check(cpu.Mems, prefix + "mems");
    }

    private static void CheckBlockIo(OciBlockIo io, string prefix)
    {
        CheckWeight(io.Weight, prefix + "weight");
        CheckWeight(io.LeafWeight, prefix + "leafWeight");
        for (int i = 0; i < (io.WeightDevice?.Count ?? 0); i++)
        {
            CheckWeight(io.WeightDevice![i].Weight, Problem.Item(prefix + "weightDevice", i) + ".weight");
            CheckWeight(io.WeightDevice[i].LeafWeight, Problem.Item(prefix + "weightDevice", i) + ".leafWeight");
        }
    }

    // 0 is what Go programs write for "not set".
    private static void CheckWeight(ushort? weight, string path)
    {
        if (weight is not (null or 0)) Problem.RequireRange(weight, 10, 1000, path);
    }

    // The names are files below the container's cgroup: none may lead out of it.
    private static void CheckUnified(IReadOnlyDictionary<string, string>? files, string path)
    {
        if (files is null) return;
        foreach ((string name, string _) in files)
        {
            if (name.Contains('/') || name.IndexOf('.') <= 0)
                throw Problem.At(path + JsonLocation.Member(name), "not the name of a cgroup file");
        }
    }

    private static bool IsPageSize(string text)
    {
        ReadOnlySpan<char> number = text.AsSpan().TrimEnd('B');
        return text.EndsWith('B') && number.Length > 1 && number[^1] is 'K' or 'M' or 'G' &&
            number[..^1].IndexOfAnyExceptInRange('0', '9') < 0;
    }
}
