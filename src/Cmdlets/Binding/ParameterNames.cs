using System.Collections.Concurrent;
using System.Management.Automation;

namespace Container.Cmdlets.Binding;

/// <summary>A cmdlet's parameters by what a user writes for them: the name, an alias, or the beginning of one.</summary>
internal sealed class ParameterNames
{
    // What users of other engines write, and the parameter that it is here.
    private static readonly Dictionary<string, string> s_foreign = new(StringComparer.Ordinal)
    {
        ["it"] = "Tty",
        ["ti"] = "Tty",
        ["rm"] = "AutoRemove",
        ["env"] = "Environment",
        ["env-file"] = "EnvironmentFile",
        ["cap-add"] = "CapabilityAdd",
        ["cap-drop"] = "CapabilityDrop",
        ["workdir"] = "WorkingDirectory",
        ["detach"] = "Start",
    };

    private static readonly ConcurrentDictionary<Type, ParameterNames> s_known = new();

    private readonly Entry[] _all;

    private ParameterNames(CommandInfo command) => _all = [.. command.Parameters.Values.Select(Describe)];

    /// <summary>Those of a cmdlet, which are looked up once.</summary>
    public static ParameterNames Of(PSCmdlet cmdlet) =>
        s_known.GetOrAdd(cmdlet.GetType(), _ => new ParameterNames(cmdlet.MyInvocation.MyCommand));

    /// <summary>The parameter that PowerShell's binder takes a word for; null where it takes it for none.</summary>
    public Entry? Find(string name) =>
        Array.Find(_all, parameter => parameter.IsWhole(name))
        ?? Array.Find(_all, parameter => !parameter.IsCommon && parameter.Begins(name))
        ?? Array.Find(_all, parameter => parameter.Begins(name));

    /// <summary>What a word that names no parameter may have been meant for; null where nothing is near.</summary>
    public string? Near(string word)
    {
        string plain = s_foreign.GetValueOrDefault(word, word.Replace("-", "", StringComparison.Ordinal));
        Entry? near = Find(plain) is { } same && same.IsWhole(plain) ? same : Slip(plain);
        if (near?.Name == "Tty") return "-Interactive -Tty";
        return near is null ? null : $"-{near.Name}";
    }

    /// <summary>The parameter whose name a word is but for a slip or two of the fingers.</summary>
    public Entry? Slip(string word)
    {
        int allowed = word.Length >= 8 ? 2 : word.Length >= 4 ? 1 : 0;
        return allowed == 0 ? null : _all
            .Where(parameter => Math.Abs(parameter.Name.Length - word.Length) <= allowed)
            .Select(parameter => (Parameter: parameter, Distance: Distance(parameter.Name, word)))
            .Where(near => near.Distance <= allowed)
            .OrderBy(near => near.Distance)
            .FirstOrDefault().Parameter;
    }

    private static Entry Describe(ParameterMetadata parameter) => new(
        parameter.Name, [parameter.Name, .. parameter.Aliases], parameter.SwitchParameter,
        Cmdlet.CommonParameters.Contains(parameter.Name) || Cmdlet.OptionalCommonParameters.Contains(parameter.Name));

    /// <summary>How many letters were left out, added, changed or swapped, whatever their case.</summary>
    private static int Distance(string one, string other)
    {
        int[,] cost = new int[one.Length + 1, other.Length + 1];
        for (int i = 0; i <= one.Length; i++)
        {
            for (int j = 0; j <= other.Length; j++)
            {
                cost[i, j] = i == 0 || j == 0 ? i + j : Math.Min(
                    Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1,
                    cost[i - 1, j - 1] + (Equal(one, i, other, j) ? 0 : 1));
                bool isSwap = i > 1 && j > 1 && Equal(one, i, other, j - 1) && Equal(one, i - 1, other, j);
                if (isSwap) cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }

        return cost[one.Length, other.Length];
    }

    private static bool Equal(string one, int i, string other, int j) =>
        char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]);

    /// <summary>A parameter.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Spellings">The name and the aliases.</param>
    /// <param name="IsSwitch">Whether it takes no value.</param>
    /// <param name="IsCommon">Whether every cmdlet has it.</param>
    internal sealed record Entry(string Name, string[] Spellings, bool IsSwitch, bool IsCommon)
    {
        /// <summary>Whether a word is a whole name of it.</summary>
        public bool IsWhole(string word) =>
            Array.Exists(Spellings, spelling => spelling.Equals(word, StringComparison.OrdinalIgnoreCase));

        /// <summary>Whether a name of it begins so.</summary>
        public bool Begins(string word) =>
            Array.Exists(Spellings, spelling => spelling.StartsWith(word, StringComparison.OrdinalIgnoreCase));
    }
}
