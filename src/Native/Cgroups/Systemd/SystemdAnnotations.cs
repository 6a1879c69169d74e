using Container.Native.Cgroups.Hierarchies;

namespace Container.Native.Cgroups.Systemd;

/// <summary>
/// Properties of a container's unit that its annotations name, as runc has it:
/// <c>org.systemd.property.TimeoutStopUSec</c> is <c>uint64 5000000</c>.
/// </summary>
internal static class SystemdAnnotations
{
    /// <summary>What such an annotation begins with.</summary>
    public const string Prefix = "org.systemd.property.";

    private const decimal Microseconds = 1_000_000;

    /// <summary>The properties.</summary>
    /// <exception cref="CgroupException">One has no such name or value.</exception>
    public static List<SystemdProperty> Read(IReadOnlyDictionary<string, string>? annotations)
    {
        List<SystemdProperty> properties = [];
        if (annotations is null) return properties;
        foreach ((string key, string value) in annotations)
        {
            if (key.StartsWith(Prefix, StringComparison.Ordinal)) properties.Add(Read(key, key[Prefix.Length..], value));
        }

        return properties;
    }

    private static SystemdProperty Read(string key, string name, string text)
    {
        if (name.Length < 3) throw Wrong(key, $"'{name}' is not the name of a property");
        foreach (char c in name)
        {
            if (!char.IsAsciiLetter(c)) throw Wrong(key, $"'{name}' is not the name of a property");
        }

        try
        {
            VariantText.Value value = VariantText.Parse(text);

            // Files of units have TimeoutStopSec=, the bus TimeoutStopUSec: both are understood.
            if (name is not [.., >= 'a' and <= 'z', 'S', 'e', 'c']) return new SystemdProperty(name, value.Type, value.Write);
            if (value.Number is not (>= 0 and <= ulong.MaxValue / Microseconds))
                throw new FormatException("a time in seconds is expected");
            return SystemdProperty.Number(name[..^3] + "USec", (ulong)(value.Number.Value * Microseconds));
        }
        catch (FormatException failure)
        {
            throw Wrong(key, $"{text}: {failure.Message}");
        }
    }

    private static CgroupException Wrong(string key, string problem) => new(null, null, $"annotations '{key}': {problem}");
}
