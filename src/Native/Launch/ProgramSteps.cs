using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>Steps that the plan of any program has, in a container or on the host.</summary>
internal static class ProgramSteps
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const uint CLOSE_RANGE_CLOEXEC = 4;

    /// <summary>Root of the new user namespace, so that what is made from now on belongs to it.</summary>
    public static void BecomeRoot(LaunchPlan plan)
    {
        // EINVAL: the container maps no id 0, and goes on as the overflow id with the namespace's capabilities.
        plan.Call(
            SystemCallNumber.setresgid, new LaunchStep("setresgid", "0", null), [0, 0, 0], tolerated: Errno.EINVAL);
        plan.Call(
            SystemCallNumber.setresuid, new LaunchStep("setresuid", "0", null), [0, 0, 0], tolerated: Errno.EINVAL);
    }

    /// <summary>Finds the file of a program as execvp(3) does.</summary>
    public static void FindExecutable(LaunchPlan plan, string file, IReadOnlyList<string>? environment)
    {
        List<nint> candidates = [];
        if (file.Contains('/', StringComparison.Ordinal))
        {
            candidates.Add(plan.Text(file));
        }
        else
        {
            foreach (string directory in (EnvironmentText.Find(environment, "PATH") ?? DefaultPath).Split(':'))
            {
                candidates.Add(plan.Text(directory.Length == 0 ? file : $"{directory}/{file}"));
            }
        }

        plan.Add(
            OperationKind.FindExecutable, new LaunchStep("find", file, null),
            [plan.Data<nint>(candidates.ToArray()), candidates.Count]);
    }

    /// <summary>Leaves a program the standard streams and the descriptors after them that it is to have.</summary>
    public static void CloseDescriptors(LaunchPlan plan, int preserve)
    {
        for (int i = 0; i < preserve; i++)
        {
            plan.Call(SystemCallNumber.fcntl, new LaunchStep("fcntl", $"{3 + i}", "keep"), [3 + i, FileCalls.F_SETFD, 0]);
        }

        // All are close-on-exec already; this is for those that a caller handed down to us by mistake
        // (CVE-2024-21626). ENOSYS: before Linux 5.9.
        plan.Call(
            SystemCallNumber.close_range, new LaunchStep("close_range", $"{3 + preserve}-", null),
            [3 + preserve, unchecked((nint)uint.MaxValue), CLOSE_RANGE_CLOEXEC], tolerated: Errno.ENOSYS);
    }
}
