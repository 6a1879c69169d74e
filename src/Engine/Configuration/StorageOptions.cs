using Container.Engine.Errors;

namespace Container.Engine.Configuration;

/// <summary>What -StorageOption says, in docker's words: size=10G is the most a container's root can take of changes.
/// </summary>
internal static class StorageOptions
{
    // Less is not enough for what an overlay makes for itself.
    private const long MinimumSize = 64 * 1024;

    /// <summary>The size in bytes, or null.</summary>
    public static long? Size(ContainerConfiguration configuration)
    {
        long? size = null;
        foreach ((string name, string value) in configuration.StorageOption ?? new Dictionary<string, string>())
        {
            if (name != "size" || !SizeText.TryParse(value, out long bytes) || bytes < MinimumSize)
            {
                throw new EngineException(
                    ErrorId.InvalidConfiguration,
                    $"The storage option '{name}={value}' is not understood.",
                    "Use size=BYTES, as in @{ size = 10GB }; 64 KB at least.",
                    name);
            }

            size = bytes;
        }

        if (size is not null && configuration.Image is null)
        {
            throw new EngineException(
                ErrorId.InvalidConfiguration,
                "Only the root of a container made of an image has a size: any other is a directory of yours.",
                "Leave -StorageOption out, or use an image.");
        }

        return size;
    }
}
