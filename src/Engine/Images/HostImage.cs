using System.Runtime.InteropServices;

namespace Container.Engine.Images;

/// <summary>
/// The built-in pseudo image: the host's own root as a read-only lower layer that is not idmapped. It has no layers in
/// the store and cannot be removed.
/// </summary>
public static class HostImage
{
    /// <summary>Its name; images of the store cannot have it.</summary>
    public const string Name = "host";

    /// <summary>Its fixed id: the sha256 of "pscontainer:host".</summary>
    public const string Id = "42f923961ab8c6c9e2a18377c58bd277c952fc91eee02c16e50d23a279e69e05";

    /// <summary>Describes it.</summary>
    public static ImageRecord Record { get; } = new()
    {
        Id = Id,
        References = [Name + ":latest"],
        CreatedAt = DateTimeOffset.UnixEpoch,
        Architecture = CurrentArchitecture,
        Os = "linux",
        Comment = "The host's own root, read-only.",
        Config = new ImageConfiguration
        {
            Environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            Command = ["/bin/sh"],
        },
    };

    /// <summary>This machine's architecture in Go's words.</summary>
    internal static string CurrentArchitecture => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.Arm64 => "arm64",
        Architecture other => other.ToString().ToLowerInvariant(),
    };
}
