namespace Container.Native.Oci.Validation;

/// <summary>
/// Id maps, checked here because the kernel answers every fault of a map with EINVAL (user_namespaces(7)): at most 340
/// ranges, written at once in less than a page, none empty, overlapping or reaching the id -1. See also CVE-2021-43784,
/// where a map longer than its length field overwrote other settings.
/// </summary>
internal static class IdMapRules
{
    private const int MaximumRanges = 340;
    private const int PageSize = 4096;

    public static void Check(IReadOnlyList<OciIdMapping>? map, string path)
    {
        if (map is null) return;
        if (map.Count == 0) throw Problem.Empty(path);
        if (map.Count > MaximumRanges)
            throw Problem.At(path, $"has {map.Count} ranges, the kernel takes {MaximumRanges}");

        int length = 0;
        for (int i = 0; i < map.Count; i++)
        {
            CheckRange(map[i], Problem.Item(path, i));
            CheckOverlap(map, i, path);
            length += Digits(map[i].ContainerId) + Digits(map[i].HostId) + Digits(map[i].Size) + 3;
        }

        if (length >= PageSize) throw Problem.At(path, $"is {length} bytes as text, the kernel takes {PageSize - 1}");
    }

    private static void CheckRange(OciIdMapping range, string path)
    {
        if (range.Size == 0) throw Problem.At(path + ".size", "0 maps nothing");
        if (range.ContainerId > uint.MaxValue - range.Size)
            throw Problem.At(path, $"containerID {range.ContainerId} + size {range.Size} is beyond the last id");
        if (range.HostId > uint.MaxValue - range.Size)
            throw Problem.At(path, $"hostID {range.HostId} + size {range.Size} is beyond the last id");
    }

    private static void CheckOverlap(IReadOnlyList<OciIdMapping> map, int index, string path)
    {
        OciIdMapping range = map[index];
        for (int i = 0; i < index; i++)
        {
            OciIdMapping other = map[i];
            if (Overlap(range.ContainerId, other.ContainerId, range.Size, other.Size))
                throw Problem.At(Problem.Item(path, index), $"overlaps {Problem.Item(path, i)} inside the container");
            if (Overlap(range.HostId, other.HostId, range.Size, other.Size))
                throw Problem.At(Problem.Item(path, index), $"overlaps {Problem.Item(path, i)} on the host");
        }
    }

    private static bool Overlap(uint first, uint second, uint firstSize, uint secondSize) =>
        first < (ulong)second + secondSize && second < (ulong)first + firstSize;

    private static int Digits(uint number)
    {
        int digits = 1;
        for (; number > 9; number /= 10) digits++;
        return digits;
    }
}
