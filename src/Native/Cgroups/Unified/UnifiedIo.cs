using System.Globalization;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;

namespace Container.Native.Cgroups.Unified;

/// <summary>The io controller of cgroup v2.</summary>
internal static class UnifiedIo
{
    private const string Name = "io";

    public static void Apply(CgroupDirectory directory, OciBlockIo io)
    {
        if (ResourceNeeds.Weight(io)) SetWeights(directory, io);
        Throttle(directory, "rbps", io.ThrottleReadBpsDevice);
        Throttle(directory, "wbps", io.ThrottleWriteBpsDevice);
        Throttle(directory, "riops", io.ThrottleReadIopsDevice);
        Throttle(directory, "wiops", io.ThrottleWriteIopsDevice);
    }

    // A weight is a hint to BFQ or to the io.cost model, whichever the kernel has; without either it is left, as in v1.
    // Leaf weights went with CFQ.
    private static void SetWeights(CgroupDirectory directory, OciBlockIo io)
    {
        bool bfq = directory.Exists("io.bfq.weight");
        string file = bfq ? "io.bfq.weight" : "io.weight";
        if (io.Weight is { } weight and not 0) Set(directory, file, Text(weight, bfq));
        foreach (OciWeightDevice device in io.WeightDevice ?? [])
        {
            if (device.Weight is { } own and not 0)
            {
                Set(directory, file, $"{device.Major}:{device.Minor} {Text(own, bfq)}");
            }
        }
    }

    private static string Text(ushort weight, bool bfq) =>
        (bfq ? weight : CgroupConversion.BlockWeightToIoWeight(weight)).ToString(CultureInfo.InvariantCulture);

    private static void Set(CgroupDirectory directory, string file, string value) =>
        _ = CgroupControl.TrySet(directory, Name, file, value);

    private static void Throttle(CgroupDirectory directory, string key, IReadOnlyList<OciThrottleDevice>? devices)
    {
        foreach (OciThrottleDevice device in devices ?? [])
        {
            // v1's 0 removes the limit; in v2 that is "max".
            string rate = device.Rate == 0 ? "max" : device.Rate.ToString(CultureInfo.InvariantCulture);
            CgroupControl.Set(directory, Name, "io.max", $"{device.Major}:{device.Minor} {key}={rate}");
        }
    }
}
