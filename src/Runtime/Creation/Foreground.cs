using Container.Native.Launch;
using Container.Native.Processes;

namespace Container.Runtime.Creation;

/// <summary>Stays with a process until it ends.</summary>
internal static class Foreground
{
    public static ExitStatus Wait(LaunchedProcess process, bool servesTerminal) => ChildProcess.Wait(process.PidFd);
}
