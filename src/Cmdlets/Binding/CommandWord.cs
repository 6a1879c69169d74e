namespace Container.Cmdlets.Binding;

/// <summary>One word of a command line as it was written, or as it came out of something splatted.</summary>
/// <param name="Text">The word.</param>
/// <param name="Name">What PowerShell's binder looks up as a parameter's name; null for any other word.</param>
/// <param name="HasValue">Whether its value belongs to the word, as in -a:b.</param>
/// <param name="IsWritten">Whether it stands in the text, unquoted.</param>
internal readonly record struct CommandWord(string Text, string? Name, bool HasValue, bool IsWritten)
{
    /// <summary>What ends the parameters of a cmdlet.</summary>
    public const string EndOfParameters = "--";

    /// <summary>Whether it is an unquoted word with a dash in front.</summary>
    public bool IsDash => IsWritten && Text.Length > 1 && CommandWords.IsDash(Text[0]);

    /// <summary>The word without dashes and without a value.</summary>
    public string Bare => (Name ?? Text).TrimStart('-', '\u2013', '\u2014', '\u2015').Split('=', ':')[0];
}
