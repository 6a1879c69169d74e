namespace Container.Help;

/// <summary>Reads the description of a parameter, and the facts in its block of YAML.</summary>
internal static class ParameterText
{
    private const string ListMark = "- ";

    public static HelpParameter Read(string heading, PageText text)
    {
        if (!heading.StartsWith('-')) throw text.Wrong($"'{heading}' is no parameter");
        string yaml = text.Block("yaml") ?? throw text.Wrong($"{heading} has no block of yaml");
        HelpParameter parameter = new()
        {
            Name = heading[1..], Description = text.Paragraphs(), Type = "", Sets = [],
        };
        List<string> aliases = [];
        List<HelpParameterSet> sets = [];
        List<string>? list = null;
        foreach (string line in yaml.Split('\n'))
        {
            if (line.StartsWith(ListMark, StringComparison.Ordinal) && list is not null)
            {
                list.Add(Value(line[ListMark.Length..]));
                continue;
            }

            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            string key = (colon < 0 ? line.TrimEnd(':') : line[..colon]).Trim(' ', '-');
            string value = colon < 0 ? "" : Value(line[(colon + 2)..]);
            if (!line.StartsWith(' ')) list = key == "Aliases" && colon < 0 ? aliases : null;
            if (key == "Name") sets.Add(new HelpParameterSet(value));
            else if (line.StartsWith(' ') && sets.Count > 0) sets[^1] = With(sets[^1], key, value);
            else parameter = With(parameter, key, value);
        }

        if (parameter.Type.Length == 0 || sets.Count == 0) throw text.Wrong($"{heading} lacks its type or its sets");
        if (parameter.Description.Count == 0) throw text.Wrong($"{heading} is not described");
        return parameter with { Aliases = aliases, Sets = sets };
    }

    private static string Value(string text) => text.Trim().Trim('\'').Replace("''", "'", StringComparison.Ordinal);

    private static HelpParameter With(HelpParameter parameter, string key, string value) => key switch
    {
        "Type" => parameter with { Type = value },
        "DefaultValue" => parameter with { Default = value },
        "SupportsWildcards" => parameter with { Wildcards = bool.Parse(value) },
        _ => parameter,
    };

    private static HelpParameterSet With(HelpParameterSet set, string key, string value) => key switch
    {
        "Position" => set with { Position = value.ToLowerInvariant() },
        "IsRequired" => set with { Required = bool.Parse(value) },
        "ValueFromPipeline" => set with { FromPipeline = bool.Parse(value) },
        "ValueFromPipelineByPropertyName" => set with { FromProperty = bool.Parse(value) },
        _ => set,
    };
}
