using Container.Native.Processes;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>
/// The root of a container that shares its mount namespace: no namespace leads there, only its processes have it.
/// </summary>
internal static class ContainerRoot
{
    /// <summary>The root directory of the container's first process.</summary>
    public static FileDescriptor Open(FileDescriptor init)
    {
        FileDescriptor root = FileCalls.Open($"/proc/{ChildProcess.FindPid(init)}/root", FileCalls.O_PATH | FileCalls.O_DIRECTORY);

        // The id was the process' own as long as it is there now.
        if (ChildProcess.Signal(init, 0)) return root;
        root.Dispose();
        throw new SystemCallException("open", "the container's root", Errno.ESRCH);
    }
}
