using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.State;

namespace Container.Engine.Containers.Specs;

/// <summary>All that a container's OCI configuration is made from.</summary>
internal sealed record SpecInput
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required ContainerConfiguration Configuration { get; init; }

    public required ImageDefaults Image { get; init; }

    /// <summary>
    /// The first host id of the container's range; null with the host's user namespace or maps of the user's.
    /// </summary>
    public uint? IdRangeStart { get; init; }

    /// <summary>The ids of an ordinary user; null for root.</summary>
    public UserIds? UserIds { get; init; }

    /// <summary>The container's directory, which holds the files that are bound into it.</summary>
    public required string Directory { get; init; }

    /// <summary>Looks users and groups up in the image.</summary>
    public required UserDatabase Users { get; init; }

    /// <summary>Finds what a Container:NAME namespace names; asked again at each start.</summary>
    public required Func<string, ContainerRecord> FindContainer { get; init; }

    /// <summary>The directory of the volume of a name.</summary>
    public required Func<string, string> FindVolume { get; init; }

    /// <summary>The directories of the layers of an image, the topmost first.</summary>
    public required Func<string, IReadOnlyList<string>> FindLayers { get; init; }

    /// <summary>Where the files of what runs are.</summary>
    public string RunDirectory { get; init; } = "";

    /// <summary>The value of the secret of a name.</summary>
    public Func<string, string> ReadSecret { get; init; } = _ => throw new InvalidOperationException();

    /// <summary>The directories of the host's root, where it is not mounted as a whole.</summary>
    public IReadOnlyList<ContainerMount> HostRoot { get; init; } = [];

    /// <summary>It is a system of its own.</summary>
    public bool IsSystem => SystemContainer.Is(Configuration, Image);

    public bool HasUserNamespace => HasIds(Configuration);

    /// <summary>Whether the namespace belongs to the container's user namespace, as file systems that show it must.
    /// </summary>
    public bool IsOwn(NamespaceMode? mode) => IsPrivate(mode)
        || (mode is { Kind: NamespaceKind.Container } && (UserIds is not null || mode == Configuration.UserNamespace));

    /// <summary>Whether its ids are others than those of whoever starts it.</summary>
    public static bool HasIds(ContainerConfiguration configuration) =>
        configuration.UserNamespace is null or { Kind: not NamespaceKind.Host };

    public static bool IsPrivate(NamespaceMode? mode) => mode is null or { Kind: NamespaceKind.Private };
}
