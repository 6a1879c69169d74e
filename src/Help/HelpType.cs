namespace Container.Help;

/// <summary>A type that a cmdlet takes from the pipeline or writes to it.</summary>
internal sealed record HelpType(string Name, IReadOnlyList<string> Description);
