using System.Globalization;
using Container.Native.Cgroups.Hierarchies;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Legacy;

/// <summary>The cpu controller of cgroup v1.</summary>
internal static class LegacyCpu
{
    private const string Name = "cpu";

    public static void Apply(CgroupDirectory directory, OciCpu cpu)
    {
        SetRealtime(directory, cpu);

        // cpu.shares of an idle group is fixed: leave idle before setting it, become idle after.
        if (cpu.Idle is 0) CgroupControl.Set(directory, Name, "cpu.idle", 0);
        if (cpu.Shares is { } shares and not 0) CgroupControl.Set(directory, Name, "cpu.shares", Text(shares));
        if (cpu.Idle is { } idle and not 0) CgroupControl.Set(directory, Name, "cpu.idle", idle);
        SetBandwidth(directory, cpu);
    }

    // Before a real-time process enters: it may not while its group has no runtime. runtime may not exceed period, and
    // runtime/period not the parent's share, at any moment: a longer period is written first, a shorter one last.
    private static void SetRealtime(CgroupDirectory directory, OciCpu cpu)
    {
        const string PeriodFile = "cpu.rt_period_us";

        string? period = cpu.RealtimePeriod is null or 0 ? null : Text(cpu.RealtimePeriod.Value);
        bool shortens = period is not null && directory.TryReadNumber(PeriodFile) is { } before
            && (ulong)before > cpu.RealtimePeriod!.Value;
        if (period is not null && !shortens) CgroupControl.Set(directory, Name, PeriodFile, period);
        if (cpu.RealtimeRuntime is { } runtime and not 0)
            CgroupControl.Set(directory, Name, "cpu.rt_runtime_us", runtime);
        if (shortens) CgroupControl.Set(directory, Name, PeriodFile, period!);
    }

    // quota/period may not exceed the parent's share and burst may not exceed quota at any moment: a value that is
    // refused first may be right once the quota has changed.
    private static void SetBandwidth(CgroupDirectory directory, OciCpu cpu)
    {
        string? period = cpu.Period is null or 0 ? null : Text(cpu.Period.Value);
        string? burst = cpu.Burst is null ? null : Text(cpu.Burst.Value);
        bool quota = cpu.Quota is not (null or 0);
        if (period is not null && Early(directory, "cpu.cfs_period_us", period, quota)) period = null;
        if (burst is not null && Early(directory, "cpu.cfs_burst_us", burst, quota)) burst = null;
        if (!quota) return;
        CgroupControl.Set(directory, Name, "cpu.cfs_quota_us", Math.Max(cpu.Quota!.Value, -1));
        if (period is not null) CgroupControl.Set(directory, Name, "cpu.cfs_period_us", period);
        if (burst is not null) CgroupControl.Set(directory, Name, "cpu.cfs_burst_us", burst);
    }

    private static bool Early(CgroupDirectory directory, string file, string value, bool again)
    {
        Errno error = directory.TryWrite(file, value);
        if (error == Errno.None) return true;
        if (error == Errno.EINVAL && again) return false;
        throw CgroupControl.Refused(directory, Name, file, value, error);
    }

    private static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}
