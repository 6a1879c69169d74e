using System.Globalization;
using Container.Engine.Errors;

namespace Container.Engine.Configuration;

/// <summary>
/// What -LogOption says, in docker's words: max-size=10m and max-file=3 of a file, tag of the journal's entries.
/// </summary>
internal readonly record struct LogSettings(long MaximumBytes, int MaximumFiles, string Tag)
{
    private const string DefaultTag = "{{.ID}}";

    public static LogSettings Read(ContainerConfiguration configuration)
    {
        long bytes = 10 * 1024 * 1024;
        int files = 3;
        string tag = DefaultTag;
        bool isFile = configuration.LogDriver is null or ContainerLogDriver.File;
        foreach ((string name, string value) in configuration.LogOption ?? new Dictionary<string, string>())
        {
            bool known = name switch
            {
                "max-size" when isFile => SizeText.TryParse(value, out bytes) && bytes >= 1024,
                "max-file" when isFile =>
                    int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out files) && files >= 1,
                "tag" when configuration.LogDriver == ContainerLogDriver.Journald => IsTag(tag = value),
                _ => false,
            };
            if (!known)
            {
                throw EngineException.Invalid(
                    $"'{name}={value}' is no option of the log.", name,
                    "Use max-size, as in 10m, or max-file for a file; tag, as in {{.Name}}, for the journal.");
            }
        }

        return new LogSettings(bytes, files, tag);
    }

    /// <summary>The tag of one container's entries: docker's templates are replaced.</summary>
    public string TagOf(string id, string name, string? image) => Tag
        .Replace("{{.ID}}", id[..12], StringComparison.Ordinal)
        .Replace("{{.FullID}}", id, StringComparison.Ordinal)
        .Replace("{{.Name}}", name, StringComparison.Ordinal)
        .Replace("{{.ImageName}}", image ?? "", StringComparison.Ordinal);

    // A line feed would end the field.
    private static bool IsTag(string text) => text.Length is > 0 and <= 256 && !text.Any(char.IsControl);
}
