using System.Collections;
using System.Management.Automation;

namespace Container.Cmdlets.Binding;

/// <summary>Hashtables as the engine takes them.</summary>
internal static class TextMap
{
    public static IReadOnlyDictionary<string, string> Empty { get; } = new Dictionary<string, string>();

    /// <summary>A text that says something; <c>$null</c> arrives as an empty one.</summary>
    public static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary>Converts names and values to text, independent of the culture; null stays null.</summary>
    public static IReadOnlyDictionary<string, string>? From(IDictionary? map)
    {
        if (map is null) return null;
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in map)
        {
            texts[LanguagePrimitives.ConvertTo<string>(entry.Key)] = LanguagePrimitives.ConvertTo<string>(entry.Value);
        }

        return texts;
    }

    /// <summary>The same for numbers, as in @{ '/dev/sda' = 1MB }.</summary>
    public static IReadOnlyDictionary<string, long>? Numbers(IDictionary? map)
    {
        if (map is null) return null;
        Dictionary<string, long> numbers = new(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in map)
        {
            numbers[LanguagePrimitives.ConvertTo<string>(entry.Key)] = LanguagePrimitives.ConvertTo<long>(entry.Value);
        }

        return numbers;
    }
}
