namespace Container.Help;

/// <summary>One way to call a cmdlet.</summary>
/// <param name="Set">The parameter set.</param>
/// <param name="Parameters">Its parameters in order, each with the word for its value; null is a switch's.</param>
internal sealed record HelpSyntax(string Set, IReadOnlyList<(string Name, string? Value)> Parameters);
