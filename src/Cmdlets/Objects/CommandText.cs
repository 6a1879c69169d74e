namespace Container.Cmdlets.Objects;

/// <summary>Commands as one line for people to read.</summary>
internal static class CommandText
{
    /// <summary>Joins a command and its arguments; what has white space is quoted.</summary>
    public static string Join(string? command, IEnumerable<string>? arguments)
    {
        IEnumerable<string> words = arguments ?? [];
        if (command is not null) words = words.Prepend(command);
        return string.Join(' ', words.Select(Quote));
    }

    private static string Quote(string word) =>
        word.Length == 0 || word.AsSpan().IndexOfAny(" \t\n'\"") >= 0
            ? $"'{word.Replace("'", "''", StringComparison.Ordinal)}'"
            : word;
}
