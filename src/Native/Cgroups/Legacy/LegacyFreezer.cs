using Container.Native.Cgroups.Hierarchies;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Legacy;

/// <summary>The freezer controller of cgroup v1.</summary>
internal static class LegacyFreezer
{
    private const string File = "freezer.state";
    private const int Attempts = 1000;

    public static bool IsFrozen(CgroupDirectory directory) => Is(directory, "FROZEN") || Is(directory, "FREEZING");

    // A task that is just being made can miss the freeze, so the state stays FREEZING: writing again catches it, and
    // now and then thawing first lets a stuck one come by (as runc found, kernel commit 0beddabd8d0f).
    public static void Freeze(CgroupDirectory directory)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (attempt % 50 == 49)
            {
                directory.Write(File, "THAWED");
                Waiting.Sleep(10_000);
            }

            directory.Write(File, "FROZEN");
            if (attempt % 25 == 24) Waiting.Sleep(1000);
            if (Is(directory, "FROZEN")) return;
        }

        directory.Write(File, "THAWED");
        throw new CgroupException(
            "freezer", File, $"'{directory.Path}' did not freeze: a task is in uninterruptible sleep");
    }

    public static void Thaw(CgroupDirectory directory)
    {
        directory.Write(File, "THAWED");
        if (!Is(directory, "THAWED"))
        {
            throw new CgroupException("freezer", File, $"'{directory.Path}' stays frozen: an ancestor is frozen");
        }
    }

    private static bool Is(CgroupDirectory directory, string state) =>
        (directory.TryRead(File) ?? "").AsSpan().Trim().SequenceEqual(state);
}
