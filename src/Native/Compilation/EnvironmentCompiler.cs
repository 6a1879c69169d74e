using Container.Native.Launch;
using Container.Native.Oci;

namespace Container.Native.Compilation;

/// <summary>
/// The environment of a container's processes. What the specification leaves open is as in runc (libcontainer, env.go):
/// of equal names the last counts, and without a HOME, or with an empty one, it is what the container's own passwd(5)
/// says of the user.
/// </summary>
internal static class EnvironmentCompiler
{
    private const string Home = "HOME";

    // A home is a path; the NUL that ends it is among these.
    private const int HomeSize = 4096;

    /// <summary>Each variable once, with its last value.</summary>
    public static List<string> Distinct(IReadOnlyList<string>? variables)
    {
        List<string> distinct = new(variables?.Count ?? 0);
        HashSet<string> names = new(StringComparer.Ordinal);
        for (int i = (variables?.Count ?? 0) - 1; i >= 0; i--)
        {
            if (names.Add(EnvironmentText.Name(variables![i]))) distinct.Add(variables[i]);
        }

        distinct.Reverse();
        return distinct;
    }

    /// <summary>
    /// Adds the search for the user's home where it is needed, and returns the array for execve(2). The file is the
    /// container's, whose mounts are in place and whose root directory is <paramref name="root"/>; the rights to read it
    /// are still there.
    /// </summary>
    public static unsafe nint Add(LaunchPlan plan, OciProcess process, LaunchSlot root, LaunchOptions options)
    {
        if (options.ExactEnvironment || EnvironmentText.Find(process.Env, Home) is { Length: > 0 })
            return plan.Texts(Distinct(process.Env));
        ReadOnlySpan<byte> unknown = "HOME=/"u8;
        nint home = plan.Space(unknown.Length - 1 + HomeSize);
        unknown.CopyTo(new Span<byte>((void*)home, unknown.Length));
        plan.Add(
            OperationKind.FindHome, new LaunchStep("find-home", $"{process.User.Uid}", "/etc/passwd"),
            [root, plan.Text("/etc/passwd"), process.User.Uid, home + unknown.Length - 1, HomeSize,
                options.ForceWalk ? 1 : 0]);
        List<string> others = Distinct(process.Env);
        others.RemoveAll(static variable => EnvironmentText.Name(variable) == Home);
        return plan.Texts(others, home);
    }
}
