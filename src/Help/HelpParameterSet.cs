namespace Container.Help;

/// <summary>What a parameter is in one parameter set.</summary>
internal sealed record HelpParameterSet(string Name)
{
    /// <summary>The name that stands for every set.</summary>
    public const string All = "(All)";

    /// <summary>Its position, or named.</summary>
    public string Position { get; init; } = "named";

    /// <summary>Whether it has to be given.</summary>
    public bool Required { get; init; }

    /// <summary>Whether objects of the pipeline become its value.</summary>
    public bool FromPipeline { get; init; }

    /// <summary>Whether a property of the pipeline's objects becomes its value.</summary>
    public bool FromProperty { get; init; }

    /// <summary>How it takes the pipeline, in Get-Help's words.</summary>
    public string PipelineInput => (FromPipeline, FromProperty) switch
    {
        (true, true) => "true (ByValue, ByPropertyName)",
        (true, false) => "true (ByValue)",
        (false, true) => "true (ByPropertyName)",
        _ => "false",
    };
}
