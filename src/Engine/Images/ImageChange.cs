using System.Text.Json;
using Container.Engine.Errors;

namespace Container.Engine.Images;

/// <summary>
/// Changes to an image's configuration in the words of a Dockerfile: CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL,
/// USER, VOLUME, WORKDIR.
/// </summary>
internal static class ImageChange
{
    public static ImageConfiguration Apply(ImageConfiguration configuration, IEnumerable<string> changes)
    {
        foreach (string change in changes)
        {
            string text = change.Trim();
            int space = text.IndexOfAny([' ', '\t']);
            if (space < 0) throw Invalid(change);
            configuration = Apply(configuration, text[..space].ToUpperInvariant(), text[space..].Trim(), change);
        }

        return configuration;
    }

    private static ImageConfiguration Apply(
        ImageConfiguration configuration, string instruction, string value, string change) => instruction switch
    {
        "CMD" => configuration with { Command = Command(value, change) },
        "ENTRYPOINT" => configuration with { Entrypoint = Command(value, change) },
        "ENV" => configuration with { Environment = Environment(configuration.Environment ?? [], value, change) },
        "EXPOSE" => configuration with { ExposedPortSet = Add(configuration.ExposedPortSet, Ports(value, change)) },
        "LABEL" => configuration with { Labels = Labels(configuration.Labels, value, change) },
        "STOPSIGNAL" => configuration with { StopSignal = value },
        "USER" => configuration with { User = value },
        "VOLUME" => configuration with { VolumeSet = Add(configuration.VolumeSet, List(value, change)) },
        "WORKDIR" => configuration with { WorkingDirectory = value },
        _ => throw Invalid(change),
    };

    private static string[] Command(string value, string change) =>
        value.StartsWith('[') ? Json(value, change) : ["/bin/sh", "-c", value];

    private static IEnumerable<string> List(string value, string change) =>
        value.StartsWith('[') ? Json(value, change) : Words(value, change);

    private static string[] Json(string value, string change)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(value);
            return [.. document.RootElement.EnumerateArray().Select(
                element => element.GetString() ?? throw Invalid(change))];
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            throw Invalid(change, failure);
        }
    }

    private static List<string> Environment(IReadOnlyList<string> current, string value, string change)
    {
        List<string> result = [.. current];
        foreach ((string name, string content) in Pairs(value, change))
        {
            result.RemoveAll(variable => variable.StartsWith(name + "=", StringComparison.Ordinal));
            result.Add(name + "=" + content);
        }

        return result;
    }

    private static SortedDictionary<string, string> Labels(
        IReadOnlyDictionary<string, string>? current, string value, string change)
    {
        SortedDictionary<string, string> result = new(StringComparer.Ordinal);
        foreach ((string name, string content) in current ?? new Dictionary<string, string>()) result[name] = content;
        foreach ((string name, string content) in Pairs(value, change)) result[name] = content;
        return result;
    }

    private static SortedDictionary<string, ImageEmptyObject> Add(
        IReadOnlyDictionary<string, ImageEmptyObject>? current, IEnumerable<string> names)
    {
        SortedDictionary<string, ImageEmptyObject> result = new(StringComparer.Ordinal);
        foreach (string name in (current?.Keys ?? []).Concat(names)) result[name] = new ImageEmptyObject();
        return result;
    }

    private static IEnumerable<string> Ports(string value, string change)
    {
        foreach (string word in Words(value, change))
        {
            string port = word.Contains('/', StringComparison.Ordinal) ? word : word + "/tcp";
            string[] parts = port.Split('/');
            if (parts.Length != 2 || !ushort.TryParse(parts[0], out _) || parts[1] is not ("tcp" or "udp" or "sctp"))
                throw Invalid(change);
            yield return port;
        }
    }

    // "NAME=value NAME=value", or the old "NAME value".
    private static IEnumerable<(string Name, string Value)> Pairs(string value, string change)
    {
        int end = value.IndexOfAny([' ', '\t', '=']);
        if (end > 0 && value[end] != '=')
        {
            yield return (value[..end], value[end..].Trim());
            yield break;
        }

        foreach (string word in Words(value, change))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1) throw Invalid(change);
            yield return (word[..equals], word[(equals + 1)..]);
        }
    }

    // Words as the shell has them: quotes group, a backslash takes the next character as it is.
    private static List<string> Words(string text, string change)
    {
        List<string> words = [];
        System.Text.StringBuilder word = new();
        bool inside = false;
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char next = text[i];
            if (next == '\\' && quote != '\'' && i + 1 < text.Length) word.Append(text[++i]);
            else if (next == quote) quote = '\0';
            else if (quote == '\0' && next is '"' or '\'' && quote == '\0') quote = next;
            else if (quote == '\0' && char.IsWhiteSpace(next))
            {
                if (inside) words.Add(word.ToString());
                word.Clear();
                inside = false;
                continue;
            }
            else word.Append(next);
            inside = true;
        }

        if (quote != '\0') throw Invalid(change);
        if (inside) words.Add(word.ToString());
        return words.Count > 0 ? words : throw Invalid(change);
    }

    private static EngineException Invalid(string change, Exception? inner = null) => new(
        ErrorId.InvalidConfiguration,
        $"'{change}' is no change of an image's configuration.",
        "Use CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME or WORKDIR as in a Dockerfile.",
        change,
        inner);
}
