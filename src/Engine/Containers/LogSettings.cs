using System.Globalization;
using Container.Engine.Containers.Specs;

namespace Container.Engine.Containers;

/// <summary>What -LogOption says of the log file, in docker's words: max-size=10m and max-file=3.</summary>
internal readonly record struct LogSettings(long MaximumBytes, int MaximumFiles)
{
    public static LogSettings Read(ContainerConfiguration configuration)
    {
        long bytes = 10 * 1024 * 1024;
        int files = 3;
        foreach ((string name, string value) in configuration.LogOption ?? new Dictionary<string, string>())
        {
            bool known = name switch
            {
                "max-size" => SizeText.TryParse(value, out bytes) && bytes >= 1024,
                "max-file" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out files) && files >= 1,
                _ => false,
            };
            if (!known)
            {
                throw SpecBuilder.Invalid(
                    $"'{name}={value}' is no option of the log.", name, "Use max-size, as in 10m, or max-file.");
            }
        }

        return new LogSettings(bytes, files);
    }
}
