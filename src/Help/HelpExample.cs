namespace Container.Help;

/// <summary>An example: what is typed, what it writes where it writes something, and what is to be said of it.</summary>
internal sealed record HelpExample(string Title, string Code, string? Output, IReadOnlyList<string> Remarks);
