using System.Buffers;
using System.Security.Cryptography;

namespace Container.Engine.Store;

/// <summary>Identifiers of containers and images: 64 lower-case hexadecimal digits.</summary>
public static class ObjectId
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>How many digits an identifier has.</summary>
    public const int Length = 64;

    /// <summary>A new random identifier.</summary>
    public static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Length / 2));

    /// <summary>Whether the text is a whole identifier.</summary>
    public static bool IsValid(string? text) => text is { Length: Length } && IsPrefix(text);

    /// <summary>Whether the text can begin an identifier.</summary>
    public static bool IsPrefix(string? text) =>
        text is { Length: > 0 and <= Length } && !text.AsSpan().ContainsAnyExcept(Digits);
}
