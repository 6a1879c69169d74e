using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Container.Engine.Errors;

namespace Container.Engine.Configuration;

/// <summary>
/// Which namespace of one kind a container uses: its own, the host's, another container's, or the one a path names.
/// Written <c>Private</c>, <c>Host</c>, <c>Container:ID</c> or <c>/proc/PID/ns/…</c>.
/// </summary>
[JsonConverter(typeof(NamespaceModeConverter))]
public sealed record NamespaceMode
{
    private const string ContainerPrefix = "Container:";

    private NamespaceMode(NamespaceKind kind, string? target = null)
    {
        Kind = kind;
        Target = target;
    }

    /// <summary>A namespace of the container's own: the default of every kind.</summary>
    public static NamespaceMode Private { get; } = new(NamespaceKind.Private);

    /// <summary>The host's namespace.</summary>
    public static NamespaceMode Host { get; } = new(NamespaceKind.Host);

    /// <summary>Where the namespace comes from.</summary>
    public NamespaceKind Kind { get; }

    /// <summary>The other container's name or id, or the path.</summary>
    public string? Target { get; }

    /// <summary>The namespace of another container, which has to run when this one starts.</summary>
    public static NamespaceMode Of(string container) => new(NamespaceKind.Container, container);

    /// <summary>Reads the written form; the words are not case-sensitive.</summary>
    public static NamespaceMode Parse(string text) =>
        TryParse(text, out NamespaceMode? mode)
            ? mode
            : throw new EngineException(
                ErrorId.InvalidConfiguration,
                $"'{text}' is no namespace: use Private, Host, Container:NAME or an absolute path.",
                target: text);

    /// <summary>Reads the written form.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out NamespaceMode? mode)
    {
        mode = text switch
        {
            null or "" => null,
            _ when text.Equals(nameof(Private), StringComparison.OrdinalIgnoreCase) => Private,
            _ when text.Equals(nameof(Host), StringComparison.OrdinalIgnoreCase) => Host,
            _ when text[0] == '/' => new NamespaceMode(NamespaceKind.Path, text),
            _ when text.Length > ContainerPrefix.Length
                && text.StartsWith(ContainerPrefix, StringComparison.OrdinalIgnoreCase) =>
                new NamespaceMode(NamespaceKind.Container, text[ContainerPrefix.Length..]),
            _ => null,
        };
        return mode is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        NamespaceKind.Container => ContainerPrefix + Target,
        NamespaceKind.Path => Target!,
        _ => Kind.ToString(),
    };
}
