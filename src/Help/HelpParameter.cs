namespace Container.Help;

/// <summary>A parameter, as its page describes it.</summary>
internal sealed record HelpParameter
{
    /// <summary>Its name without the dash.</summary>
    public required string Name { get; init; }

    /// <summary>What it means.</summary>
    public required IReadOnlyList<string> Description { get; init; }

    /// <summary>The full name of its type.</summary>
    public required string Type { get; init; }

    /// <summary>What holds where it is not given, or nothing.</summary>
    public string Default { get; init; } = "";

    /// <summary>Whether its value may have wildcards.</summary>
    public bool Wildcards { get; init; }

    /// <summary>Its other names.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What it is in each parameter set that has it.</summary>
    public required IReadOnlyList<HelpParameterSet> Sets { get; init; }

    /// <summary>Whether it has no value.</summary>
    public bool IsSwitch => Type == "System.Management.Automation.SwitchParameter";

    /// <summary>What it is in a set; null where that does not have it.</summary>
    public HelpParameterSet? In(string set) =>
        Sets.FirstOrDefault(known => known.Name == set) ?? Sets.FirstOrDefault(known => known.Name == HelpParameterSet.All);
}
