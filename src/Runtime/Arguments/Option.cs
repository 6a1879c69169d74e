namespace Container.Runtime.Arguments;

/// <summary>One option of a verb.</summary>
/// <param name="Name">The long name, without dashes.</param>
/// <param name="Help">What it does, for the usage text.</param>
/// <param name="Short">The one-letter name, or NUL.</param>
/// <param name="Value">What its value is called in the usage text; null for a flag.</param>
/// <param name="Repeats">Whether it may be given more than once.</param>
internal sealed record Option(string Name, string Help, char Short = '\0', string? Value = null, bool Repeats = false);
