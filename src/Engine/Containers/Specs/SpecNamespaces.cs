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
            throw SpecBuilder.Invalid($"'{unknown}' is no clock of a time namespace.", unknown, "Use monotonic or boottime.");
        return offsets.ToDictionary(offset => offset.Key, offset => new OciTimeOffset { Secs = offset.Value });
    }

    /// <summary>Whether another container has to be asked at each start.</summary>
    public static bool HasContainer(ContainerConfiguration configuration) =>
        new[]
        {
            configuration.UserNamespace, configuration.PidNamespace, configuration.IpcNamespace,
            configuration.UtsNamespace, configuration.NetworkNamespace, configuration.CgroupNamespace,
        }.Any(mode => mode is { Kind: NamespaceKind.Container });

    private static void Add(
        List<OciNamespace> namespaces, SpecInput input, string type, string file, NamespaceMode? mode)
    {
        if (mode is { Kind: NamespaceKind.Host }) return;
        if (mode is { Kind: NamespaceKind.Container or NamespaceKind.Path } && input.UserIds is not null)
        {
            throw SpecBuilder.Invalid(
                $"A container of an ordinary user cannot join the {type} namespace of another.", mode,
                "Give it one of its own or the host's, or run as root.");
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
