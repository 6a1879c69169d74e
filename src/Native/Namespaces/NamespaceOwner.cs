using Container.Native.Syscalls;

namespace Container.Native.Namespaces;

/// <summary>The user namespace that a namespace belongs to, which has the rights over it: ioctl_ns(2).</summary>
internal static class NamespaceOwner
{
    /// <summary>Whether a namespace belongs to a user namespace, or to one below it.</summary>
    public static bool Is(FileDescriptor user, FileDescriptor other)
    {
        FileIdentity wanted = FileIdentity.Of(user);
        FileDescriptor? owner = NamespaceCalls.TryGetOwner(other);
        while (owner is not null)
        {
            using FileDescriptor current = owner;
            if (FileIdentity.Of(current) == wanted) return true;
            owner = NamespaceCalls.TryGetParent(current);
        }

        return false;
    }

    /// <summary>
    /// Whether the container has the rights over its network namespace, which the kernel asks for before it makes a sysfs:
    /// that shows the devices of the network namespace (network_namespaces(7)).
    /// </summary>
    public static bool OwnsNetwork(LaunchNamespaces namespaces)
    {
        if (namespaces.Creates(CloneArguments.CLONE_NEWNET)) return true;
        if (namespaces.Creates(CloneArguments.CLONE_NEWUSER)) return false;
        string? joined = namespaces.PathOf(CloneArguments.CLONE_NEWUSER);
        if (joined is null && UserNamespace.IsInitial) return true;
        using FileDescriptor user = FileCalls.Open(joined ?? "/proc/self/ns/user", FileCalls.O_RDONLY);
        using FileDescriptor network = FileCalls.Open(
            namespaces.PathOf(CloneArguments.CLONE_NEWNET) ?? "/proc/self/ns/net", FileCalls.O_RDONLY);
        return Is(user, network);
    }
}
