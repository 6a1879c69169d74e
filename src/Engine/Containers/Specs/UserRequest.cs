using System.Buffers;
using System.Globalization;
using Container.Engine.Errors;

namespace Container.Engine.Containers.Specs;

/// <summary>
/// USER[:GROUP] as written, each a name or a number. Digits are a number and never a name: an image may hold a user
/// whose *name* is 4294967296 and whose id is 0 (CVE-2024-40635 and its kin), so a number out of range is an error.
/// </summary>
/// <param name="User">The user's part; empty for the default, root.</param>
/// <param name="Group">The group's part; null where there is none.</param>
/// <param name="Uid">The user's id, where the part is a number.</param>
/// <param name="Gid">The group's id, where the part is a number.</param>
internal sealed record UserRequest(string User, string? Group, uint? Uid, uint? Gid)
{
    private static readonly SearchValues<char> Separators = SearchValues.Create("\0\n\r\t ,");

    public static UserRequest Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return new UserRequest("", null, 0, null);
        string[] parts = text.Split(':');
        if (parts.Length > 2 || parts[0].Length == 0 || (parts.Length == 2 && parts[1].Length == 0))
            throw Invalid(text, "use USER or USER:GROUP, each a name or a number");
        string? group = parts.Length == 2 ? parts[1] : null;
        return new UserRequest(parts[0], group, Number(parts[0], text), group is null ? null : Number(group, text));
    }

    /// <summary>The id, or null for a name; what is neither is an error.</summary>
    public static uint? Number(string part, string text)
    {
        if (part.AsSpan().ContainsAny(Separators)) throw Invalid(text, $"'{part}' is no name");
        if (char.IsAsciiLetter(part[0]) || part[0] == '_') return null;
        if (!part.All(char.IsAsciiDigit)) throw Invalid(text, $"'{part}' is neither a name nor a number");

        // The kernel keeps the largest number for "no id", and ids are shown as signed in places.
        return uint.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) && id <= int.MaxValue
            ? id
            : throw Invalid(text, $"{part} is larger than {int.MaxValue}");
    }

    public static EngineException Invalid(string text, string why) =>
        new(ErrorId.InvalidUser, $"The user '{text}' cannot be used: {why}.", target: text);
}
