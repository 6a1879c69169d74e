using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Images;
using Container.Native.Oci;

namespace Container.Engine.Containers.Specs;

/// <summary>The namespaces: made, shared or joined.</summary>
internal static class SpecNamespaces
{
    public static IReadOnlyList<OciNamespace> Build(SpecInput input)
    {
        ContainerConfiguration configuration = input.Configuration;
        List<OciNamespace> namespaces = [new OciNamespace { Type = "mount" }];
        Add(namespaces, input, "user", "user", configuration.UserNamespace);
        Add(namespaces, input, "pid", "pid", configuration.PidNamespace);
        Add(namespaces, input, "ipc", "ipc", configuration.IpcNamespace);
        Add(namespaces, input, "uts", "uts", configuration.UtsNamespace);
        Add(namespaces, input, "network", "net", configuration.NetworkNamespace);
        Add(namespaces, input, "cgroup", "cgroup", configuration.CgroupNamespace);
        if (configuration.TimeOffset is not null) namespaces.Add(new OciNamespace { Type = "time" });
        return namespaces;
    }

    /// <summary>What the clocks of a time namespace are set off by.</summary>
    public static IReadOnlyDictionary<string, OciTimeOffset>? TimeOffsets(ContainerConfiguration configuration)
    {
        if (configuration.TimeOffset is not { Count: > 0 } offsets) return null;
        if (offsets.Keys.FirstOrDefault(clock => clock is not ("monotonic" or "boottime")) is { } unknown)
            throw EngineException.Invalid($"'{unknown}' is no clock of a time namespace.", unknown, "Use monotonic or boottime.");
        return offsets.ToDictionary(offset => offset.Key, offset => new OciTimeOffset { Secs = offset.Value });
    }

    /// <summary>Whether another container has to be asked at each start.</summary>
    public static bool HasContainer(ContainerConfiguration configuration) => Others(configuration).Any();

    /// <summary>The containers, as they are called, whose namespaces this one uses.</summary>
    public static IEnumerable<string> Others(ContainerConfiguration configuration) =>
        new[]
        {
            configuration.UserNamespace, configuration.PidNamespace, configuration.IpcNamespace,
            configuration.UtsNamespace, configuration.NetworkNamespace, configuration.CgroupNamespace,
        }.Where(mode => mode is { Kind: NamespaceKind.Container }).Select(mode => mode!.Target!);

    /// <summary>
    /// What an ordinary user's container gets: namespaces of another can be entered only together with the user
    /// namespace that they belong to (setns(2)), in which all ids are the same anyway.
    /// </summary>
    public static ContainerConfiguration Together(
        ContainerConfiguration configuration, bool isHost, Func<string, ContainerRecord> find)
    {
        ContainerRecord[] others = [.. Others(configuration).Select(find).DistinctBy(other => other.Id)];
        if (others.Length == 0) return configuration;
        if (others.Length > 1)
        {
            throw EngineException.Invalid(
                "A container of an ordinary user cannot join namespaces of several others.", others[1].Name,
                "Join those of one, or run as root.");
        }

        // Root of the one is the user, root of the other is not.
        if (isHost != (others[0].ImageId == HostImage.Id))
        {
            throw EngineException.Invalid(
                "A container of the image 'host' of an ordinary user has other ids than those of other images.",
                others[0].Name, "Join namespaces of a container of the same kind, or run as root.");
        }

        bool hasNone = others[0].Configuration.UserNamespace is { Kind: NamespaceKind.Host };
        if (hasNone || configuration.UserNamespace is { Kind: not NamespaceKind.Container })
        {
            throw EngineException.Invalid(
                "A container of an ordinary user joins namespaces of another together with its user namespace.",
                hasNone ? others[0].Name : configuration.UserNamespace,
                "Leave -UserNamespace out for both, or run as root.");
        }

        return configuration with { UserNamespace = NamespaceMode.Of(others[0].Id) };
    }

    private static void Add(
        List<OciNamespace> namespaces, SpecInput input, string type, string file, NamespaceMode? mode)
    {
        if (mode is { Kind: NamespaceKind.Host }) return;
        if (mode is { Kind: NamespaceKind.Path } && input.UserIds is not null)
        {
            throw EngineException.Invalid(
                $"A container of an ordinary user cannot join a {type} namespace by its path.", mode,
                "Name a container, Container:NAME, or run as root.");
        }

        string? path = mode switch
        {
            { Kind: NamespaceKind.Path } => mode.Target,
            { Kind: NamespaceKind.Container } => PathOf(input.FindContainer(mode.Target!), file),
            _ => null,
        };
        namespaces.Add(new OciNamespace { Type = type, Path = path });
    }

    // A container that does not run yet has no namespaces; what is written then is made again at the start.
    private static string PathOf(ContainerRecord container, string file) =>
        $"/proc/{container.Pid ?? 0}/ns/{file}";
}
