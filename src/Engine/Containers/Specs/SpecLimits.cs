using System.Globalization;
using Container.Engine.Errors;
using Container.Native.Oci;

namespace Container.Engine.Containers.Specs;

/// <summary>Resource limits of the process (getrlimit(2)).</summary>
internal static class SpecLimits
{
    private static readonly string[] Names =
    [
        "as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss",
        "rtprio", "rttime", "sigpending", "stack",
    ];

    public static IReadOnlyList<OciRlimit>? Build(IReadOnlyList<string>? limits) =>
        limits is { Count: > 0 } ? [.. limits.Select(Parse)] : null;

    private static OciRlimit Parse(string text)
    {
        string[] pair = text.Split('=', 2);
        string name = pair[0].ToLowerInvariant();
        string[] values = pair.Length == 2 ? pair[1].Split(':') : [];
        if (!Names.Contains(name) || values.Length is < 1 or > 2
            || !Number(values[0], out ulong soft) || !Number(values[^1], out ulong hard))
            throw EngineException.Invalid($"'{text}' is no resource limit: use NAME=SOFT or NAME=SOFT:HARD.", text);
        if (soft > hard) throw EngineException.Invalid($"The soft limit of '{text}' is above the hard one.", text);
        return new OciRlimit { Type = "RLIMIT_" + name.ToUpperInvariant(), Soft = soft, Hard = hard };
    }

    private static bool Number(string text, out ulong number)
    {
        number = ulong.MaxValue;
        return text is "unlimited" or "-1"
            || ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
