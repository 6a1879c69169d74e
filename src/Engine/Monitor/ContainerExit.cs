using Container.Native.Monitor;

namespace Container.Engine.Monitor;

/// <summary>How a container or a process in it ended.</summary>
/// <param name="ExitCode">The exit code, 128 + signal for a signal.</param>
/// <param name="Signal">The signal that ended it, or null.</param>
/// <param name="OutOfMemory">The kernel killed a process of the container for want of memory.</param>
public sealed record ContainerExit(int ExitCode, int? Signal, bool OutOfMemory)
{
    internal static ContainerExit Of(MonitorMessage message) => new(
        message.ExitCode ?? 0, message.Signal is > 0 ? message.Signal : null, message.OutOfMemory ?? false);
}
