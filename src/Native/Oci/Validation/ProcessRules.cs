namespace Container.Native.Oci.Validation;

/// <summary>What a process must say, in config.json and in the process.json of exec.</summary>
internal static class ProcessRules
{
    // setgroups(2) takes no more than this.
    private const int MaximumGroups = 65536;

    /// <summary>Checks a process whose members' paths begin with <paramref name="prefix"/>.</summary>
    public static void Check(OciProcess process, string prefix)
    {
        if (process.Args is null) throw Problem.Missing(prefix + "args");
        if (process.Args.Count == 0) throw Problem.Empty(prefix + "args");
        if (process.Args[0].Length == 0) throw Problem.Empty(prefix + "args[0]");
        Problem.RequireAbsolute(process.Cwd, prefix + "cwd");
        CheckEnvironment(process.Env, prefix + "env");
        CheckUser(process.User, prefix + "user");
        CheckRlimits(process.Rlimits, prefix + "rlimits");
        Problem.RequireRange(process.OomScoreAdj, -1000, 1000, prefix + "oomScoreAdj");
        Problem.RequireRange(process.ConsoleSize?.Height, 0, ushort.MaxValue, prefix + "consoleSize.height");
        Problem.RequireRange(process.ConsoleSize?.Width, 0, ushort.MaxValue, prefix + "consoleSize.width");
        if (process.Scheduler is not null)
        {
            string path = prefix + "scheduler";
            Problem.RequireKnown(process.Scheduler.Policy, path + ".policy", OciNames.SchedulerPolicies);
            Problem.RequireKnown(process.Scheduler.Flags, path + ".flags", OciNames.SchedulerFlags);
            Problem.RequireRange(process.Scheduler.Nice, -20, 19, path + ".nice");
            Problem.RequireRange(process.Scheduler.Priority, 0, 99, path + ".priority");
        }

        if (process.IoPriority is not null)
        {
            Problem.RequireKnown(process.IoPriority.Class, prefix + "ioPriority.class", OciNames.IoPriorityClasses);
            Problem.RequireRange(process.IoPriority.Priority, 0, 7, prefix + "ioPriority.priority");
        }

        NumberList.Check(process.ExecCpuAffinity?.Initial, prefix + "execCPUAffinity.initial");
        NumberList.Check(process.ExecCpuAffinity?.Final, prefix + "execCPUAffinity.final");
    }

    /// <summary>Each variable must be <c>NAME=value</c>.</summary>
    public static void CheckEnvironment(IReadOnlyList<string>? variables, string path)
    {
        for (int i = 0; i < (variables?.Count ?? 0); i++)
        {
            string variable = variables![i];
            int name = variable.IndexOf('=');
            if (name < 0) throw Problem.At(Problem.Item(path, i), $"'{variable}' has no '='");
            if (name == 0) throw Problem.At(Problem.Item(path, i), $"'{variable}' has no name");
        }
    }

    private static void CheckUser(OciUser user, string path)
    {
        CheckId(user.Uid, path + ".uid");
        CheckId(user.Gid, path + ".gid");
        if (user.Umask > 0x1FF) throw Problem.At(path + ".umask", $"{user.Umask} is more than 511 (octal 777)");
        if (user.AdditionalGids?.Count > MaximumGroups)
            throw Problem.At(path + ".additionalGids", $"has more than {MaximumGroups} groups");
        for (int i = 0; i < (user.AdditionalGids?.Count ?? 0); i++)
        {
            CheckId(user.AdditionalGids![i], Problem.Item(path + ".additionalGids", i));
        }
    }

    // -1 means "leave it" to setresuid(2): the process would keep the ids of the runtime.
    private static void CheckId(uint id, string path)
    {
        if (id == uint.MaxValue) throw Problem.At(path, $"{id} is not a valid id");
    }

    private static void CheckRlimits(IReadOnlyList<OciRlimit>? limits, string list)
    {
        for (int i = 0; i < (limits?.Count ?? 0); i++)
        {
            OciRlimit limit = limits![i];
            string path = Problem.Item(list, i);
            Problem.RequireKnown(limit.Type, path + ".type", OciNames.Rlimits);
            if (limit.Soft > limit.Hard)
                throw Problem.At(path + ".soft", $"{limit.Soft} is more than the hard limit {limit.Hard}");
            for (int earlier = 0; earlier < i; earlier++)
            {
                if (limits[earlier].Type == limit.Type)
                    throw Problem.At(path + ".type", $"'{limit.Type}' is listed twice");
            }
        }
    }
}
