using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Programs;

namespace Container.Native.Hooks;

/// <summary>
/// Runs hooks (runtime-spec, config.md, "POSIX-platform Hooks"): with the container's state on standard input, and
/// what they print kept for the message of a failure.
/// </summary>
/// <param name="program">Where they run: in the runtime's namespaces or the container's.</param>
internal sealed class HookRunner(IHookProgram program)
{
    private const int MaximumOutput = 2000;
    private const int BadSystemCall = 31;

    /// <summary>Runs <paramref name="hooks"/> in order and stops at the first that fails.</summary>
    /// <param name="name">The list's name in config.json.</param>
    /// <param name="hooks">The hooks, or null.</param>
    /// <param name="state">What they are to know.</param>
    /// <exception cref="HookException">A hook failed.</exception>
    public void Run(string name, IReadOnlyList<OciHook>? hooks, OciState state)
    {
        for (int i = 0; i < (hooks?.Count ?? 0); i++)
            Run($"error running {name} hook #{i}: '{hooks![i].Path}'", hooks[i], state);
    }

    private void Run(string name, OciHook hook, OciState state)
    {
        ProgramResult result;
        try
        {
            result = program.Run(hook, state);
        }
        catch (LaunchException failure)
        {
            throw new HookException($"{name}: {failure.Message}", failure);
        }

        if (result.Status is not { } status)
            throw new HookException($"{name}: still running after {hook.Timeout} s");
        if (status.Code == 0) return;
        string ending = status.Signal switch
        {
            0 => $"exit code {status.Code}",
            BadSystemCall => "bad system call: the container's filter forbids it",
            int signal => $"ended by signal {signal}",
        };
        throw new HookException($"{name}: {ending}{Describe(result.Output)}");
    }

    private static string Describe(string output)
    {
        string text = output.AsSpan(0, Math.Min(output.Length, MaximumOutput)).Trim().ToString();
        return text.Length == 0 ? "" : ": " + text.ReplaceLineEndings("; ");
    }
}
