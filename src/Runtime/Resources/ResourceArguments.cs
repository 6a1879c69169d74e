using System.Globalization;
using Container.Native.Json;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Oci.Validation;
using Container.Runtime.Arguments;
using Container.Runtime.Messages;

namespace Container.Runtime.Resources;

/// <summary>The limits that the command line of <c>update</c> asks for, or the document it names.</summary>
internal static class ResourceArguments
{
    /// <summary>The options of runc; <c>cpu-shares</c> is what other tools call its <c>cpu-share</c>.</summary>
    public static Option[] Known =>
    [
        new("resources", "file with the limits in JSON, - for standard input", 'r', "FILE"),
        new("blkio-weight", "share of block I/O, 10 to 1000", Value: "N"),
        new("cpu-period", "microseconds of the period of --cpu-quota", Value: "N"),
        new("cpu-quota", "microseconds of processor time in a period, -1 is no limit", Value: "N"),
        new("cpu-burst", "microseconds beyond the quota that may be saved up", Value: "N"),
        new("cpu-share", "share of processor time, 2 to 262144", Value: "N"),
        new("cpu-shares", "the same", Value: "N"),
        new("cpu-rt-period", "microseconds of the period of --cpu-rt-runtime", Value: "N"),
        new("cpu-rt-runtime", "microseconds of real-time scheduling in a period", Value: "N"),
        new("cpu-idle", "1 runs the container only when nothing else does", Value: "N"),
        new("cpuset-cpus", "processors, such as 0-3,7", Value: "LIST"),
        new("cpuset-mems", "memory nodes, such as 0-1", Value: "LIST"),
        new("kernel-memory", "obsolete, ignored", Value: "SIZE"),
        new("kernel-memory-tcp", "obsolete, ignored", Value: "SIZE"),
        new("memory", "limit of memory, -1 is none", Value: "SIZE"),
        new("memory-reservation", "what memory is taken down to when the host has too little", Value: "SIZE"),
        new("memory-swap", "limit of memory and swap together, -1 is none", Value: "SIZE"),
        new("pids-limit", "limit of processes and threads, -1 is none", Value: "N"),
        new("l3-cache-schema", "schema of Intel RDT for the L3 cache", Value: "TEXT"),
        new("mem-bw-schema", "schema of Intel RDT for memory bandwidth", Value: "TEXT"),
    ];

    /// <summary>What is asked for.</summary>
    public static OciResources Read(ParsedArguments arguments)
    {
        string? file = arguments.Value("resources");
        OciResources resources = string.IsNullOrEmpty(file) ? FromOptions(arguments) : FromFile(arguments, file);
        return Normalize(resources);
    }

    private static OciResources FromFile(ParsedArguments arguments, string file)
    {
        foreach (Option option in Known)
        {
            if (option.Name != "resources" && arguments.Value(option.Name) is not null)
                throw new UsageException($"--resources and --{option.Name} exclude each other");
        }

        try
        {
            return OciDocument.ReadResources(CallerFile.Read(file));
        }
        catch (DocumentException failure)
        {
            throw new RuntimeException($"{(file == "-" ? "standard input" : file)}: {failure.Message}");
        }
    }

    private static OciResources FromOptions(ParsedArguments arguments)
    {
        OciResources resources = new()
        {
            Memory = new OciMemory
            {
                Limit = Size(arguments, "memory"),
                Reservation = Size(arguments, "memory-reservation"),
                Swap = Size(arguments, "memory-swap"),
            },
            Cpu = new OciCpu
            {
                Shares = Unsigned(arguments, "cpu-share") ?? Unsigned(arguments, "cpu-shares"),
                Quota = Signed(arguments, "cpu-quota"),
                Burst = Unsigned(arguments, "cpu-burst"),
                Period = Unsigned(arguments, "cpu-period"),
                RealtimeRuntime = Signed(arguments, "cpu-rt-runtime"),
                RealtimePeriod = Unsigned(arguments, "cpu-rt-period"),
                Cpus = arguments.Value("cpuset-cpus"),
                Mems = arguments.Value("cpuset-mems"),
                Idle = Signed(arguments, "cpu-idle"),
            },
            Pids = new OciPids { Limit = Signed(arguments, "pids-limit") },
            BlockIo = new OciBlockIo { Weight = Weight(arguments) },
        };
        ResourceRules.Check(resources, "");
        return resources;
    }

    /// <summary>
    /// Engines written in Go send 0 for what they do not change, and access to devices that only a new container can be
    /// given: runc leaves both, as an engine may have granted access meanwhile.
    /// </summary>
    private static OciResources Normalize(OciResources resources) => resources with
    {
        Devices = null,
        Memory = resources.Memory is not { } memory ? null : memory with
        {
            Limit = Given(memory.Limit),
            Reservation = Given(memory.Reservation),
            Swap = Given(memory.Swap),
            Kernel = null,
            KernelTcp = null,
        },
        Cpu = resources.Cpu is not { } cpu ? null : cpu with
        {
            Shares = Given(cpu.Shares),
            Quota = Given(cpu.Quota),
            Period = Given(cpu.Period),
            RealtimeRuntime = Given(cpu.RealtimeRuntime),
            RealtimePeriod = Given(cpu.RealtimePeriod),
            Cpus = string.IsNullOrEmpty(cpu.Cpus) ? null : cpu.Cpus,
            Mems = string.IsNullOrEmpty(cpu.Mems) ? null : cpu.Mems,
        },
        Pids = Given(resources.Pids?.Limit) is { } limit ? new OciPids { Limit = limit } : null,
    };

    private static long? Given(long? value) => value is 0 ? null : value;

    private static ulong? Given(ulong? value) => value is 0 ? null : value;

    private static long? Size(ParsedArguments arguments, string name) =>
        arguments.Value(name) is { Length: > 0 } text ? ByteSize.Parse(name, text) : null;

    private static ushort? Weight(ParsedArguments arguments)
    {
        int weight = arguments.Number("blkio-weight", 0, 0, 1000);
        return weight is 0 or >= 10
            ? (ushort)weight
            : throw new UsageException($"--blkio-weight: '{weight}' is not a number from 10 to 1000");
    }

    private static long? Signed(ParsedArguments arguments, string name)
    {
        if (arguments.Value(name) is not { Length: > 0 } text) return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new UsageException($"--{name}: '{text}' is not a number");
    }

    private static ulong? Unsigned(ParsedArguments arguments, string name)
    {
        if (arguments.Value(name) is not { Length: > 0 } text) return null;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : throw new UsageException($"--{name}: '{text}' is not a number");
    }
}
