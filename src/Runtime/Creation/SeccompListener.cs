using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Oci.Validation;
using Container.Native.Syscalls;
using Container.Runtime.Messages;

namespace Container.Runtime.Creation;

/// <summary>
/// Who answers the system calls of SCMP_ACT_NOTIFY: gets the descriptor and the state of the process, over the stream
/// socket at <c>listenerPath</c> (runtime-spec, config-linux.md, "The Container Process State").
/// </summary>
internal static class SeccompListener
{
    // seccompFdName of specs-go.
    private const string DescriptorName = "seccompFd";

    /// <summary>For the launch of a container or a process; null where the filter has no listener.</summary>
    /// <param name="seccomp">The filter.</param>
    /// <param name="describe">The container's state at that moment.</param>
    public static Action<LaunchedProcess, FileDescriptor>? For(OciSeccomp? seccomp, Func<OciState> describe)
    {
        if (seccomp?.ListenerPath is null) return null;
        return (process, listener) => Send(seccomp, listener, process.Pid, describe());
    }

    /// <summary>Sends the descriptor of the process <paramref name="pid"/>.</summary>
    public static void Send(OciSeccomp seccomp, FileDescriptor listener, int pid, OciState state)
    {
        OciProcessState message = new()
        {
            OciVersion = OciNames.VersionMax,
            Fds = [DescriptorName],
            Pid = pid,
            Metadata = seccomp.ListenerMetadata,
            State = state,
        };
        using DescriptorReceiver receiver = Connect(seccomp.ListenerPath!);
        receiver.Send(listener, OciDocument.Write(message));
    }

    private static DescriptorReceiver Connect(string path)
    {
        try
        {
            return DescriptorReceiver.Connect(path)!;
        }
        catch (SystemCallException failure)
        {
            throw new RuntimeException($"linux.seccomp.listenerPath: failed to connect with seccomp agent: {failure.Message}");
        }
    }
}
