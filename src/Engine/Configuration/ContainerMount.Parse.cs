using System.Globalization;
using Container.Engine.Errors;

namespace Container.Engine.Configuration;

/// <summary>
/// The two written forms: <c>[SOURCE:]TARGET[:OPTION,…]</c> (docker's -v) and
/// <c>type=bind,source=…,target=…[,readonly]</c>
/// (docker's --mount). Binds are id-mapped unless <c>noidmap</c> says otherwise, as a user who names a directory
/// expects to use it.
/// </summary>
public sealed partial record ContainerMount
{
    /// <summary>Reads either written form.</summary>
    public static ContainerMount Parse(string text)
    {
        if (string.IsNullOrEmpty(text)) throw Invalid(text, "it is empty");
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && text.AsSpan(0, equals).IndexOfAny('/', ':') < 0 ? ParseFields(text) : ParseShort(text);
    }

    /// <summary>Reads <c>TARGET[:OPTION,…]</c> (docker's --tmpfs).</summary>
    public static ContainerMount ParseTmpfs(string text)
    {
        string[] parts = (text ?? "").Split(':', 2);
        ContainerMount mount = new() { Type = ContainerMountType.Tmpfs, Target = parts[0] };
        foreach (string option in parts.Length > 1 ? parts[1].Split(',') : [])
        {
            mount = mount.WithOption(option, text!);
        }

        return mount.Checked(text!);
    }

    /// <summary>Returns the mount, or says what is wrong with it.</summary>
    public ContainerMount Checked(string? text = null)
    {
        text ??= ToString();
        if (Target is not ['/', ..]) throw Invalid(text, $"the target '{Target}' is not an absolute path");
        if (Target.Contains('\0', StringComparison.Ordinal)) throw Invalid(text, "the target has a null character");
        if (Target.Trim('/').Length == 0) throw Invalid(text, "the target is the root directory");
        if (Type is ContainerMountType.Bind or ContainerMountType.Overlay && Source is not ['/', ..])
            throw Invalid(text, $"the source '{Source}' is not an absolute path");
        if (Type == ContainerMountType.Volume && Source is not null && !ContainerName.IsWord(Source))
            throw Invalid(text, $"'{Source}' is no name of a volume");
        if (Type == ContainerMountType.Image && string.IsNullOrEmpty(Source)) throw Invalid(text, "it names no image");
        foreach (string? map in (string?[])[MapUser, MapGroup])
        {
            if (map is not null && Type is not (ContainerMountType.Bind or ContainerMountType.Volume))
                throw Invalid(text, "only binds and volumes can map ids");
            if (map is not null && !TryReadMap(map, out _, out _))
                throw Invalid(text, $"'{map}' is no map of an id: use ID or ID:INSIDE");
        }

        return this;
    }

    internal static bool TryReadMap(string text, out uint host, out uint inside)
    {
        string[] parts = text.Split(':');
        inside = 0;
        return uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out host)
            && host != uint.MaxValue && parts.Length <= 2
            && (parts.Length == 1
                || (uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out inside)
                    && inside < ContainerDefaults.IdRangeLength));
    }

    // As docker has it: what begins with a slash is a path of the host, anything else a volume, and a target alone an
    // anonymous one.
    private static ContainerMount ParseShort(string text)
    {
        string[] parts = text.Split(':', 3);
        ContainerMount mount = parts.Length == 1
            ? new() { Type = ContainerMountType.Volume, Target = parts[0], IdMap = true }
            : new()
            {
                Type = parts[0].StartsWith('/') ? ContainerMountType.Bind : ContainerMountType.Volume,
                Source = parts[0],
                Target = parts[1],
                IdMap = true,
            };
        foreach (string option in parts.Length == 3 ? parts[2].Split(',') : [])
        {
            mount = mount.WithOption(option, text);
        }

        return mount.Checked(text);
    }

    private static ContainerMount ParseFields(string text)
    {
        ContainerMount mount = new() { Target = "", IdMap = true };
        foreach (string field in text.Split(','))
        {
            string[] pair = field.Split('=', 2);
            string value = pair.Length == 2 ? pair[1] : "";
            mount = pair[0].ToLowerInvariant() switch
            {
                "type" => mount.WithType(value, text),
                "source" or "src" => mount with { Source = value },
                "target" or "destination" or "dst" => mount with { Target = value },
                "tmpfs-size" => mount.WithOption("size=" + value, text),
                "tmpfs-mode" => mount.WithOption("mode=" + value, text),
                "readonly" or "ro" => mount with { ReadOnly = IsTrue(value, text) },
                "idmap" => mount with { IdMap = IsTrue(value, text) },
                "mapuser" => mount with { MapUser = value },
                "mapgroup" => mount with { MapGroup = value },
                "volume-nocopy" or "nocopy" => mount with { NoCopy = IsTrue(value, text) },
                "bind-propagation" => mount.WithOption(value, text),
                _ => throw Invalid(text, $"'{pair[0]}' is not known"),
            };
        }

        return mount.Checked(text);
    }

    private ContainerMount WithType(string value, string text) => value switch
    {
        "bind" => this,
        "tmpfs" => this with { Type = ContainerMountType.Tmpfs, IdMap = false },
        "volume" => this with { Type = ContainerMountType.Volume },
        "image" => this with { Type = ContainerMountType.Image, ReadOnly = true },
        "overlay" => this with { Type = ContainerMountType.Overlay },
        _ => throw Invalid(text, $"the type '{value}' is not known"),
    };

    private ContainerMount WithOption(string option, string text) => option switch
    {
        "ro" or "readonly" => this with { ReadOnly = true },
        "rw" or "z" or "Z" => this,
        "O" when Type == ContainerMountType.Bind => this with { Type = ContainerMountType.Overlay },
        "nocopy" => this with { NoCopy = true },
        "idmap" => this with { IdMap = true },
        "noidmap" => this with { IdMap = false },
        "private" or "rprivate" or "shared" or "rshared" or "slave" or "rslave" or "unbindable" or "runbindable"
            or "bind" or "rbind" or "noexec" or "nosuid" or "nodev" or "exec" or "suid" or "dev" or "noatime"
            or "relatime" or "nosymfollow" => this with { Option = [.. Option ?? [], option] },
        _ when option.StartsWith("mapuser=", StringComparison.Ordinal) => this with { MapUser = option[8..] },
        _ when option.StartsWith("mapgroup=", StringComparison.Ordinal) => this with { MapGroup = option[9..] },
        _ when option.StartsWith("size=", StringComparison.Ordinal) =>
            this with { Size = SizeText.TryParse(option[5..], out long size) ? size : throw Invalid(text, option) },
        _ when option.StartsWith("mode=", StringComparison.Ordinal) =>
            this with { Mode = OctalMode(option[5..], text) },
        _ => throw Invalid(text, $"the option '{option}' is not known"),
    };

    private static uint OctalMode(string value, string text)
    {
        uint mode = 0;
        if (value.Length is 0 or > 5) throw Invalid(text, $"the mode '{value}' is not octal");
        foreach (char digit in value)
        {
            if (digit is < '0' or > '7') throw Invalid(text, $"the mode '{value}' is not octal");
            mode = (mode * 8) + (uint)(digit - '0');
        }

        return mode <= 0xFFF ? mode : throw Invalid(text, $"the mode '{value}' is too large");
    }

    private static bool IsTrue(string value, string text) => value switch
    {
        "" or "true" or "1" => true,
        "false" or "0" => false,
        _ => throw Invalid(text, string.Create(CultureInfo.InvariantCulture, $"'{value}' is neither true nor false")),
    };

    private static EngineException Invalid(string? text, string why) => new(
        ErrorId.InvalidMountSpecification, $"The mount '{text}' cannot be used: {why}.", target: text);
}
