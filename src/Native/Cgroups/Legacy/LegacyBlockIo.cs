using System.Globalization;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;

namespace Container.Native.Cgroups.Legacy;

/// <summary>The blkio controller of cgroup v1.</summary>
internal static class LegacyBlockIo
{
    private const string Name = "blkio";

    public static void Apply(CgroupDirectory directory, OciBlockIo io)
    {
        SetWeights(directory, io);
        Throttle(directory, "blkio.throttle.read_bps_device", io.ThrottleReadBpsDevice);
        Throttle(directory, "blkio.throttle.write_bps_device", io.ThrottleWriteBpsDevice);
        Throttle(directory, "blkio.throttle.read_iops_device", io.ThrottleReadIopsDevice);
        Throttle(directory, "blkio.throttle.write_iops_device", io.ThrottleWriteIopsDevice);
    }

    // A weight is a hint to a scheduler that may not be there: CFQ went with Linux 5.0 and its files with it, BFQ is a
    // module. Where no file takes it, it is left, as runc leaves it.
    private static void SetWeights(CgroupDirectory directory, OciBlockIo io)
    {
        if (!ResourceNeeds.Weight(io)) return;
        string weight = directory.Exists("blkio.weight") ? "blkio.weight" : "blkio.bfq.weight";
        string perDevice = weight + "_device";
        if (io.Weight is { } all and not 0) Set(directory, weight, Text(all));
        if (io.LeafWeight is { } leaf and not 0) Set(directory, "blkio.leaf_weight", Text(leaf));
        foreach (OciWeightDevice device in io.WeightDevice ?? [])
        {
            string number = $"{device.Major}:{device.Minor}";
            if (device.Weight is { } own and not 0) Set(directory, perDevice, $"{number} {own}");
            if (device.LeafWeight is not { } below || below == 0) continue;
            Set(directory, "blkio.leaf_weight_device", $"{number} {below}");
        }
    }

    private static void Set(CgroupDirectory directory, string file, string value) =>
        _ = CgroupControl.TrySet(directory, Name, file, value);

    private static void Throttle(CgroupDirectory directory, string file, IReadOnlyList<OciThrottleDevice>? devices)
    {
        foreach (OciThrottleDevice device in devices ?? [])
        {
            CgroupControl.Set(directory, Name, file, $"{device.Major}:{device.Minor} {device.Rate}");
        }
    }

    private static string Text(ushort value) => value.ToString(CultureInfo.InvariantCulture);
}
