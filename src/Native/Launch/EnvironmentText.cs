namespace Container.Native.Launch;

/// <summary>Variables as execve(2) takes them: <c>NAME=value</c>.</summary>
internal static class EnvironmentText
{
    /// <summary>The last value of a variable, or null.</summary>
    public static string? Find(IReadOnlyList<string>? variables, string name)
    {
        for (int i = (variables?.Count ?? 0) - 1; i >= 0; i--)
        {
            if (Name(variables![i]) == name) return variables[i].Length > name.Length ? variables[i][(name.Length + 1)..] : "";
        }

        return null;
    }

    /// <summary>The name of a variable.</summary>
    public static string Name(string variable)
    {
        int end = variable.IndexOf('=', StringComparison.Ordinal);
        return end < 0 ? variable : variable[..end];
    }
}
