using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Container.Native.Json;

/// <summary>
/// Finds the path of a token, such as <c>linux.namespaces[2].type</c>, by reading the document again up to it: only an
/// error pays for paths.
/// </summary>
internal static class JsonLocation
{
    /// <summary>The path of the token at <paramref name="offset"/>; null for the document itself.</summary>
    public static string? At(ReadOnlySpan<byte> json, long offset)
    {
        List<(string? Name, int Index)> path = [];
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                path.RemoveAt(path.Count - 1);
                continue;
            }

            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                path[^1] = (Name(ref reader), 0);
            }
            else if (path.Count > 0 && path[^1].Name is null)
            {
                path[^1] = (null, path[^1].Index + 1);
            }

            if (reader.TokenStartIndex >= offset) break;
            if (reader.TokenType == JsonTokenType.StartArray) path.Add((null, -1));
            if (reader.TokenType == JsonTokenType.StartObject) path.Add(("", 0));
        }

        return path.Count == 0 ? null : Format(path);
    }

    /// <summary>Appends the key of a map to a path: <c>.name</c>, or quoted where it is not a plain name.</summary>
    public static string Member(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-')) return $"['{name}']";
        }

        return "." + name;
    }

    private static string Name(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "?";
        }
    }

    private static string Format(List<(string? Name, int Index)> path)
    {
        StringBuilder text = new();
        foreach ((string? name, int index) in path)
        {
            if (name is null) text.Append(CultureInfo.InvariantCulture, $"[{index}]");
            else text.Append(Member(name));
        }

        return text[0] == '.' ? text.ToString(1, text.Length - 1) : text.ToString();
    }
}
