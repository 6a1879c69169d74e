using System.Buffers;
using System.Globalization;
using System.Text;
using Container.Native.Oci;

namespace Container.Native.Cgroups.Hierarchies;

/// <summary>Controllers whose files differ between v1 and v2 in name only: pids, hugetlb, rdma.</summary>
internal static class SimpleLimits
{
    private static readonly SearchValues<char> PageSizeCharacters = SearchValues.Create("0123456789KMGB");

    public static void SetPids(CgroupDirectory directory, long limit)
    {
        // 0 is a limit, "no process more": nothing could be cloned into such a cgroup, so it is written as the one
        // process that the container is; runc does the same.
        string value = limit < 0 ? "max" : Math.Max(limit, 1).ToString(CultureInfo.InvariantCulture);
        CgroupControl.Set(directory, "pids", "pids.max", value);
    }

    /// <summary>Page sizes become parts of file names: refuses what is none before anything is changed.</summary>
    public static void RequirePageSizes(IReadOnlyList<OciHugepageLimit>? limits)
    {
        foreach (OciHugepageLimit limit in limits ?? [])
        {
            string size = limit.PageSize;
            if (size.Length == 0 || size.AsSpan().ContainsAnyExcept(PageSizeCharacters))
            {
                throw new CgroupException("hugetlb", null, $"hugepageLimits: '{size}' is not a page size such as 2MB");
            }
        }
    }

    public static void SetHugepages(CgroupDirectory directory, IReadOnlyList<OciHugepageLimit> limits)
    {
        string suffix = directory.Unified ? "max" : "limit_in_bytes";
        for (int i = 0; i < limits.Count; i++)
        {
            string size = limits[i].PageSize;
            // Usage and, where the kernel has it (5.7), reservation: a reserved page cannot fail later by SIGBUS.
            string value = limits[i].Limit.ToString(CultureInfo.InvariantCulture);
            CgroupControl.Set(directory, "hugetlb", $"hugetlb.{size}.{suffix}", value);
            _ = CgroupControl.TrySet(directory, "hugetlb", $"hugetlb.{size}.rsvd.{suffix}", value);
        }
    }

    public static void SetRdma(CgroupDirectory directory, IReadOnlyDictionary<string, OciRdma> devices)
    {
        foreach ((string device, OciRdma limit) in devices)
        {
            StringBuilder line = new(device);
            if (limit.HcaHandles is { } handles) line.Append(CultureInfo.InvariantCulture, $" hca_handle={handles}");
            if (limit.HcaObjects is { } objects) line.Append(CultureInfo.InvariantCulture, $" hca_object={objects}");
            CgroupControl.Set(directory, "rdma", "rdma.max", line.ToString());
        }
    }
}
