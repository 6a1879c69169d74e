using Container.Native.Compilation;
using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Programs;
using Container.Native.Security;
using Container.Native.Syscalls;

namespace Container.Native.Hooks;

/// <summary>
/// Runs hooks as processes of a container, with the ids, capabilities, limits and filter of its own program: what
/// stands at a startContainer hook's path is the image's.
/// </summary>
/// <param name="spec">The container's document.</param>
/// <param name="init">The container's first process.</param>
/// <param name="options">The options of the launches.</param>
internal sealed class ContainerProgram(OciSpec spec, FileDescriptor init, LaunchOptions options) : IHookProgram
{
    /// <inheritdoc/>
    public ProgramResult Run(OciHook hook, OciState state)
    {
        // Without one of its own it has the environment of the program, as in runc and crun.
        bool hasEnvironment = hook.Env is { Count: > 0 };
        OciProcess process = spec.Process! with
        {
            Terminal = false,
            ConsoleSize = null,
            Args = hook.Args is { Count: > 0 } given ? given : [hook.Path],
            Env = hasEnvironment ? hook.Env : spec.Process!.Env,
        };
        using ProgramStreams streams = new(OciDocument.Write(state));
        LaunchOptions own = options with
        {
            Executable = hook.Path,
            StandardStreams = streams.Numbers,
            HideExecutable = SelfExecutable.MustBeHidden(spec, process),
            ExactEnvironment = hasEnvironment,
        };
        using LaunchedProcess launched = ContainerLauncher.Launch(spec, process, init, own);
        return streams.Finish(launched, hook.Timeout);
    }
}
