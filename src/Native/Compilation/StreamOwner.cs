using Container.Native.IdMapping;
using Container.Native.Launch;
using Container.Native.Namespaces;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>
/// Pipes that become a process' standard streams belong to its user, who else could not open /dev/stderr. Only those
/// without a name: a file, a socket or a device is somebody's of the host. A terminal that we make is seen to by
/// <see cref="ConsoleCompiler"/>.
/// </summary>
internal static unsafe class StreamOwner
{
    /// <summary>Adds what a caller without rights over his own pipes leaves to the child: in its user namespace it has
    /// them.</summary>
    public static void Add(LaunchPlan plan, OciProcess process, LaunchOptions options)
    {
        if (process.Terminal || options.Privileged) return;
        plan.Add(
            OperationKind.OwnStreams, new LaunchStep("chown", "the standard streams", $"{process.User.Uid}"),
            [process.User.Uid]);
    }

    /// <summary>Gives them away while we have rights over the host's ids, which the child may not have.</summary>
    /// <param name="linux">The namespaces, and their ids where they are new.</param>
    /// <param name="process">Whose streams they are.</param>
    /// <param name="options">The launch's options.</param>
    /// <param name="member">A process that is in the container's user namespace.</param>
    public static void Give(OciLinux? linux, OciProcess process, LaunchOptions options, Func<int> member)
    {
        if (process.Terminal || !options.Privileged) return;
        uint? owner = null;
        for (int i = 0; i < 3; i++)
        {
            int stream = options.StandardStreams?[i] ?? i;
            if (FindOwner(stream) is not { } current) continue;
            owner ??= HostId(linux, process.User.Uid, member);
            if (current == owner) continue;

            // EPERM: we are root without CAP_CHOWN.
            if (Attributes.fchown(stream, owner.Value, uint.MaxValue) < 0
                && SystemCallException.Last("fchown", $"standard stream {i}") is { Errno: not Errno.EPERM } failure)
                throw failure;
        }
    }

    // Null for what is no pipe. One with a name in a file system is a FIFO to fstat(2) as well.
    private static uint? FindOwner(int stream)
    {
        FileStatus status;
        if (FileCalls.statx(stream, "", FileCalls.AT_EMPTY_PATH, FileStatus.STATX_BASIC_STATS, &status) < 0) return null;
        return status.Type == FileCalls.S_IFIFO && FileSystems.IsPipe(stream) ? status.Uid : null;
    }

    /// <summary>The host's id for a user of the container.</summary>
    public static uint HostId(OciLinux? linux, uint user, Func<int> member)
    {
        LaunchNamespaces namespaces = new(linux?.Namespaces);
        if (!namespaces.Has(CloneArguments.CLONE_NEWUSER)) return user;
        return linux?.UidMappings is { Count: > 0 } known
            ? IdMaps.HostId(known, user)
            : IdMaps.HostId(IdMaps.ReadUsers(member()), user);
    }
}
