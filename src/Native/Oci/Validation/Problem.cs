using System.Globalization;
using Container.Native.Json;

namespace Container.Native.Oci.Validation;

/// <summary>The sentences the checks of this folder speak in.</summary>
internal static class Problem
{
    public static DocumentException Missing(string path) => new(path, $"{path} is missing");

    public static DocumentException Empty(string path) => new(path, $"{path} is empty");

    public static DocumentException At(string path, string problem) => new(path, $"{path}: {problem}");

    /// <summary>The text must be there.</summary>
    public static void RequireText(string value, string path)
    {
        if (value.Length == 0) throw Missing(path);
    }

    /// <summary>The path must be there and absolute.</summary>
    public static void RequireAbsolute(string value, string path)
    {
        RequireText(value, path);
        if (value[0] != '/') throw At(path, $"'{value}' is not absolute");
    }

    /// <summary>The name must be one of those that are known.</summary>
    public static void RequireKnown(string value, string path, string[] known)
    {
        RequireText(value, path);
        if (Array.IndexOf(known, value) < 0) throw At(path, $"'{value}' is not known");
    }

    /// <summary>Each name must be one of those that are known.</summary>
    public static void RequireKnown(IReadOnlyList<string>? values, string path, string[] known)
    {
        for (int i = 0; i < (values?.Count ?? 0); i++) RequireKnown(values![i], Item(path, i), known);
    }

    /// <summary>The number must lie between two others.</summary>
    public static void RequireRange(long? value, long least, long most, string path)
    {
        if (value < least || value > most)
            throw At(path, string.Create(CultureInfo.InvariantCulture, $"{value} is not between {least} and {most}"));
    }

    /// <summary>The path of an element.</summary>
    public static string Item(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
}
