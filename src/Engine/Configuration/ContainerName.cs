using System.Buffers;
using Container.Engine.Errors;
using Container.Engine.Store;

namespace Container.Engine.Configuration;

/// <summary>What a container may be called.</summary>
public static class ContainerName
{
    private const int MaximumLength = 128;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    /// <summary>
    /// Letters, digits, and after the first character also dot, dash and underscore. A whole id is no name: nobody
    /// could tell what it means.
    /// </summary>
    public static bool IsValid(string? name) => IsWord(name) && !ObjectId.IsValid(name!.ToLowerInvariant());

    /// <summary>The characters of a name, whole ids too: what volumes and secrets may be called.</summary>
    internal static bool IsWord(string? name) =>
        name is { Length: > 0 and <= MaximumLength }
        && char.IsAsciiLetterOrDigit(name[0])
        && !name.AsSpan().ContainsAnyExcept(Characters);

    internal static void Check(string name)
    {
        if (IsValid(name)) return;
        throw new EngineException(
            ErrorId.InvalidName,
            $"'{name}' cannot be the name of a container.",
            target: name);
    }

    // Names are told apart without regard to case, and kept as they were written.
    internal static string Key(string name) => name.ToLowerInvariant();
}
