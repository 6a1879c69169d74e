namespace Container.Help;

/// <summary>A page is not as it should be.</summary>
internal sealed class HelpException(string file, int line, string message)
    : Exception($"{file}({line}): error HELP: {message}");
