using Container.Native.Cgroups.Hierarchies;
using Container.Native.Files;
using Container.Native.Syscalls;
using Container.Native.Trust;
using Container.Runtime.Arguments;
using Container.Runtime.Messages;

namespace Container.Runtime.State;

/// <summary>The containers below --root.</summary>
internal static class ContainerList
{
    /// <summary>Their ids in order; a directory without a state is none.</summary>
    public static List<string> Find(GlobalOptions global)
    {
        List<string> ids = [];
        try
        {
            using RootDirectory root = RootDirectory.Open(global.Root);
            foreach (RootEntry entry in root.Enumerate("."))
            {
                if (ContainerId.IsValid(entry.Name) && FileCalls.Exists($"{global.Root}/{entry.Name}/state.json"))
                    ids.Add(entry.Name);
            }
        }
        catch (SystemCallException failure) when (failure.Errno == Errno.ENOENT && !global.HasRoot)
        {
            // Nobody has made a container yet.
            return ids;
        }

        ids.Sort(StringComparer.Ordinal);
        return ids;
    }

    /// <summary>The one <paramref name="name"/> is the id of or, as crun has it, all that it is a pattern of.</summary>
    public static List<string> Select(GlobalOptions global, ParsedArguments arguments, string name)
    {
        if (!arguments.Flag("regex")) return [name];
        try
        {
            using Pattern pattern = new(name);
            return Find(global).FindAll(pattern.IsIn);
        }
        catch (FormatException failure)
        {
            throw new UsageException($"--regex: '{name}': {failure.Message}");
        }
    }

    /// <summary>Does something to each; where it fails for one, the others have their turn before that is told.</summary>
    public static void ForEach(List<string> ids, Log log, Action<string> action)
    {
        if (ids.Count == 1)
        {
            action(ids[0]);
            return;
        }

        int failed = 0;
        foreach (string id in ids)
        {
            try
            {
                action(id);
            }
            catch (Exception failure) when (failure is RuntimeException or SystemCallException or CgroupException
                or UntrustedPathException)
            {
                log.Error(failure.Message);
                failed++;
            }
        }

        if (failed > 0) throw new RuntimeException($"{failed} of {ids.Count} containers failed");
    }
}
